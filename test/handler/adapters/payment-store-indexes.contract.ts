/** The part of the contract about indexes: what is found without its id. */
import type { PaymentStore } from '../../../src/handler/app/ports';
import type { Payment } from '../../../src/handler/domain/payment';
import { begin, cancelled, created, end, expired, refused, START, unknown } from './sample-payments';

/** Opened before the first test runs, and not before. */
export type Store = () => PaymentStore;

/** Writes steps of a payment's history, none of which may be lost. */
export function writer(store: Store) {
  return async (...steps: readonly Payment[]): Promise<void> => {
    for (const step of steps) {
      const result = await (step.revision === 1 ? store().create(step) : store().replace(step));
      // A slow server is asked again, and may then find the very write that it was slow with.
      expect(result.written ? step : result.current).toEqual(step);
    }
  };
}

export function list(store: Store): void {
  const write = writer(store);
  const merchantId = 'm_list';
  // Two of each millisecond, so that the id decides between them; written newest first.
  const payments = Array.from({ length: 60 }, (_, n) =>
    created({ merchantId, createdAt: new Date(Date.parse(START) + Math.floor(n / 2)).toISOString() }),
  );
  const newestFirst = payments
    .map(({ facts }) => ({ id: facts.id, position: `${facts.createdAt}#${facts.id}` }))
    .sort((one, other) => (one.position < other.position ? 1 : -1));

  beforeAll(async () => {
    await write(created({ merchantId: 'm_lis' }), created({ merchantId: 'm_list2' }));
    await Promise.all([...payments].reverse().map((payment) => write(payment)));
  });

  test('is of all shards', () => {
    const shards = new Set(payments.map(({ facts }) => facts.id.charCodeAt(4) % 8));
    expect(shards.size).toBe(8);
  });

  test('is newest first, and of that merchant only', async () => {
    expect(await store().list({ merchantId, limit: 100 })).toEqual(newestFirst);
  });

  test.each([7, 20, 60])('is the same in pages of %d', async (limit) => {
    const listed: unknown[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store().list({ merchantId, limit, after });
      expect(page.length).toBeLessThanOrEqual(limit);
      listed.push(...page);
      after = page.at(-1)?.position;
      if (page.length < limit) break;
    }

    expect(listed).toEqual(newestFirst);
  });

  test('is as short as asked', async () => {
    const after = newestFirst[0]!.position;

    expect(await store().list({ merchantId, limit: 1, after })).toEqual([newestFirst[1]]);
  });

  test('goes on after a position that is no payment', async () => {
    const after = `${newestFirst[10]!.position.slice(0, 24)}#`;

    const expected = newestFirst.filter(({ position }) => position < after).slice(0, 5);
    expect(await store().list({ merchantId, limit: 5, after })).toEqual(expected);
  });

  test('does not change when a payment changes', async () => {
    await write(cancelled(payments[30]!));

    expect(await store().list({ merchantId, limit: 100 })).toEqual(newestFirst);
  });

  test('of a merchant without payments is empty', async () => {
    expect(await store().list({ merchantId: 'm_nobody', limit: 10 })).toEqual([]);
  });
}

export function pendingOperations(store: Store): void {
  const write = writer(store);
  const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
  const pending = (homeRegion: string, seconds: number) => {
    const payment = created({ homeRegion });
    return [payment, begin(payment, 'sale', 1250, at(seconds))] as const;
  };

  test('are found by Region, oldest first, from before the time asked', async () => {
    const ours = Array.from({ length: 24 }, (_, n) => pending('euw1', 100 - n));
    const theirs = pending('euw2', 50);
    for (const steps of [...ours, theirs]) await write(...steps);
    const oldestFirst = ours.map(([{ facts }]) => facts.id).reverse();

    const query = { homeRegion: 'euw1', limit: 100 };
    expect(await store().listPending({ ...query, since: at(101) })).toEqual(oldestFirst);
    expect(await store().listPending({ ...query, since: at(101), limit: 5 })).toEqual(oldestFirst.slice(0, 5));
    expect(await store().listPending({ ...query, since: at(80) })).toEqual(oldestFirst.slice(0, 3));
    expect(await store().listPending({ homeRegion: 'eus1', since: at(101), limit: 100 })).toEqual([]);
  });

  test('are no longer found once they are definite, or wait for people', async () => {
    const chains = Array.from({ length: 4 }, () => pending('usw2', 1));
    for (const steps of chains) await write(...steps);
    const [success, decline, stillUnknown, reconcile] = chains.map(([, intent]) => intent);

    await write(end(success!, 'operation_succeeded'));
    await write(end(decline!, 'operation_declined'));
    await write(unknown(stillUnknown!));
    await write(unknown(reconcile!, 'needs-reconciliation'));

    const found = await store().listPending({ homeRegion: 'usw2', since: at(1000), limit: 100 });
    expect(found).toEqual([stillUnknown!.facts.id]);
  });

  test('are not payments at rest', async () => {
    const quiet = Array.from({ length: 3 }, () => created({ homeRegion: 'sae1' }));
    await write(...quiet);
    await write(cancelled(quiet[0]!), expired(quiet[1]!), refused(quiet[2]!));

    expect(await store().listPending({ homeRegion: 'sae1', since: at(1000), limit: 100 })).toEqual([]);
  });
}
