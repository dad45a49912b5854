/** A bank that is slow, silent, or loses the first request: nothing is guessed, and one key leads to one outcome (I13, I28). */
import { approve, newKey, type Reply, sgd, useHandler } from '../harness';

const { call, createPayment, act, read } = useHandler();

const pay = (payment: { id: string }, token: string, key: string) =>
  act(payment, 'authorize', { payer: { token } }, { key });
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats as a client would: the same request, until the answer is no longer 202 or in progress. */
async function definite(send: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 0; tries < 30; tries++) {
    const reply = await send();
    if (reply.status !== 202 && reply.headers['retry-after'] === undefined) return reply;
    await after(500);
  }
  throw new Error('never definite');
}

test('an answer that takes 1.5 s is waited for', async () => {
  const payment = await createPayment();

  const reply = await pay(payment, 'tok_slow', newKey());

  expect([reply.status, reply.payment.status, reply.payment.version]).toEqual([200, 'captured', 3]);
});

test('a bank that never answers the first request: paid once, within 20 s', async () => {
  // Both at once, for an attempt takes 5 s: one of them finds an approval afterwards, the other nothing at all.
  await Promise.all(['tok_timeout', 'tok_lost'].map(expectPaidOnce));
}, 40_000);

async function expectPaidOnce(token: string): Promise<void> {
  const payment = await createPayment();
  const key = newKey();
  const begun = Date.now();

  const paying = pay(payment, token, key);
  await after(1_000);
  const during = await read(payment);
  const others = await Promise.all([
    act(payment, 'cancel'),
    act(payment, 'refunds'),
    act(payment, 'authorize', approve),
  ]);
  const picture = await call('GET', `/v1/payments/${payment.id}/qr`);
  const first = await paying;
  const seconds = (Date.now() - begun) / 1000;
  const last = await definite(() => pay(payment, token, key));
  const replay = await pay(payment, token, key);

  expect(during.payment).toMatchObject({ status: 'created', authorized: sgd(0), operations: [{ status: 'pending' }] });
  expect(others.map(({ status, problem }) => [status, problem.code])).toEqual(
    Array(3).fill([409, 'operation-in-progress']),
  );
  expect([200, 410]).toContain(picture.status);
  expect([200, 202]).toContain(first.status);
  expect(seconds).toBeGreaterThan(4);
  expect(seconds).toBeLessThan(20);
  expect([last.status, last.payment.status, last.payment.captured]).toEqual([200, 'captured', sgd(1250)]);
  expect([replay.text, replay.replayed]).toEqual([last.text, true]);
  expect(last.payment.operations.map(({ id, status }) => [id, status])).toEqual([
    [`${payment.id}.sale.1`, 'succeeded'],
  ]);
}
