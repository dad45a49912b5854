/** The state machine as a model: whatever is asked in whatever order, the books stay right. */
import fc from 'fast-check';
import {
  type Decision,
  decideAuthorize,
  decideCancel,
  decideCapture,
  decideRefund,
} from '../../../src/handler/domain/decide';
import {
  append,
  fold,
  hasRoom,
  isDue,
  newPayment,
  nextOp,
  type Payment,
  type PaymentFacts,
  pendingOperation,
} from '../../../src/handler/domain/payment';

const FACTS: PaymentFacts = {
  id: `pay_${'a'.repeat(26)}local`,
  merchantId: 'm_1',
  amount: { currency: 'SGD', value: 1000 },
  reference: 'order-1',
  captureMethod: 'manual',
  scheme: 'emv',
  createdAt: '2026-11-22T12:00:00.000Z',
  expiresAt: '2026-11-22T12:15:00.000Z',
  qrPayload: 'the payload',
  requestHash: 'hash',
};
const KEY = { key: 'k', requestHash: 'h' };

type Ask = { readonly verb: 'authorize' | 'capture' | 'cancel' | 'refund'; readonly amount?: number };
type Step = { readonly ask: Ask; readonly outcome: 'succeeded' | 'declined' | 'unknown'; readonly stepMs: number };

function decide(payment: Payment, { verb, amount }: Ask): Decision {
  const asked = amount === undefined ? {} : { amount: { currency: 'SGD', value: amount } };
  switch (verb) {
    case 'authorize':
      return decideAuthorize(payment, { payer: { token: 't' } });
    case 'capture':
      return decideCapture(payment, asked);
    case 'cancel':
      return decideCancel(payment);
    case 'refund':
      return decideRefund(payment, asked);
  }
}

function play(payment: Payment, { ask, outcome }: Step, at: string): Payment {
  const pending = pendingOperation(payment.state);
  if (pending !== undefined) return append(payment, { type: `operation_${outcome}`, op: pending.op, at, by: 'system' });
  const decision = decide(payment, ask);
  if (decision.kind === 'refuse' || !hasRoom(payment, true)) return payment;
  if (decision.kind === 'cancel-unpaid') return append(payment, { type: 'cancelled', at, by: 'm_1', ...KEY });
  const op = nextOp(payment.state, decision.operation);
  const begun = append(payment, { type: 'operation_pending', op, amount: decision.amount, at, by: 'm_1', ...KEY }, 't');
  return append(begun, { type: `operation_${outcome}`, op, at, by: 'system' });
}

const step: fc.Arbitrary<Step> = fc.record({
  ask: fc.record(
    { verb: fc.constantFrom('authorize', 'capture', 'cancel', 'refund'), amount: fc.integer({ min: 1, max: 1500 }) },
    { requiredKeys: ['verb'] },
  ),
  outcome: fc.constantFrom('succeeded', 'succeeded', 'declined', 'unknown'),
  stepMs: fc.integer({ min: -3_600_000, max: 60_000 }),
});

const history = fc.tuple(
  fc.constantFrom<'automatic' | 'manual'>('automatic', 'manual'),
  fc.array(step, { maxLength: 60 }),
);

/** Every payment on the way. */
function run([captureMethod, steps]: ['automatic' | 'manual', readonly Step[]]): Payment[] {
  let time = Date.parse(FACTS.createdAt);
  const payments = [newPayment({ ...FACTS, captureMethod }, 'm_1', 'r')];
  for (const each of steps) {
    time += each.stepMs;
    payments.push(play(payments.at(-1)!, each, new Date(time).toISOString()));
  }
  return payments;
}

const forAll = (check: (payments: Payment[]) => void) =>
  fc.assert(
    fc.property(history, (each) => check(run(each))),
    { numRuns: 1_000 },
  );

test('0 <= refunded <= captured <= authorized <= amount, at every version (I02)', () => {
  forAll((payments) => {
    const { events } = payments.at(-1)!;
    for (let version = 1; version <= events.length; version++) {
      const { authorized, captured, refunded } = fold(events, version);
      const books = [0, refunded, captured, authorized, FACTS.amount.value];
      expect(books).toEqual([...books].sort((one, other) => one - other));
    }
  });
});

test('the counters are the sums of what succeeded (I03)', () => {
  forAll((payments) => {
    const { operations, authorized, captured, refunded } = payments.at(-1)!.state;
    const sum = (...kinds: string[]) =>
      operations
        .filter(({ kind, status }) => kinds.includes(kind) && status === 'succeeded')
        .reduce((total, { amount }) => total + amount, 0);
    expect({ authorized, captured, refunded }).toEqual({
      authorized: sum('authorize', 'sale'),
      captured: sum('capture', 'sale'),
      refunded: sum('refund'),
    });
  });
});

