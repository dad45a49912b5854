/** What every PaymentStore does, told once. Each adapter's test runs it against the real thing. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredItem } from '../../../src/handler/adapters/stored-payment';
import type { PaymentStore } from '../../../src/handler/app/ports';
import { append, type Payment } from '../../../src/handler/domain/payment';
import { list, pendingOperations, type Store, writer } from './payment-store-indexes.contract';
import { begin, cancelled, created, histories, largest, MERCHANT, refused } from './sample-payments';
import { OLD_STATES, ofTheFuture, oldMerchants, oldPayments } from './written-before';

export interface OpenStore {
  readonly store: PaymentStore;
  close(): Promise<void>;
}

/** @param open a store with those items in it, opened once for all of it; every test uses payments and merchants of its own */
export function paymentStoreContract(open: (items: readonly StoredItem[]) => Promise<OpenStore>): void {
  let opened: OpenStore;
  beforeAll(async () => {
    opened = await open([...oldPayments, ...oldMerchants, ofTheFuture]);
  });
  afterAll(() => opened?.close());
  const store = () => opened.store;

  describe('every state of a payment comes back as it was written', () => states(store));
  describe('conditions', () => conditions(store));
  describe('races', () => races(store));
  describe('many at once', () => many(store));
  describe('the list of a merchant', () => list(store));
  describe('pending operations', () => pendingOperations(store));
  describe('merchants', () => merchants(store));
  describe('items of other releases', () => otherReleases(store));

  test('takes writes', () => {
    expect(store().isFrozen()).toBe(false);
  });

  test('answers a ping', async () => {
    await expect(store().ping()).resolves.toBeUndefined();
  });
}

function states(store: Store): void {
  const write = writer(store);
  test.each(Object.entries(histories()))('%s', async (_, steps) => {
    for (const step of steps) {
      await write(step);
      expect(await store().get(step.facts.id)).toEqual(step);
    }
  });
}

function conditions(store: Store): void {
  const write = writer(store);
  test('a payment that is not there is not there', async () => {
    expect(await store().get(created().facts.id)).toBeUndefined();
  });

  test('a second create loses to the first and sees it', async () => {
    const first = created();
    const second = { ...first, facts: { ...first.facts, reference: 'ANOTHER' } };
    await write(first);

    expect(await store().create(second)).toEqual({ written: false, current: first });
    expect(await store().get(first.facts.id)).toEqual(first);
  });

  test('a create loses to what the payment has become since', async () => {
    const payment = created();
    const later = cancelled(payment);
    await write(payment, later);

    expect(await store().create(payment)).toEqual({ written: false, current: later });
  });

  test('a change of a revision that is gone loses and sees what stands', async () => {
    const payment = created();
    const winner = begin(payment, 'sale', 1250);
    await write(payment, winner);

    expect(await store().replace(cancelled(payment))).toEqual({ written: false, current: winner });
    expect(await store().get(payment.facts.id)).toEqual(winner);
  });

  test('the same change again loses to itself, for the caller to recognize', async () => {
    const payment = created();
    const changed = cancelled(payment);
    await write(payment, changed);

    expect(await store().replace(changed)).toEqual({ written: false, current: changed });
  });

  test('a saved refusal guards the write like any change', async () => {
    const payment = created();
    await write(payment, refused(payment));

    expect(await store().replace(cancelled(payment))).toMatchObject({ written: false, current: { revision: 2 } });
  });

  test('what was never created is not replaced', async () => {
    const payment = cancelled(created());

    await expect(store().replace(payment)).rejects.toThrow(`payment ${payment.facts.id} is to be replaced`);
    expect(await store().get(payment.facts.id)).toBeUndefined();
  });

  test('what came out of the store is not what is in it', async () => {
    const payment = created();
    await write(payment);

    const read = (await store().get(payment.facts.id))!;
    Object.assign(read.facts.amount, { value: 1 });

    expect(await store().get(payment.facts.id)).toEqual(payment);
  });
}

function races(store: Store): void {
  const write = writer(store);
  test('of 50 creates of one payment one wins, and every loser sees it', async () => {
    const payment = created();
    const rivals = Array.from({ length: 50 }, (_, n) => ({
      ...payment,
      facts: { ...payment.facts, reference: `RIVAL-${n}` },
    }));

    const results = await Promise.all(rivals.map((rival) => store().create(rival)));

    expectOneWinner(results, rivals, await store().get(payment.facts.id));
  });

  test('of 50 changes of one revision one wins, and every loser sees it', async () => {
    const payment = created();
    await write(payment);
    const rivals = Array.from({ length: 50 }, () => begin(payment, 'sale', 1250));

    const results = await Promise.all(rivals.map((rival) => store().replace(rival)));

    expectOneWinner(results, rivals, await store().get(payment.facts.id));
  });

  test('20 writers that look again after each loss all get in, once each', async () => {
    const payment = created();
    await write(payment);

    const writers = Array.from({ length: 20 }, async (_, n) => {
      for (let current = payment; ; ) {
        const at = current.state.updatedAt;
        const result = await store().replace(
          append(current, { type: 'operation_unknown', op: `none.${n}`, at, by: 'w' }),
        );
        if (result.written) return;
        current = result.current;
      }
    });
    await Promise.all(writers);

    const events = (await store().get(payment.facts.id))!.events.slice(1);
    const ops = events.map((event) => ('op' in event ? event.op : ''));
    expect(ops.sort()).toEqual(Array.from({ length: 20 }, (_, n) => `none.${n}`).sort());
  });
}

