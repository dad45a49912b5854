/** While writes are frozen payments are read as they stand, nothing is written, and nothing goes to the bank. */
import { createMemoryStore } from '../../../src/handler/adapters/memory/payment-store';
import { authorizePayment } from '../../../src/handler/app/authorize';
import { createPayment } from '../../../src/handler/app/create-payment';
import { seedMerchants } from '../../../src/handler/app/merchants';
import type { PaymentStore } from '../../../src/handler/app/ports';
import { readPayment } from '../../../src/handler/app/read-payment';
import { Problem } from '../../../src/handler/domain/errors';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { APPROVED, command, PAY, UNKNOWN, World } from './world';

let frozen: boolean;
let world: World;
let payment: Payment;

function freezable(store: PaymentStore): PaymentStore {
  const guarded =
    <Given, Result>(write: (given: Given) => Promise<Result>) =>
    async (given: Given) => {
      if (frozen) throw new Problem('writes-frozen', 'frozen', { retryAfterSeconds: 30 });
      return write(given);
    };
  return Object.create(store, {
    isFrozen: { value: () => frozen },
    create: { value: guarded((changed: Payment) => store.create(changed)) },
    replace: { value: guarded((changed: Payment) => store.replace(changed)) },
    createMerchant: { value: guarded((merchant: never) => store.createMerchant(merchant)) },
  });
}

beforeEach(async () => {
  frozen = false;
  world = new World(freezable(createMemoryStore()));
  payment = await world.payment();
});

const authorize = (more = {}) =>
  authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY, more));
const read = () => readPayment(world.deps, world.caller(), payment.facts.id);

test('a payment whose time is over is not shown as expired, for it may have been paid in time', async () => {
  frozen = true;
  world.clock.advance(3_600_000);

  expect((await read()).state).toMatchObject({ status: 'created', version: 1 });
  await expect(authorize()).rejects.toMatchObject({ code: 'writes-frozen' });
  frozen = false;
  expect((await read()).state).toMatchObject({ status: 'expired', version: 2 });
});

test('nothing is created or begun, and the keys stay free', async () => {
  frozen = true;
  const body = { amount: { currency: 'SGD', value: 1 }, reference: 'r' };
  const create = () => createPayment(world.deps, world.caller(), body, 'k'.repeat(16), 'POST /v1/payments');
  const key = { idempotencyKey: 'p'.repeat(16) };
  await expect(create()).rejects.toMatchObject({ code: 'writes-frozen' });
  await expect(authorize(key)).rejects.toMatchObject({ code: 'writes-frozen' });
  expect(world.bank.calls).toEqual([]);

  frozen = false;

  expect(await create()).toMatchObject({ replayed: false });
  expect(await authorize(key)).toMatchObject({ replayed: false, definite: true });
});

test('an operation without an outcome is left alone: by readers, by its own key and by the sweep', async () => {
  world.bank.script = [UNKNOWN];
  const key = { idempotencyKey: 'p'.repeat(16) };
  expect(await authorize(key)).toMatchObject({ definite: false });
  world.restart();
  world.clock.advance(LIMITS.handsOffMs);
  const asked = world.bank.calls.length;
  frozen = true;

  expect((await read()).state.operations).toMatchObject([{ status: 'unknown' }]);
  await expect(authorize(key)).rejects.toMatchObject({ code: 'idempotency-in-progress' });
  expect(await world.sweep()).toBe(0);
  await world.deps.inFlight.idle();
  expect(world.bank.calls).toHaveLength(asked);

  frozen = false;
  world.bank.script = [APPROVED];
  await world.sweep();
  expect((await read()).state.status).toBe('captured');
});

test('what was answered before is answered again', async () => {
  const key = { idempotencyKey: 'p'.repeat(16) };
  const { version } = await authorize(key);
  frozen = true;

  expect(await authorize(key)).toMatchObject({ version, replayed: true });
});

test('a start adds no profiles', async () => {
  frozen = true;
  const accounts = [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '1' } }];
  const profile = { name: 'Shop', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD', accounts };

  await seedMerchants(world.deps, [{ id: 'm_seed', profile }]);

  expect(await world.deps.store.getMerchant('m_seed')).toBeUndefined();
});
