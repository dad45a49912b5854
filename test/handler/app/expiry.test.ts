/** Expiry is decided by time, when somebody looks; there is no job that must have run. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { listPayments } from '../../../src/handler/app/list-payments';
import { awaitChange, readPayment } from '../../../src/handler/app/read-payment';
import { Problem } from '../../../src/handler/domain/errors';
import { LIMITS } from '../../../src/handler/domain/limits';
import { append, type Payment } from '../../../src/handler/domain/payment';
import { command, DECLINED, PAY, World } from './world';

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

test('is the same event from everyone: it happened when the time was over, not when somebody looked', async () => {
  world.clock.advance(75_000);
  const { events } = await readPayment(world.deps, world.caller(), payment.facts.id);
  expect(events.at(-1)).toEqual({ type: 'expired', by: 'system', at: payment.facts.expiresAt });
});

test('is told to the observer once, however many look at once', async () => {
  world.clock.advance(60_000);
  await Promise.all(Array.from({ length: 50 }, () => readPayment(world.deps, world.caller(), payment.facts.id)));
  expect(world.told).toEqual(['created', 'expired']);
});

describe('where it cannot be written down', () => {
  let failure: Error | undefined;

  beforeEach(() => {
    const { store } = world.deps;
    const replace = async (changed: Payment) => {
      if (failure !== undefined) throw failure;
      return store.replace(changed);
    };
    world.deps = { ...world.deps, store: Object.create(store, { replace: { value: replace } }) };
    failure = new Problem('store-unavailable', 'down', { retryAfterSeconds: 1 });
    world.clock.advance(60_000);
  });

  test('it is true all the same once nobody can begin to pay by any clock, and written by whoever comes next (I26)', async () => {
    world.clock.advance(2 * LIMITS.clockErrorMs);
    const seen = await readPayment(world.deps, world.caller(), payment.facts.id);
    const { payments } = await listPayments(world.deps, world.caller(), { limit: 10 });
    expect(seen.state).toMatchObject({ status: 'expired', version: 2 });
    expect(payments.map(({ state }) => state.status)).toEqual(['expired']);
    expect((await world.stored(payment.facts.id)).state.version).toBe(1);

    failure = undefined;
    expect(await readPayment(world.deps, world.caller(), payment.facts.id)).toEqual(seen);
    expect(await world.stored(payment.facts.id)).toEqual(seen);
  });

  test('nobody is told that it expired while another process may be beginning to pay it (I22)', async () => {
    world.clock.advance(2 * LIMITS.clockErrorMs - 60_001);
    const read = readPayment(world.deps, world.caller(), payment.facts.id);
    await expect(read).rejects.toMatchObject({ code: 'store-unavailable' });
    const list = listPayments(world.deps, world.caller(), { limit: 10 });
    await expect(list).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test('nothing is begun: 503 while the store is down, and refused once it is not (I26, I36)', async () => {
    await expect(authorize()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await world.stored(payment.facts.id)).toEqual(payment);
    failure = undefined;
    await expect(authorize()).rejects.toMatchObject({ code: 'payment-state' });
    expect(world.bank.calls).toEqual([]);
  });

  test('nothing is written over what is only shown, for another may have been quicker (I05, I10)', async () => {
    const { store } = world.deps;
    const cancelled = append(payment, {
      type: 'cancelled',
      at: payment.facts.createdAt,
      by: 'm_1',
      key: 'k',
      requestHash: 'h',
    });
    const replace = async (changed: Payment) => {
      if (changed.state.status !== 'expired' || changed.revision > 2) return store.replace(changed);
      failure = undefined;
      await store.replace(cancelled);
      throw new Problem('internal', 'nobody knows');
    };
    world.deps = { ...world.deps, store: Object.create(store, { replace: { value: replace } }) };
    await authorize().catch(() => undefined);
    expect((await world.stored(payment.facts.id)).events[1]).toMatchObject({ type: 'cancelled' });
  });

  test('an error of another kind is not hidden', async () => {
    failure = new Error('a bug');
    await expect(readPayment(world.deps, world.caller(), payment.facts.id)).rejects.toThrow('a bug');
  });
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

test('a clock that is behind does not bring back time that the payment has seen pass (I26, I27)', async () => {
  world.clock.advance(59_999);
  world.bank.put = async () => {
    world.clock.advance(1);
    return DECLINED;
  };
  await expect(authorize()).rejects.toMatchObject({ code: 'payment-declined' });
  world.clock.set(payment.facts.createdAt);
  await expect(authorize()).rejects.toMatchObject({ code: 'payment-state' });
  expect((await readPayment(world.deps, world.caller(), payment.facts.id)).state.status).toBe('expired');
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