function many(store: Store): void {
  const write = writer(store);
  test('come back in the order asked, without the missing ones, each as often as asked', async () => {
    const [one, two, three, missing] = [created(), created(), created(), created()];
    await write(one, two, three);

    const ids = [three, missing, one, two, one].map(({ facts }) => facts.id);
    expect(await store().getMany(ids)).toEqual([three, one, two, one]);
    expect(await store().getMany([])).toEqual([]);
  });

  test('may be as large as the limits allow', async () => {
    const payments = ['x', '\u{1F600}'].map(largest);
    for (const payment of payments) expect(await store().create(payment)).toEqual({ written: true });

    const read = await store().getMany(payments.map(({ facts }) => facts.id));
    expect(read.map((payment, n) => isDeepStrictEqual(payment, payments[n]))).toEqual([true, true]);
  });

  test('may be more than one batch', async () => {
    const payments = Array.from({ length: 120 }, () => created());
    await Promise.all(payments.map((payment) => write(payment)));

    expect(await store().getMany(payments.map(({ facts }) => facts.id))).toEqual(payments);
  });
}

function merchants(store: Store): void {
  test('come back as they were put, the last one', async () => {
    const local = { language: 'zh', name: '咖啡与吐司', city: '新加坡' };
    const merchant = { ...MERCHANT, id: 'm_put', local };
    expect(await store().getMerchant('m_put')).toBeUndefined();

    await store().putMerchant(MERCHANT);
    await store().putMerchant({ ...merchant, name: 'Old Name' });
    await store().putMerchant(merchant);

    expect(await store().getMerchant('m_put')).toEqual(merchant);
    expect(await store().getMerchant(MERCHANT.id)).toEqual(MERCHANT);
  });

  test('are made where there is none, and left alone where there is one', async () => {
    const merchant = { ...MERCHANT, id: 'm_made' };

    expect(await store().createMerchant(merchant)).toBe(true);
    expect(await store().createMerchant({ ...merchant, name: 'Another' })).toBe(false);

    expect(await store().getMerchant('m_made')).toEqual(merchant);
  });

  test('of 20 that are made at once one is', async () => {
    const rivals = Array.from({ length: 20 }, (_, n) => ({ ...MERCHANT, id: 'm_race', name: `Rival ${n}` }));

    const made = await Promise.all(rivals.map((rival) => store().createMerchant(rival)));

    const winners = rivals.filter((_, n) => made[n]);
    expect(winners).toEqual([await store().getMerchant('m_race')]);
  });

  test('are no payments', async () => {
    await store().putMerchant({ ...MERCHANT, id: 'm_alone' });

    expect(await store().list({ merchantId: 'm_alone', limit: 10 })).toEqual([]);
  });
}

function otherReleases(store: Store): void {
  const write = writer(store);
  const ids = oldPayments.map(({ pk }) => pk);

  test('of the schema before are read: payments in every state', async () => {
    const payments = await store().getMany(ids);

    expect(payments.map(seen)).toEqual(OLD_STATES);
    for (const payment of payments) expect(await store().get(payment.facts.id)).toEqual(payment);
  });

  test('of the schema before are found by the indexes', async () => {
    for (const { pk: id, merchantId, createdAtId: position } of oldPayments) {
      expect(await store().list({ merchantId, limit: 1, after: `${position}~` })).toEqual([{ id, position }]);
    }
    const pending = await store().listPending({ homeRegion: 'apse1', since: '2027', limit: 100 });

    expect(pending).toEqual(expect.arrayContaining([ids[1], ids[2]]));
  });

  test('of the schema before are merchants, too', async () => {
    expect(await store().getMerchant(MERCHANT.id)).toEqual(MERCHANT);
  });

  test('of the schema before are gone on with', async () => {
    const [before] = await store().getMany(ids);
    const after = cancelled(before!);
    await write(after);

    expect(await store().get(before!.facts.id)).toEqual(after);
  });

  test('of a schema that is not known fail closed, each alone, and stay as they are', async () => {
    const { pk } = ofTheFuture;
    const unreadable = `payment ${pk} cannot be read`;

    await expect(store().get(pk)).rejects.toThrow(unreadable);
    const written = created();
    await expect(store().create({ ...written, facts: { ...written.facts, id: pk } })).rejects.toThrow(unreadable);
    await expect(store().get(pk)).rejects.toThrow(unreadable);
    expect(await store().getMany([pk, ids[5]!])).toHaveLength(1);
  });
}

function seen({ state, refusals }: Payment): object {
  const { status, version, operations } = state;
  return {
    status,
    version,
    operations: operations.map(({ kind, amount, status: outcome, code }) =>
      [kind, amount, outcome, code].filter((part) => part !== undefined).join(' '),
    ),
    ...(refusals.length > 0 && { refusals: refusals.length }),
  };
}

type Results = readonly Awaited<ReturnType<PaymentStore['create']>>[];

function expectOneWinner(results: Results, rivals: readonly Payment[], standing: Payment | undefined): void {
  const winner = rivals.filter((_, n) => results[n]?.written);
  expect(winner).toHaveLength(1);
  expect(standing).toEqual(winner[0]);
  for (const result of results) if (!result.written) expect(result.current).toEqual(winner[0]);
}
