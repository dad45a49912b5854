/** Many at once: one execution of one request (I15), and at most one winner where two exclude each other (I11, I23). */
import { approve, newKey, order, type Payment, type Reply, sgd, useHandler, wallet } from '../harness';

const { call, createPayment, paymentIn, act, read, merchant } = useHandler();

const many = <T>(count: number, make: (at: number) => Promise<T>) => Promise.all([...Array(count).keys()].map(make));
const succeeded = (replies: readonly Reply[]) => replies.filter(({ status }) => status < 300);
const LATER = ['idempotency-in-progress', 'operation-in-progress'];

/** Every loser was told that the state does not allow it, or to come back. */
function expectLosers(replies: readonly Reply[], codes: readonly string[]): void {
  const losers = replies.filter(({ status }) => status >= 300);
  for (const { status, problem } of losers) {
    expect(status).toBe(409);
    expect(codes).toContain(problem.code);
  }
}

/** Repeats with the same key until the answer is definite. */
async function definite(send: () => Promise<Reply>): Promise<Reply> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const reply = await send();
    if (reply.status !== 202 && !(reply.status === 409 && LATER.includes(reply.problem.code))) return reply;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('never definite');
}

/** One answer of all that are definite, and one of them not a replay. */
function expectOneExecution(replies: readonly Reply[], status: number): void {
  const answers = replies.filter((reply) => reply.status !== 409);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.every((reply) => reply.status === status)).toBe(true);
  expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
  expectLosers(
    replies.filter((reply) => reply.status === 409),
    ['idempotency-in-progress'],
  );
}

describe('20 duplicates at once are one execution (I13, I15)', () => {
  test('of a create', async () => {
    const headers = await merchant('m_twins');
    const key = newKey();

    const replies = await many(20, () => call('POST', '/v1/payments', { body: order, key, headers }));

    expectOneExecution(replies, 201);
    expect(succeeded(replies).length).toBeGreaterThan(0);
    expect((await call('GET', '/v1/payments', { headers })).page.data).toHaveLength(1);
  });

  test.each([
    ['authorize', 'created', approve, 200, 'authorize'],
    ['capture', 'authorized', {}, 200, 'capture'],
    ['cancel', 'authorized', {}, 200, 'cancel'],
    ['refunds', 'captured', { amount: sgd(100) }, 201, 'refund'],
  ])('of %s', async (step, from, body, status, kind) => {
    const payment = await paymentIn(from);
    const key = newKey();

    const replies = await many(20, () => act(payment, step, body, { key }));
    const last = await definite(() => act(payment, step, body, { key }));

    expectOneExecution([...replies, last], status);
    const after = (await read(payment)).payment;
    expect(after.operations.filter((operation) => operation.kind === kind)).toHaveLength(1);
    expect(after.version).toBe(payment.version + 2);
  });

  test('of a decline', async () => {
    const payment = await createPayment();
    const key = newKey();
    const send = () => act(payment, 'authorize', { payer: { token: 'tok_decline' } }, { key });

    const replies = await many(20, send);

    expectOneExecution([...replies, await definite(send)], 402);
    expect((await read(payment)).payment.operations).toHaveLength(1);
  });

  test('a duplicate while the bank takes its time', async () => {
    const payment = await createPayment();
    const key = newKey();
    const send = () => act(payment, 'authorize', { payer: { token: 'tok_slow' } }, { key });

    const replies = await many(5, send);

    expectOneExecution([...replies, await definite(send)], 200);
    expect((await read(payment)).payment.operations).toHaveLength(1);
  });
});

describe('different requests at once', () => {
  test.each([1, 2, 3])('50 full captures: one success (I23), round %i', async () => {
    const payment = await paymentIn('authorized');

    const replies = await many(50, () => act(payment, 'capture'));

    expect(succeeded(replies)).toHaveLength(1);
    expectLosers(replies, ['operation-in-progress', 'payment-state']);
    const after = (await read(payment)).payment;
    expect([after.status, after.captured.value, after.operations.length]).toEqual(['captured', 1250, 2]);
  });

  test('50 payers: one pays (S03)', async () => {
    const payment = await createPayment();

    const replies = await many(50, (at) =>
      act(payment, 'authorize', approve, { headers: { ...wallet, 'x-merchant-id': `w_${at}` } }),
    );

    expect(succeeded(replies)).toHaveLength(1);
    expectLosers(replies, ['operation-in-progress', 'payment-state']);
    expect((await read(payment)).payment.operations).toHaveLength(1);
  });

  test('20 refunds of 100 out of 1,250: twelve succeed in the end, never more (I23)', async () => {
    const payment = await paymentIn('captured');

    const replies = await many(20, () => {
      const key = newKey();
      return definite(() => act(payment, 'refunds', { amount: sgd(100) }, { key }));
    });

    expect(succeeded(replies)).toHaveLength(12);
    const refused = replies.filter(({ status }) => status >= 300).map(({ status, problem }) => [status, problem.code]);
    expect(refused).toEqual(Array(8).fill([422, 'amount-exceeded']));
    const after = (await read(payment)).payment;
    expect([after.refunded.value, after.operations.filter(({ kind }) => kind === 'refund').length]).toEqual([1200, 12]);
  });

  test('30 full refunds: one success', async () => {
    const payment = await paymentIn('captured');

    const replies = await many(30, () => act(payment, 'refunds'));

    expect(succeeded(replies)).toHaveLength(1);
    expect((await read(payment)).payment.refunded.value).toBe(1250);
  });

  test.each([
    ['capture', 'cancel', 'authorized'],
    ['cancel', 'capture', 'authorized'],
    ['authorize', 'cancel', 'created'],
    ['cancel', 'authorize', 'created'],
  ])('%s against %s: one of them wins (I11)', async (one, other, from) => {
    const bodyOf = (step: string) => (step === 'authorize' ? approve : {});
    const payments: Payment[] = await many(10, () => paymentIn(from));

    await Promise.all(
      payments.map(async (payment) => {
        const replies = await Promise.all([one, other].map((step) => act(payment, step, bodyOf(step))));

        const after = (await read(payment)).payment;
        // An authorization that comes first may still be cancelled after it.
        const both = [one, other].includes('authorize') && after.status === 'cancelled' && after.authorized.value > 0;
        expect(succeeded(replies)).toHaveLength(both ? 2 : 1);
        expectLosers(replies, ['operation-in-progress', 'payment-state']);
        expect(after.status === 'cancelled' && after.captured.value > 0).toBe(false);
      }),
    );
  });

  test('readers never see a version go back, nor an amount (I25)', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });
    const seen: number[] = [];
    let done = false;
    const reader = async () => {
      while (!done) seen.push((await read(payment)).payment.version);
    };

    const reading = reader();
    await act(payment, 'authorize', approve);
    const captured = await act(payment, 'capture');
    const directly = await read(payment);
    done = true;
    await reading;

    expect(directly.payment.version).toBeGreaterThanOrEqual(captured.payment.version);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