test('every unit that leaves one account comes to another, and the accounts are what the payment says (I04)', () => {
  forAll((payments) => {
    const { events, state } = payments.at(-1)!;
    const accounts = { payer: 0, reserved: 0, merchant: 0 };
    const post = (from: keyof typeof accounts, to: keyof typeof accounts, amount: number) => {
      accounts[from] -= amount;
      accounts[to] += amount;
    };
    const asked = new Map(events.flatMap((event) => (event.type === 'operation_pending' ? [[event.op, event]] : [])));
    for (const event of events) {
      if (event.type !== 'operation_succeeded') continue;
      const { amount } = asked.get(event.op)!;
      const [kind] = event.op.split('.');
      if (kind === 'authorize') post('payer', 'reserved', amount);
      if (kind === 'sale') post('payer', 'merchant', amount);
      if (kind === 'capture') post('reserved', 'merchant', amount);
      if (kind === 'capture' || kind === 'cancel') post('reserved', 'payer', accounts.reserved);
      if (kind === 'refund') post('merchant', 'payer', amount);
    }
    expect(accounts.payer + accounts.reserved + accounts.merchant).toBe(0);
    expect(accounts.merchant).toBe(state.captured - state.refunded);
    expect(accounts.reserved).toBe(state.status === 'authorized' ? state.authorized : 0);
  });
});

test('folding the events gives the state; versions have no gap; revisions rise by one (I08, I10)', () => {
  forAll((payments) => {
    for (const { events, state, revision } of payments) {
      expect(state).toEqual(fold(events));
      expect(state.version).toBe(events.length);
      expect(revision).toBe(events.length);
    }
  });
});

test('cancelled, expired and refunded are final; captured excludes cancelled (I09, I11)', () => {
  forAll((payments) => {
    const final = payments.findIndex(({ state }) => ['cancelled', 'expired', 'refunded'].includes(state.status));
    if (final >= 0) expect(payments.at(-1)!.state.status).toBe(payments[final].state.status);
    const { status, captured } = payments.at(-1)!.state;
    if (captured > 0) expect(['captured', 'partially_refunded', 'refunded']).toContain(status);
  });
});

test('event times never decrease, and the payer token is there only while its operation is open (I27)', () => {
  forAll((payments) => {
    const times = payments.at(-1)!.events.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    for (const { state, payerToken } of payments)
      expect(payerToken !== undefined).toBe(pendingOperation(state) !== undefined);
  });
});

test('the model reaches every status it can', () => {
  const seen = new Set<string>();
  forAll((payments) => {
    for (const { state } of payments) seen.add(state.status);
  });
  expect([...seen].sort()).toEqual([
    'authorized',
    'cancelled',
    'captured',
    'created',
    'partially_refunded',
    'refunded',
  ]);
});

test('a partial capture is final (I12)', () => {
  const at = FACTS.createdAt;
  let payment = newPayment(FACTS, 'm_1', 'r');
  payment = play(payment, { ask: { verb: 'authorize' }, outcome: 'succeeded', stepMs: 0 }, at);
  payment = play(payment, { ask: { verb: 'capture', amount: 300 }, outcome: 'succeeded', stepMs: 0 }, at);
  expect(payment.state).toMatchObject({ status: 'captured', authorized: 1000, captured: 300 });
  expect(decideCapture(payment, {})).toMatchObject({ kind: 'refuse', code: 'payment-state' });
  expect(decideRefund(payment, { amount: { currency: 'SGD', value: 301 } })).toMatchObject({ code: 'amount-exceeded' });
});

test('a payment is due only while nobody pays it', () => {
  const begun = append(newPayment(FACTS, 'm_1', 'r'), {
    type: 'operation_pending',
    op: 'authorize.1',
    amount: 1000,
    at: FACTS.createdAt,
    by: 'm_1',
    ...KEY,
  });
  expect(isDue(newPayment(FACTS, 'm_1', 'r'), FACTS.expiresAt)).toBe(true);
  expect(isDue(begun, FACTS.expiresAt)).toBe(false);
});

test('twenty of the hundred operations are kept for the ways out', () => {
  let payment = newPayment(FACTS, 'm_1', 'r');
  const decline: Step = { ask: { verb: 'authorize' }, outcome: 'declined', stepMs: 0 };
  for (let tries = 0; tries < 80; tries++) payment = play(payment, decline, FACTS.createdAt);
  expect(hasRoom(payment, false)).toBe(false);
  expect(hasRoom(payment, true)).toBe(true);
});
