/** Expiry is decided by time, when somebody looks; there is no job that must have run. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { listPayments } from '../../../src/handler/app/list-payments';
import { awaitChange, readPayment } from '../../../src/handler/app/read-payment';
import type { Payment } from '../../../src/handler/domain/payment';
import { command, PAY, World } from './world';

let world: World;
let payment: Payment;

beforeEach(async () => {
  world = new World();
  payment = await world.payment({ expiresInSeconds: 60 });
});

const authorize = () => authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY));

test('the first reader after the moment writes it down, once', async () => {
  world.clock.advance(60_000);
  const [one, other] = await Promise.all([1, 2].map(() => readPayment(world.deps, world.caller(), payment.facts.id)));
  expect(one.state).toMatchObject({ status: 'expired', version: 2 });
  expect(other.state.version).toBe(2);
  expect((await world.stored(payment.facts.id)).events.at(-1)).toMatchObject({ type: 'expired', by: 'system' });
});

test('one millisecond earlier it can be paid, at the moment it cannot (I26)', async () => {
  world.clock.advance(59_999);
  await expect(authorize()).resolves.toMatchObject({ definite: true });

  payment = await world.payment({ expiresInSeconds: 60 });
  world.clock.advance(60_000);
  await expect(authorize()).rejects.toMatchObject({ code: 'payment-state' });
  expect(world.bank.calls).toHaveLength(1);
});

test('a listing shows it, and filters by it', async () => {
  world.clock.advance(60_000);
  const page = await listPayments(world.deps, world.caller(), { status: 'expired', limit: 10 });
  expect(page.payments.map(({ facts }) => facts.id)).toEqual([payment.facts.id]);
  expect((await listPayments(world.deps, world.caller(), { status: 'created', limit: 10 })).payments).toEqual([]);
});

test('what was authorized in time does not expire', async () => {
  payment = await world.payment({ expiresInSeconds: 60, captureMethod: 'manual' });
  await authorize();
  world.clock.advance(86_400_000);
  expect((await readPayment(world.deps, world.caller(), payment.facts.id)).state.status).toBe('authorized');
});

test('cancelled and expired are absorbing (I09)', async () => {
  await cancelPayment(world.deps, world.caller(), command(payment.facts.id, 'cancel', {}));
  world.clock.advance(60_000);
  expect((await readPayment(world.deps, world.caller(), payment.facts.id)).state.status).toBe('cancelled');
  await expect(authorize()).rejects.toMatchObject({ code: 'payment-state' });
});

test('a long poll that waits through the moment sees it', async () => {
  world.clock.advance(50_000);
  const seen = await awaitChange(world.deps, world.caller(), payment.facts.id, 1, 25_000, new AbortController().signal);
  expect(seen.state.status).toBe('expired');
});

test('a long poll ends at its time with what there is, and at once when the client goes', async () => {
  const id = payment.facts.id;
  const began = world.clock.now().getTime();
  const seen = await awaitChange(world.deps, world.caller(), id, 1, 10_000, new AbortController().signal);
  expect(seen.state.version).toBe(1);
  expect(world.clock.now().getTime() - began).toBe(10_000);

  expect((await awaitChange(world.deps, world.caller(), id, 1, 10_000, AbortSignal.abort())).state.version).toBe(1);
  expect(world.clock.now().getTime() - began).toBe(10_000);
});
