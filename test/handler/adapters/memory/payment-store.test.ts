import { ItemStore, type Journal } from '../../../../src/handler/adapters/memory/payment-store';
import { toItem } from '../../../../src/handler/adapters/stored-payment';
import { paymentStoreContract } from '../payment-store.contract';
import { begin, cancelled, created, refused } from '../sample-payments';

const NO_JOURNAL = { append: async () => {}, ping: async () => {}, close: async () => {} };

paymentStoreContract(async (items) => {
  const store = new ItemStore('local', NO_JOURNAL, () => {});
  for (const item of items) store.restore(item);
  return { store, close: () => store.close() };
});

describe('behind a journal', () => {
  /** Takes items and says yes to them when told. */
  class SlowJournal implements Journal {
    readonly taken: string[] = [];
    private readonly waiting: { resolve(): void; reject(error: Error): void }[] = [];
    private broken: Error | undefined;

    append(json: string): Promise<void> {
      this.taken.push(json);
      if (this.broken !== undefined) return Promise.reject(this.broken);
      return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    }
    settle(error?: Error): void {
      this.broken = error;
      for (const { resolve, reject } of this.waiting.splice(0)) error === undefined ? resolve() : reject(error);
    }
    async ping(): Promise<void> {}
    async close(): Promise<void> {}
  }

  /** Whether it is done after everything else has had its turn. */
  async function isDone(promise: Promise<unknown>): Promise<boolean> {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    await new Promise((resolve) => setImmediate(resolve));
    return done;
  }

  test('nobody sees a write before it is safe: not its writer, a reader, a rival, nor a list of many', async () => {
    const journal = new SlowJournal();
    const store = new ItemStore('local', journal);
    const payment = created();

    const waiting = [
      store.create(payment),
      store.get(payment.facts.id),
      store.create(payment),
      store.getMany([payment.facts.id]),
    ];
    expect(await Promise.all(waiting.map(isDone))).toEqual([false, false, false, false]);

    journal.settle();
    expect(await Promise.all(waiting)).toEqual([
      { written: true },
      payment,
      { written: false, current: payment },
      [payment],
    ]);
  });

  test('a write that failed is not read as if it had not', async () => {
    const journal = new SlowJournal();
    const store = new ItemStore('local', journal);
    const payment = created();
    const writing = store.create(payment);

    journal.settle(new Error('disk full'));

    await expect(writing).rejects.toThrow('disk full');
    await expect(store.get(payment.facts.id)).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(store.create(payment)).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(store.replace(cancelled(payment))).rejects.toThrow('disk full');
  });

  test('a refusal saved for a payment just written tells the event pipe nothing', async () => {
    const journal = new SlowJournal();
    const store = new ItemStore('local', journal);
    const payment = created();
    const writing = store.create(payment);
    journal.settle();
    await writing;

    const saving = store.replace(refused(payment));
    journal.settle();
    await saving;

    expect(journal.taken.map((json) => json.includes('lastEvent'))).toEqual([true, false]);
  });

  test('what was restored is there with its indexes, the last of each key', async () => {
    const store = new ItemStore('local', new SlowJournal());
    const payment = created({ homeRegion: 'local' });
    const pending = begin(payment, 'sale', 1250);

    store.restore(toItem(payment, 'local'));
    store.restore(toItem(pending, 'local'));

    expect(await store.get(payment.facts.id)).toEqual(pending);
    expect(await store.list({ merchantId: payment.facts.merchantId, limit: 10 })).toHaveLength(1);
    expect(await store.listPending({ homeRegion: 'local', since: '2027', limit: 10 })).toEqual([payment.facts.id]);
    expect([...store.snapshot()]).toEqual([JSON.stringify(toItem(pending, 'local'))]);
  });

  test('one that cannot be read takes no other with it and is told of', async () => {
    const told: Error[] = [];
    const store = new ItemStore('local', new SlowJournal(), (error) => told.push(error));
    const [good, bad] = [created(), created()];
    store.restore(toItem(good, 'local'));
    store.restore({ ...toItem(bad, 'local'), schema: 9 });

    expect(await store.getMany([bad.facts.id, good.facts.id])).toEqual([good]);
    expect(told).toHaveLength(1);
    await expect(store.get(bad.facts.id)).rejects.toThrow(bad.facts.id);
  });
});
