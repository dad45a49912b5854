/** What a reconciliation leaves to others: to handlers, to people, or to its next run. */
import { type Report, reconcile } from '../../../src/handler/app/reconcile';
import { LIMITS } from '../../../src/handler/domain/limits';
import {
  authorize,
  Books,
  books,
  capture,
  create,
  MANUAL,
  payment,
  remember,
  restore,
  run,
  setUp,
  stored,
  useBanks,
  world,
} from './restored-world';
import { types } from './world';

beforeEach(setUp);

test('a step that the bank has never seen waits for whoever resumes it', async () => {
  await create();
  let then: string[] = [];
  books.put = async () => {
    then = remember();
    return { result: 'unknown' };
  };
  await authorize();
  restore(then);

  expect(await run()).toEqual([{ payment: payment.facts.id, result: 'waiting', operations: [] }]);
  expect((await stored()).state.operations).toMatchObject([{ status: 'pending' }]);
});

test('a bank that does not answer is asked several times, and then another day', async () => {
  await create();
  restore(remember());
  books.down = true;

  expect(await run()).toEqual([{ payment: payment.facts.id, result: 'unanswered', operations: [] }]);
  expect(books.asked).toEqual(Array(4).fill('GET sale.1'));
  expect(types(await stored())).toEqual(['created']);
});

test('what was found before the bank fell silent stays found', async () => {
  await create(MANUAL);
  const then = remember();
  await authorize();
  restore(then);
  const get = books.get.bind(books);
  books.get = async (operation) => (operation.kind === 'authorize' ? get(operation) : { result: 'unknown' });

  expect(await run()).toEqual([{ payment: payment.facts.id, result: 'unanswered', operations: ['authorize.1'] }]);
  expect((await stored()).state.status).toBe('authorized');
});

test.each([
  ['more than was authorized', 'capture.1', 1001],
  ['a void of another amount', 'cancel.1', 999],
])('%s is for people, and the payment takes no more operations', async (_, op, value) => {
  await create(MANUAL);
  await authorize();
  restore(remember());
  books.book(payment, op, value);

  expect(await run()).toEqual([{ payment: payment.facts.id, result: 'needs-reconciliation', operations: [] }]);
  expect((await stored()).state).toMatchObject({ status: 'authorized', captured: 0 });
  await expect(capture()).rejects.toMatchObject({ code: 'needs-reconciliation' });
  expect(await run()).toEqual([{ payment: payment.facts.id, result: 'needs-reconciliation', operations: [] }]);
});

test('an answer about something else is none', async () => {
  await create();
  restore(remember());
  books.get = async () => ({ result: 'mismatch' });

  expect(await run()).toMatchObject([{ result: 'unanswered' }]);
  expect(types(await stored())).toEqual(['created']);
});

test('a bank that is configured no more cannot be asked', async () => {
  useBanks({ former: books });
  await create(MANUAL);
  await authorize();
  restore(remember());
  useBanks({ default: new Books() });

  expect(await run()).toMatchObject([{ result: 'unanswered' }]);
});

test('an item that cannot be read is told of, and takes no other with it', async () => {
  await create();
  const scan = {
    async *pages() {
      yield [{ id: 'pay_unreadable' }, { id: payment.facts.id, payment }];
    },
  };
  const reports: Report[] = [];

  expect(await reconcile(world.deps, scan, (report) => reports.push(report))).toBe(2);
  expect(reports).toEqual([{ payment: 'pay_unreadable', result: 'unreadable', operations: [] }]);
});

test('a bank that is down stops it early', async () => {
  await create();
  books.down = true;
  let pages = 0;
  const scan = {
    async *pages() {
      for (; pages < 100; pages++) yield Array.from({ length: 50 }, () => ({ id: payment.facts.id, payment }));
    },
  };
  const reports: Report[] = [];

  await reconcile(world.deps, scan, (report) => reports.push(report));

  expect(pages).toBeLessThan(10);
  expect(reports.length).toBeGreaterThanOrEqual(LIMITS.reconcileUnanswered);
});
