/** What every PaymentStore does, told once. Each adapter's test runs it against the real thing. */
import type { PaymentStore } from '../../../src/handler/app/ports';
import { append, type Payment } from '../../../src/handler/domain/payment';
import {
  begin,
  cancelled,
  created,
  end,
  expired,
  histories,
  MERCHANT,
  refused,
  START,
  unknown,
} from './sample-payments';

export interface OpenStore {
  readonly store: PaymentStore;
  close(): Promise<void>;
}

/** @param open an empty store, opened once for all of it; every test uses payments and merchants of its own */
export function paymentStoreContract(open: () => Promise<OpenStore>): void {
  let opened: OpenStore;
  let store: PaymentStore;

  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened?.close());

  async function write(...steps: readonly Payment[]): Promise<void> {
    for (const step of steps) {
      const result = await (step.revision === 1 ? store.create(step) : store.replace(step));
      expect(result).toEqual({ written: true });
    }
  }

  describe('every state of a payment comes back as it was written', () => {
    test.each(Object.entries(histories()))('%s', async (_, steps) => {
      for (const step of steps) {
        await write(step);
        expect(await store.get(step.facts.id)).toEqual(step);
      }
    });
  });

  describe('conditions', () => {
    test('a payment that is not there is not there', async () => {
      expect(await store.get(created().facts.id)).toBeUndefined();
    });

    test('a second create loses to the first and sees it', async () => {
      const first = created();
      const second = { ...first, facts: { ...first.facts, reference: 'ANOTHER' } };
      await write(first);

      expect(await store.create(second)).toEqual({ written: false, current: first });
      expect(await store.get(first.facts.id)).toEqual(first);
    });

    test('a create loses to what the payment has become since', async () => {
      const payment = created();
      const later = cancelled(payment);
      await write(payment, later);

      expect(await store.create(payment)).toEqual({ written: false, current: later });
    });

    test('a change of a revision that is gone loses and sees what stands', async () => {
      const payment = created();
      const winner = begin(payment, 'sale', 1250);
      await write(payment, winner);

      expect(await store.replace(cancelled(payment))).toEqual({ written: false, current: winner });
      expect(await store.get(payment.facts.id)).toEqual(winner);
    });

    test('the same change again loses to itself, for the caller to recognize', async () => {
      const payment = created();
      const changed = cancelled(payment);
      await write(payment, changed);

      expect(await store.replace(changed)).toEqual({ written: false, current: changed });
    });

    test('a saved refusal guards the write like any change', async () => {
      const payment = created();
      await write(payment, refused(payment));

      expect(await store.replace(cancelled(payment))).toMatchObject({ written: false, current: { revision: 2 } });
    });

    test('what was never created is not replaced', async () => {
      const payment = cancelled(created());

      await expect(store.replace(payment)).rejects.toThrow(`payment ${payment.facts.id} is to be replaced`);
      expect(await store.get(payment.facts.id)).toBeUndefined();
    });

    test('what came out of the store is not what is in it', async () => {
      const payment = created();
      await write(payment);

      const read = (await store.get(payment.facts.id))!;
      Object.assign(read.facts.amount, { value: 1 });

      expect(await store.get(payment.facts.id)).toEqual(payment);
    });
  });

  describe('races', () => {
    test('of 50 creates of one payment one wins, and every loser sees it', async () => {
      const payment = created();
      const rivals = Array.from({ length: 50 }, (_, n) => ({
        ...payment,
        facts: { ...payment.facts, reference: `RIVAL-${n}` },
      }));

      const results = await Promise.all(rivals.map((rival) => store.create(rival)));

      expectOneWinner(results, rivals, await store.get(payment.facts.id));
    });

    test('of 50 changes of one revision one wins, and every loser sees it', async () => {
      const payment = created();
      await write(payment);
      const rivals = Array.from({ length: 50 }, () => begin(payment, 'sale', 1250));

      const results = await Promise.all(rivals.map((rival) => store.replace(rival)));

      expectOneWinner(results, rivals, await store.get(payment.facts.id));
    });

    test('20 writers that look again after each loss all get in, once each', async () => {
      const payment = created();
      await write(payment);

      const writers = Array.from({ length: 20 }, async (_, n) => {
        for (let current = payment; ; ) {
          const at = current.state.updatedAt;
          const result = await store.replace(
            append(current, { type: 'operation_unknown', op: `none.${n}`, at, by: 'w' }),
          );
          if (result.written) return;
          current = result.current;
        }
      });
      await Promise.all(writers);

      const events = (await store.get(payment.facts.id))!.events.slice(1);
      const ops = events.map((event) => ('op' in event ? event.op : ''));
      expect(ops.sort()).toEqual(Array.from({ length: 20 }, (_, n) => `none.${n}`).sort());
    });
  });

  describe('many at once', () => {
    test('come back in the order asked, without the missing ones, each as often as asked', async () => {
      const [one, two, three, missing] = [created(), created(), created(), created()];
      await write(one, two, three);

      const ids = [three, missing, one, two, one].map(({ facts }) => facts.id);
      expect(await store.getMany(ids)).toEqual([three, one, two, one]);
      expect(await store.getMany([])).toEqual([]);
    });

    test('may be more than one batch', async () => {
      const payments = Array.from({ length: 230 }, () => created());
      await Promise.all(payments.map((payment) => write(payment)));

      expect(await store.getMany(payments.map(({ facts }) => facts.id))).toEqual(payments);
    });
  });

  describe('the list of a merchant', () => {
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
      expect(await store.list({ merchantId, limit: 100 })).toEqual(newestFirst);
    });

    test.each([7, 20, 60])('is the same in pages of %d', async (limit) => {
      const listed: unknown[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list({ merchantId, limit, after });
        expect(page.length).toBeLessThanOrEqual(limit);
        listed.push(...page);
        after = page.at(-1)?.position;
        if (page.length < limit) break;
      }

      expect(listed).toEqual(newestFirst);
    });

    test('is as short as asked', async () => {
      const after = newestFirst[0]!.position;

      expect(await store.list({ merchantId, limit: 1, after })).toEqual([newestFirst[1]]);
    });

    test('goes on after a position that is no payment', async () => {
      const after = `${newestFirst[10]!.position.slice(0, 24)}#`;

      const expected = newestFirst.filter(({ position }) => position < after).slice(0, 5);
      expect(await store.list({ merchantId, limit: 5, after })).toEqual(expected);
    });

    test('does not change when a payment changes', async () => {
      await write(cancelled(payments[30]!));

      expect(await store.list({ merchantId, limit: 100 })).toEqual(newestFirst);
    });

    test('of a merchant without payments is empty', async () => {
      expect(await store.list({ merchantId: 'm_nobody', limit: 10 })).toEqual([]);
    });
  });

  describe('pending operations', () => {
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
      expect(await store.listPending({ ...query, since: at(101) })).toEqual(oldestFirst);
      expect(await store.listPending({ ...query, since: at(101), limit: 5 })).toEqual(oldestFirst.slice(0, 5));
      expect(await store.listPending({ ...query, since: at(80) })).toEqual(oldestFirst.slice(0, 3));
      expect(await store.listPending({ homeRegion: 'eus1', since: at(101), limit: 100 })).toEqual([]);
    });

    test('are no longer found once they are definite, or wait for people', async () => {
      const chains = Array.from({ length: 4 }, () => pending('usw2', 1));
      for (const steps of chains) await write(...steps);
      const [success, decline, stillUnknown, reconcile] = chains.map(([, intent]) => intent);

      await write(end(success!, 'operation_succeeded'));
      await write(end(decline!, 'operation_declined'));
      await write(unknown(stillUnknown!));
      await write(unknown(reconcile!, 'needs-reconciliation'));

      const found = await store.listPending({ homeRegion: 'usw2', since: at(1000), limit: 100 });
      expect(found).toEqual([stillUnknown!.facts.id]);
    });

    test('are not payments at rest', async () => {
      const quiet = Array.from({ length: 3 }, () => created({ homeRegion: 'sae1' }));
      await write(...quiet);
      await write(cancelled(quiet[0]!), expired(quiet[1]!), refused(quiet[2]!));

      expect(await store.listPending({ homeRegion: 'sae1', since: at(1000), limit: 100 })).toEqual([]);
    });
  });

  describe('merchants', () => {
    test('come back as they were put, the last one', async () => {
      const local = { language: 'zh', name: '咖啡与吐司', city: '新加坡' };
      const merchant = { ...MERCHANT, id: 'm_put', local };
      expect(await store.getMerchant('m_put')).toBeUndefined();

      await store.putMerchant(MERCHANT);
      await store.putMerchant({ ...merchant, name: 'Old Name' });
      await store.putMerchant(merchant);

      expect(await store.getMerchant('m_put')).toEqual(merchant);
      expect(await store.getMerchant(MERCHANT.id)).toEqual(MERCHANT);
    });

    test('are no payments', async () => {
      await store.putMerchant({ ...MERCHANT, id: 'm_alone' });

      expect(await store.list({ merchantId: 'm_alone', limit: 10 })).toEqual([]);
    });
  });

  test('answers a ping', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
}

type Results = readonly Awaited<ReturnType<PaymentStore['create']>>[];

function expectOneWinner(results: Results, rivals: readonly Payment[], standing: Payment | undefined): void {
  const winner = rivals.filter((_, n) => results[n]?.written);
  expect(winner).toHaveLength(1);
  expect(standing).toEqual(winner[0]);
  for (const result of results) if (!result.written) expect(result.current).toEqual(winner[0]);
}
