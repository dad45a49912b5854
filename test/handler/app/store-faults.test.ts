/** What the store does to a write: loses its answer, loses it to another, fails. The bank is never called on a guess. */

import { createMemoryStore } from '../../../src/handler/adapters/memory/payment-store';
import { authorizePayment } from '../../../src/handler/app/authorize';
import { createPayment } from '../../../src/handler/app/create-payment';
import type { PaymentStore } from '../../../src/handler/app/ports';
import { refundPayment } from '../../../src/handler/app/refund';
import { Problem } from '../../../src/handler/domain/errors';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { APPROVED, command, PAY, World } from './world';

type Write = PaymentStore['replace'];
let faults: ((write: Write) => Write)[];
let world: World;
let payment: Payment;

/** The next writes over a payment meet the next faults; without any they go through. */
function faulty(store: PaymentStore): PaymentStore {
  const meet =
    (write: Write): Write =>
    (changed) =>
      (faults.shift() ?? ((same) => same))(write)(changed);
  return Object.create(store, {
    create: { value: meet((changed) => store.create(changed)) },
    replace: { value: meet((changed) => store.replace(changed)) },
  });
}

/** It went through, the answer got lost, and the attempt after it found the item changed, by itself. */
const answerLost =
  (write: Write): Write =>
  async (changed) => {
    await write(changed);
    return { written: false, current: (await world.stored(changed.facts.id))! };
  };
const unavailable = (): Write => async () => {
  throw new Problem('store-unavailable', 'down', { retryAfterSeconds: 1 });
};
const indeterminate =
  (write: Write): Write =>
  async (changed) => {
    await write(changed);
    throw new Problem('internal', 'nobody knows');
  };

beforeEach(async () => {
  faults = [];
  world = new World(faulty(createMemoryStore()));
  payment = await world.payment();
});

const pay = (idempotencyKey: string) =>
  authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY, { idempotencyKey }));

test('our own write, found again after its answer was lost, is a success and no conflict (I06)', async () => {
  faults = [answerLost, answerLost];
  const reply = await pay('a-key-of-sixteen');
  expect(reply).toMatchObject({
    definite: true,
    replayed: false,
    payment: { state: { status: 'captured', version: 3 } },
  });
  expect(world.bank.calls).toEqual(['PUT sale.1']);
});

test('a create whose answer was lost is no replay', async () => {
  faults = [answerLost];
  const body = { amount: { currency: 'SGD', value: 5 }, reference: 'r' };
  const create = () => createPayment(world.deps, world.caller(), body, 'create-key-of-this', 'POST /v1/payments');
  expect((await create()).replayed).toBe(false);
  expect(world.replays).toBe(0);
  expect((await create()).replayed).toBe(true);
  expect(world.replays).toBe(1);
});

test('an intent that others have gone on with before its answer came: the bank is asked what became of it first (I06)', async () => {
  const overtaken =
    (write: Write): Write =>
    async (changed) => {
      await write(changed);
      world.clock.advance(60_000);
      world.bank.script = ['silence'];
      await world.sweep(world.another());
      world.bank.script = [APPROVED];
      world.bank.calls.length = 0;
      return { written: false, current: await world.stored(changed.facts.id) };
    };
  faults = [overtaken];
  expect(await pay('a-key-of-sixteen')).toMatchObject({ definite: true });
  expect(world.bank.calls).toEqual(['GET sale.1']);
});

test('an intent that cannot be written: 503, no effect, the bank is not called, the key is free (I18, I36)', async () => {
  faults = [unavailable];
  await expect(pay('a-key-of-sixteen')).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(world.bank.calls).toEqual([]);
  expect(await world.stored(payment.facts.id)).toEqual(payment);
  await expect(pay('a-key-of-sixteen')).resolves.toMatchObject({ definite: true });
});

test('an intent of which nobody knows: 500, and the same key finishes it (I05)', async () => {
  faults = [indeterminate];
  await expect(pay('a-key-of-sixteen')).rejects.toMatchObject({ code: 'internal' });
  expect(world.bank.calls).toEqual([]);
  world.clock.advance(60_000);
  await expect(pay('a-key-of-sixteen')).resolves.toMatchObject({
    definite: true,
    payment: { state: { captured: 1000 } },
  });
});

test.each([
  ['unavailable', unavailable],
  ['indeterminate', indeterminate],
])(
  'an outcome whose write is %s: 202 and no error, for the bank has acted; the same key gets the definite reply',
  async (_, fault) => {
    faults = [(same) => same, fault];
    expect(await pay('a-key-of-sixteen')).toMatchObject({ definite: false });
    world.clock.advance(60_000);
    const again = await pay('a-key-of-sixteen');
    expect(again).toMatchObject({ definite: true, payment: { state: { status: 'captured', captured: 1000 } } });
    expect(world.bank.operations.every(({ opKey }) => opKey.endsWith('.sale.1'))).toBe(true);
  },
);

test('an outcome that loses its place to other writers again and again is not dropped: the same key finishes it', async () => {
  const outrun =
    (): Write =>
    async ({ facts }) => ({ written: false, current: await world.stored(facts.id) });
  faults = [(same) => same, ...Array.from({ length: LIMITS.writeAttempts }, () => outrun)];
  expect(await pay('a-key-of-sixteen')).toMatchObject({ definite: false });
  world.clock.advance(60_000);
  expect(await pay('a-key-of-sixteen')).toMatchObject({ definite: true, payment: { state: { captured: 1000 } } });
});

test('replies that are given again are told to the observer, successes and refusals alike', async () => {
  await pay('a-key-of-sixteen');
  await expect(pay('another-key-of-it')).rejects.toMatchObject({ code: 'payment-state' });
  expect(world.replays).toBe(0);
  await pay('a-key-of-sixteen');
  expect(world.replays).toBe(1);
  await expect(pay('another-key-of-it')).rejects.toMatchObject({ code: 'payment-state', options: { replayed: true } });
  expect(world.replays).toBe(2);
});

test('fifty refunds at once of a tenth each: ten succeed, and never more (I23)', async () => {
  await pay('a-key-of-sixteen');
  const refund = (n: number) =>
    refundPayment(
      world.deps,
      world.caller(),
      command(
        payment.facts.id,
        'refunds',
        { amount: { currency: 'SGD', value: 100 } },
        { idempotencyKey: `refund-key-number-${n}` },
      ),
    );
  let open = Array.from({ length: 50 }, (_, n) => n);
  let succeeded = 0;
  for (let round = 0; round < 100 && open.length > 0; round++) {
    const results = await Promise.allSettled(open.map(refund));
    succeeded += results.filter(({ status }) => status === 'fulfilled').length;
    const retryable = (n: number) =>
      results[n].status === 'rejected' && (results[n] as PromiseRejectedResult).reason.code === 'operation-in-progress';
    open = open.filter((_, n) => retryable(n));
  }
  expect(succeeded).toBe(10);
  expect((await world.stored(payment.facts.id)).state).toMatchObject({ status: 'refunded', refunded: 1000 });
});
