/** A store that was restored to an earlier moment, and a bank that has gone on: what the bank has done is found, and nothing is done again. */
import {
  adopted,
  authorize,
  Books,
  books,
  cancel,
  capture,
  create,
  MANUAL,
  payment,
  refund,
  remember,
  restore,
  run,
  setUp,
  sgd,
  stored,
  useBanks,
  world,
} from './restored-world';
import { types } from './world';

beforeEach(setUp);

describe('what the bank has done since', () => {
  test('a sale', async () => {
    await create();
    const then = remember();
    await authorize();
    restore(then);

    expect(await run()).toEqual(adopted('sale.1'));

    expect((await stored()).state).toMatchObject({ status: 'captured', captured: 1000 });
    expect(types(await stored())).toEqual(['created', 'operation_pending', 'operation_succeeded']);
    expect((await stored()).events.slice(1)).toMatchObject([
      { by: 'system', reason: 'found at the bank after a restore' },
      { by: 'system', bankReference: `${payment.facts.id}.sale.1` },
    ]);
  });

  test('everything of a long life, step by step', async () => {
    await create(MANUAL);
    const then = remember();
    books.declines = 1;
    await authorize().catch(() => undefined);
    await authorize();
    books.declines = 1;
    await capture().catch(() => undefined);
    await capture(sgd(800));
    await refund(300);
    await refund(200);
    const before = await stored();
    restore(then);

    expect(await run()).toEqual(
      adopted('authorize.1', 'authorize.2', 'capture.1', 'capture.2', 'refund.1', 'refund.2'),
    );

    const { status, authorized, captured, refunded } = (await stored()).state;
    expect({ status, authorized, captured, refunded }).toEqual({
      status: 'partially_refunded',
      authorized: 1000,
      captured: 800,
      refunded: 500,
    });
    expect(types(await stored())).toEqual(types(before));
    expect(books.asked.filter((each) => each.startsWith('PUT'))).toEqual([]);
  });

  test('a void', async () => {
    await create(MANUAL);
    await authorize();
    const then = remember();
    await cancel();
    restore(then);

    expect(await run()).toEqual(adopted('cancel.1'));
    expect((await stored()).state.status).toBe('cancelled');
  });

  test('the outcome of a step that had only been begun', async () => {
    await create();
    let then: string[] = [];
    const put = books.put.bind(books);
    books.put = (operation) => {
      then = remember();
      return put(operation);
    };
    await authorize();
    restore(then);
    expect((await stored()).state.operations).toMatchObject([{ op: 'sale.1', status: 'pending' }]);

    expect(await run()).toEqual(adopted('sale.1'));
    expect(await stored()).not.toHaveProperty('payerToken');
  });

  test('nothing: then nothing is written, and nothing is told', async () => {
    await create(MANUAL);
    await authorize();
    const before = await stored();
    restore(remember());

    expect(await run()).toEqual([]);

    expect(await stored()).toEqual(before);
    expect(books.asked).toEqual(['GET capture.1', 'GET cancel.1']);
  });

  test('after what is final nothing can have followed, and the bank is not asked', async () => {
    await create();
    await cancel();
    restore(remember());

    expect(await run()).toEqual([]);
    expect(books.asked).toEqual([]);
  });

  test('at the second bank of the route, where the payment stays', async () => {
    const second = new Books();
    useBanks({ first: books, second });
    await create(MANUAL);
    const then = remember();
    books.put = async () => ({ result: 'not-sent' });
    await authorize();
    await capture(sgd(700));
    restore(then);

    expect(await run()).toEqual(adopted('authorize.1', 'capture.1'));

    expect((await stored()).state.operations).toMatchObject([{ connector: 'second' }, { op: 'capture.1' }]);
    await refund(700);
    expect(second.records.has(`${payment.facts.id}.refund.1`)).toBe(true);
  });
});

describe('afterwards', () => {
  test('the next step has the next name, so that it is a new one to the bank', async () => {
    await create();
    await authorize();
    const then = remember();
    await refund(400);
    restore(then);
    await run();

    await refund(600);

    expect(books.records.get(`${payment.facts.id}.refund.2`)).toMatchObject({ amount: { value: 600 } });
    expect((await stored()).state).toMatchObject({ status: 'refunded', refunded: 1000 });
  });

  test('without it a refund would take the name of one that the bank has done already', async () => {
    await create();
    await authorize();
    const then = remember();
    await refund(400);
    restore(then);

    await refund(400);

    expect(books.records.size).toBe(2);
    expect(books.asked).toEqual(['PUT refund.1']);
  });

  test('a second capture is refused', async () => {
    await create(MANUAL);
    await authorize();
    const then = remember();
    await capture();
    restore(then);
    await run();

    await expect(capture()).rejects.toMatchObject({ code: 'payment-state' });
    expect([...books.records.keys()].filter((opKey) => opKey.includes('capture'))).toHaveLength(1);
  });

  test('it can be done again, and finds nothing', async () => {
    await create();
    const then = remember();
    await authorize();
    restore(then);
    await run();
    const once = await stored();

    expect(await run()).toEqual([]);
    expect(await stored()).toEqual(once);
  });

  test('a payment that expired meanwhile and that nobody paid expires', async () => {
    await create();
    restore(remember());
    world.clock.advance(3_600_000);

    expect(await run()).toEqual([]);
    await expect(authorize()).rejects.toMatchObject({ code: 'payment-state' });
    expect((await stored()).state.status).toBe('expired');
  });

  test('a payment that was paid in time is paid, though its time is over', async () => {
    await create();
    const then = remember();
    await authorize();
    restore(then);
    world.clock.advance(3_600_000);

    expect(await run()).toEqual(adopted('sale.1'));
    expect((await stored()).state.status).toBe('captured');
  });
});

test('beside another that does the same, each step is found once', async () => {
  await create(MANUAL);
  const then = remember();
  await authorize();
  await capture();
  await refund(100);
  restore(then);

  await Promise.all([run(), run(), run()]);

  expect(types(await stored())).toEqual([
    'created',
    ...Array(3).fill(['operation_pending', 'operation_succeeded']).flat(),
  ]);
});
