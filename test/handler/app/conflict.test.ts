/** A bank that knows the opKey with another body: its own record is the truth, as far as our books can hold it. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { capturePayment } from '../../../src/handler/app/capture';
import type { OperationReply } from '../../../src/handler/app/operate';
import { refundPayment } from '../../../src/handler/app/refund';
import type { Payment } from '../../../src/handler/domain/payment';
import { presentEvents } from '../../../src/handler/http/present';
import {
  ABSENT,
  type Answer,
  APPROVED,
  CONFLICT,
  command,
  held,
  MISMATCH,
  NOT_SENT,
  PAY,
  types,
  UNKNOWN,
  World,
} from './world';

let world: World;

beforeEach(() => {
  world = new World();
});

type Verb = 'authorize' | 'capture' | 'cancel' | 'refund';
const ask = (payment: Payment, verb: Verb, value?: number): Promise<OperationReply> => {
  const body = value === undefined ? {} : { amount: { currency: 'SGD', value } };
  const of = command(payment.facts.id, verb, body);
  switch (verb) {
    case 'authorize':
      return authorizePayment(world.deps, world.caller(), { ...of, body: PAY });
    case 'capture':
      return capturePayment(world.deps, world.caller(), of);
    case 'cancel':
      return cancelPayment(world.deps, world.caller(), of);
    case 'refund':
      return refundPayment(world.deps, world.caller(), of);
  }
};

/** A payment of 1,000 brought as far as `verb` needs it. */
async function before(verb: Verb, captureMethod: 'automatic' | 'manual'): Promise<Payment> {
  const payment = await world.payment({ captureMethod });
  if (verb === 'authorize') return payment;
  const { payment: authorized } = await ask(payment, 'authorize');
  if (verb === 'refund' && captureMethod === 'manual') return (await ask(authorized, 'capture')).payment;
  return authorized;
}

test.each<[Verb, 'automatic' | 'manual', number | undefined, number, object]>([
  ['authorize', 'manual', undefined, 700, { status: 'authorized', authorized: 700 }],
  ['authorize', 'automatic', undefined, 700, { status: 'captured', authorized: 700, captured: 700 }],
  ['capture', 'manual', undefined, 400, { status: 'captured', authorized: 1000, captured: 400 }],
  ['capture', 'manual', 300, 400, { status: 'captured', authorized: 1000, captured: 400 }],
  ['refund', 'automatic', undefined, 600, { status: 'partially_refunded', captured: 1000, refunded: 600 }],
  ['refund', 'manual', 600, 1000, { status: 'refunded', captured: 1000, refunded: 1000 }],
])('adopts %s (%s) of %p as %d (I02, I03)', async (verb, captureMethod, asked, done, state) => {
  const payment = await before(verb, captureMethod);
  world.bank.script = [CONFLICT, held('approved', done)];
  const reply = await ask(payment, verb, asked);

  expect(reply).toMatchObject({ definite: true, payment: { state } });
  const last = reply.payment.state.operations.at(-1)!;
  expect(last).toMatchObject({ status: 'succeeded', amount: done, code: 'theirs' });
  expect(await world.stored(payment.facts.id)).toEqual(reply.payment);
});

test('the events say what was asked for and what was done', async () => {
  const payment = await before('capture', 'manual');
  world.bank.script = [CONFLICT, held('approved', 400)];
  const { data } = presentEvents((await ask(payment, 'capture')).payment);
  expect(data.map(({ operation }) => operation?.amount.value)).toEqual([undefined, 1000, 1000, 1000, 400]);
});

test.each<[string, Verb, 'automatic' | 'manual', Answer]>([
  ['more than the payment is of', 'authorize', 'manual', held('approved', 1001)],
  ['another currency', 'authorize', 'automatic', held('approved', 1000, 'USD')],
  ['nothing', 'capture', 'manual', held('approved', 0)],
  ['a part of a unit', 'capture', 'manual', held('approved', 1.5)],
  ['more captured than authorized', 'capture', 'manual', held('approved', 1001)],
  ['a void of a part', 'cancel', 'manual', held('approved', 400)],
  ['more refunded than captured', 'refund', 'automatic', held('approved', 1001)],
  ['a record that cannot be read', 'capture', 'manual', MISMATCH],
  ['a step that the bank knows and has never seen', 'capture', 'manual', ABSENT],
])('leaves %s to people: unknown, and no more operations (I02)', async (_, verb, captureMethod, answer) => {
  const payment = await before(verb, captureMethod);
  world.bank.script = [CONFLICT, answer];
  const { definite, payment: stuck } = await ask(payment, verb);

  expect(definite).toBe(false);
  expect(stuck.state.operations.at(-1)).toMatchObject({ status: 'unknown', code: 'needs-reconciliation' });
  const { status, authorized, captured, refunded } = payment.state;
  expect(stuck.state).toMatchObject({ status, authorized, captured, refunded });
  for (const next of ['authorize', 'capture', 'cancel', 'refund'] as const) {
    await expect(ask(payment, next)).rejects.toMatchObject({ code: 'needs-reconciliation' });
  }
  world.clock.advance(60_000);
  expect(await world.sweep()).toBe(0);
});

test('adopts a decline, of whatever amount', async () => {
  const payment = await before('authorize', 'manual');
  world.bank.script = [CONFLICT, held('declined', 5, 'USD')];
  await expect(ask(payment, 'authorize')).rejects.toMatchObject({ code: 'payment-declined' });
  const { state } = await world.stored(payment.facts.id);
  expect(state).toMatchObject({ status: 'created', operations: [{ status: 'declined', amount: 1000 }] });
});

test('a record that is the same step after all is an outcome like any', async () => {
  const payment = await before('authorize', 'automatic');
  world.bank.script = [CONFLICT, 'silence', NOT_SENT, APPROVED];
  expect((await ask(payment, 'authorize')).payment.state.status).toBe('captured');
  expect(world.bank.calls).toEqual(['PUT sale.1', 'GET sale.1', 'GET sale.1', 'GET sale.1']);
});

test('without a conflict another amount is no answer, and nothing is adopted', async () => {
  const payment = await before('authorize', 'automatic');
  world.bank.script = [held('approved', 700)];
  const { definite, payment: unclear } = await ask(payment, 'authorize');
  expect(definite).toBe(false);
  expect(unclear.state.operations).toMatchObject([{ status: 'unknown' }]);
  expect(unclear.state.operations[0]!.code).toBeUndefined();
  expect(world.bank.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(1);
});

test('a conflict is remembered by whoever goes on, for the question does not bring it up again (I37)', async () => {
  const payment = await before('authorize', 'automatic');
  world.bank.script = [CONFLICT, UNKNOWN];
  expect((await ask(payment, 'authorize')).definite).toBe(false);

  world.restart();
  world.clock.advance(60_000);
  world.bank.script = [held('approved', 700)];
  expect(await world.sweep()).toBe(1);
  const ended = await world.stored(payment.facts.id);
  expect(ended.state).toMatchObject({ status: 'captured', captured: 700 });
  expect(types(ended)).toEqual(['created', 'operation_pending', 'operation_unknown', 'operation_succeeded']);
});
