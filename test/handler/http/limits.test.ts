/** A payment holds at most 100 operations and saved refusals, 20 of them kept for cancel and refund. */
import { approve, newKey, type Reply, sgd, useHandler } from '../harness';

const { createPayment, act, read, paymentIn } = useHandler();

const decline = { payer: { token: 'tok_decline' } };
const codeOf = ({ status, problem }: Reply) => [status, problem.code];

async function repeat(times: number, send: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let n = 0; n < times; n++) replies.push(await send());
  return replies;
}

test('a payer who tries too often is told so, and cannot block the way out', async () => {
  const payment = await createPayment();

  const tries = await repeat(80, () => act(payment, 'authorize', decline));
  const oneMore = await act(payment, 'authorize', approve);
  const cancelled = await act(payment, 'cancel');

  expect(tries.map(codeOf)).toEqual(Array(80).fill([402, 'payment-declined']));
  expect(codeOf(oneMore)).toEqual([409, 'operation-limit']);
  expect([cancelled.status, cancelled.payment.status]).toEqual([200, 'cancelled']);
});

test('saved refusals count, and refunds still have their 20', async () => {
  const payment = await paymentIn('captured');

  const refusals = await repeat(78, () => act(payment, 'capture'));
  const oneMore = await act(payment, 'capture');
  const refunds = await repeat(20, () => act(payment, 'refunds', { amount: sgd(1) }));
  const last = await act(payment, 'refunds', { amount: sgd(1) });

  expect(refusals.map(codeOf)).toEqual(Array(78).fill([409, 'payment-state']));
  expect(codeOf(oneMore)).toEqual([409, 'operation-limit']);
  expect(refunds.map(({ status }) => status)).toEqual(Array(20).fill(201));
  expect(codeOf(last)).toEqual([409, 'operation-limit']);
  expect((await read(payment)).payment).toMatchObject({ refunded: sgd(20), version: 45 });
});

test('what was saved is still replayed when the payment is full', async () => {
  const payment = await createPayment();
  const key = newKey();
  const first = await act(payment, 'authorize', decline, { key });
  await repeat(80, () => act(payment, 'authorize', decline));

  const again = await act(payment, 'authorize', decline, { key });

  expect([again.text, again.replayed]).toEqual([first.text, true]);
});
