/** The checker of the runs with real processes finds what it is there for: a sound run passes, and each way of spoiling it is told. */
import { type Attempt, at, ID, type Item, type Run, soundRun, uuid, type Violation } from './sound-run';

const { check }: { check(run: Run): Violation[] } = require('./check.mjs');

const attemptAt = (run: Run, n: number) => run.attempts[n - 1];
const again = (run: Run, n: number, changes: Partial<Attempt>) =>
  run.attempts.push({
    ...attemptAt(run, n),
    ...{ requestId: uuid(90), invokedAt: 90, completedAt: 91, replayed: true, seen: undefined },
    ...changes,
  });
/** Takes the events of an operation away. */
const forget = (item: Item, op: string) => {
  item.events = item.events.filter((event) => event.op !== op);
  item.version = item.events.length;
};
const only = (run: Run) => run.payments[0];
const set = <Target extends object>(target: Target, changes: Partial<Target>) => {
  Object.assign(target, changes);
};

test('a sound run has no violations', () => {
  expect(check(soundRun())).toEqual([]);
});

test.each<[invariant: string, what: string, spoil: (run: Run) => void]>([
  ['I05', 'an acknowledged refund is lost', (run) => forget(only(run), 'refund.1')],
  ['I05', 'an acknowledged payment is lost', (run) => void run.payments.pop()],
  [
    'I05',
    'a success was told of what was declined',
    (run) => {
      only(run).events[6].type = 'operation_declined';
      only(run).refunded = 0;
      only(run).status = 'captured';
    },
  ],
  ['I06', 'an operation that nobody asked for', (run) => void run.attempts.splice(3, 1)],
  ['I06', 'a payment that nobody asked for', (run) => void run.attempts.splice(0, 1)],
  [
    'I07',
    'the bank captured twice',
    (run) => {
      const second = structuredClone(run.book[1]);
      run.book.push({ ...second, opKey: `${ID}.capture.2` });
    },
  ],
  ['I07', 'the bank did it twice under one opKey', (run) => void run.book.push(run.book[1])],
  ['I07', 'the bank took another amount', (run) => set(run.book[1].body!.amount, { value: 801 })],
  ['I07', 'the bank declined what is stored as a success', (run) => set(run.book[2], { result: 'declined' })],
  ['I07', 'the bank has never seen it', (run) => void run.book.pop()],
  [
    'I07',
    'the bank was sent another body',
    (run) => void run.book.push({ type: 'refused', opKey: 'x', why: 'another body' }),
  ],
  [
    'I07',
    'an ordinal is left out',
    (run) => {
      for (const event of only(run).events) if (event.op === 'refund.1') event.op = 'refund.2';
    },
  ],
  ['I13', 'a replay says something else', (run) => again(run, 3, { hash: 'another' })],
  [
    'I13',
    'a refusal is another one later',
    (run) => again(run, 5, { hash: 'another', status: 409, code: 'payment-state' }),
  ],
  ['I13', 'both answers say that they are the first', (run) => again(run, 3, { replayed: false })],
  [
    'I13',
    'one key is executed twice',
    (run) => {
      again(run, 4, { hash: 'hash-4' });
      only(run).events.push(
        { type: 'operation_pending', op: 'refund.2', amount: 300, at: at(8), by: 'm_1', requestId: uuid(90) },
        { type: 'operation_succeeded', op: 'refund.2', at: at(9), by: 'm_1' },
      );
    },
  ],
  ['I14', 'another body under the key is taken', (run) => again(run, 3, { body: {} })],
  [
    'I19',
    'a refusal was executed',
    (run) => {
      attemptAt(run, 4).status = 422;
      attemptAt(run, 4).code = 'amount-exceeded';
      attemptAt(run, 4).seen = undefined;
    },
  ],
  [
    'I36',
    'a 503 had an effect',
    (run) => {
      Object.assign(attemptAt(run, 4), { status: 503, code: 'store-unavailable', seen: undefined, abandoned: true });
    },
  ],
  [
    'I37',
    'a request is never definite',
    (run) => {
      Object.assign(attemptAt(run, 4), { status: undefined, error: 'TimeoutError', seen: undefined });
    },
  ],
  [
    'I37',
    'an operation has no outcome',
    (run) => {
      only(run).events.pop();
      Object.assign(only(run), { version: 6, refunded: 0, status: 'captured' });
    },
  ],
  ['I37', 'it stays in the pending index', (run) => set(only(run), { pendingShard: 'local#1' })],
  ['I01', 'an amount that is no integer', (run) => set(only(run).events[5], { amount: 299.5 })],
  ['I01', 'a reply tells another amount of the payment', (run) => set(attemptAt(run, 2).seen!, { amount: 999 })],
  [
    'I02',
    'more is captured than authorized',
    (run) => {
      only(run).events[3].amount = 1001;
      run.book[1].body!.amount.value = 1001;
      only(run).captured = 1001;
    },
  ],
  ['I02', 'a reply tells more refunded than captured', (run) => set(attemptAt(run, 4).seen!, { refunded: 801 })],
  ['I03', 'a counter is not the sum', (run) => set(only(run), { refunded: 299 })],
  ['I08', 'the status is not what the events say', (run) => set(only(run), { status: 'captured' })],
  [
    'I08',
    'two operations at once',
    (run) => {
      const [pending] = only(run).events.splice(5, 1);
      only(run).events.splice(4, 0, pending);
    },
  ],
  [
    'I09',
    'something happens after the end',
    (run) => {
      only(run).events.splice(1, 0, { type: 'cancelled', at: at(1), by: 'm_1', requestId: uuid(1) });
    },
  ],
  ['I10', 'the version is not the number of events', (run) => set(only(run), { version: 8 })],
  ['I10', 'a reply tells another version', (run) => set(attemptAt(run, 3).seen!, { version: 6 })],
  ['I11', 'captured and cancelled', (run) => set(only(run), { status: 'cancelled' })],
  [
    'I12',
    'a second capture',
    (run) => {
      only(run).events.push(
        { type: 'operation_pending', op: 'capture.2', amount: 100, at: at(8), by: 'm_1', requestId: uuid(3) },
        { type: 'operation_succeeded', op: 'capture.2', at: at(9), by: 'm_1' },
      );
    },
  ],
  [
    'I22',
    'what came later stands before',
    (run) => {
      attemptAt(run, 3).invokedAt = 6.5;
      attemptAt(run, 3).completedAt = 6.6;
      Object.assign(attemptAt(run, 4), { invokedAt: 1.1, completedAt: 1.2 });
    },
  ],
  [
    'I25',
    'a read goes back',
    (run) => {
      again(run, 3, { op: 'read', key: undefined, seen: { ...attemptAt(run, 3).seen } });
    },
  ],
  ['I26', 'paid after it had expired', (run) => set(only(run), { expiresAt: at(1) })],
  ['I27', 'time goes back', (run) => set(only(run).events[4], { at: at(0) })],
  [
    'I28',
    'a late outcome',
    (run) => void only(run).events.push({ type: 'operation_late', op: 'refund.1', at: at(9), by: 'system' }),
  ],
  ['I30', 'authorized for another amount', (run) => set(only(run).events[1], { amount: 999 })],
  [
    'I30',
    'captured for another amount than asked for',
    (run) => set(attemptAt(run, 3), { body: { amount: { currency: 'SGD', value: 700 } } }),
  ],
  ['I39', 'the token outlives the operation', (run) => set(only(run), { payerToken: 'tok' })],
  [
    'I39',
    'a key in a log',
    (run) => {
      Object.assign(run, { texts: ['{"msg":"key-canary-1"}'], canary: 'canary' });
    },
  ],
  ['I40', 'an operation by somebody else', (run) => set(only(run).events[5], { by: 'm_2' })],
])('%s: %s', (invariant, _, spoil) => {
  const run = soundRun();

  spoil(run);

  expect(check(run).map((violation) => violation.invariant)).toContain(invariant);
});
