/** If-Match: a step on a version that is no longer there has no effect (I24). */
import { approve, newKey, useHandler } from '../harness';

const { paymentIn, act, read, createPayment } = useHandler();

const STEPS = [
  ['authorize', 'created', approve],
  ['capture', 'authorized', {}],
  ['cancel', 'authorized', {}],
  ['refunds', 'captured', {}],
] as const;

test.each(STEPS)('%s at the version that the payment has', async (step, from, body) => {
  const payment = await paymentIn(from);

  const { status } = await act(payment, step, body, { headers: { 'if-match': `"${payment.version}"` } });

  expect(status).toBeLessThan(300);
});

test.each(STEPS)('%s at another version is 412 and has no effect', async (step, from, body) => {
  const payment = await paymentIn(from);

  for (const version of [payment.version - 1, payment.version + 1, `${payment.version}0`]) {
    const { status, problem } = await act(payment, step, body, { headers: { 'if-match': `"${version}"` } });
    expect([status, problem.code]).toEqual([412, 'version-mismatch']);
  }

  expect((await read(payment)).payment).toEqual(payment);
});

test('* matches any version', async () => {
  expect((await act(await createPayment(), 'cancel', {}, { headers: { 'if-match': '*' } })).status).toBe(200);
});

test.each([
  ['a weak tag, for If-Match compares strongly (RFC 9110)', 'W/"1"'],
  ['another word', '"one"'],
])('%s does not: 412', async (_, tag) => {
  const payment = await createPayment();

  expect((await act(payment, 'cancel', {}, { headers: { 'if-match': tag } })).status).toBe(412);
  expect((await read(payment)).payment).toEqual(payment);
});

test.each(['1', '"1', "'1'", '"7", "8"', 'x'.repeat(129)])(
  'what is not one entity tag has no effect: %s',
  async (tag) => {
    const payment = await createPayment();

    const { status } = await act(payment, 'cancel', {}, { headers: { 'if-match': tag } });

    expect([400, 412]).toContain(status);
    expect((await read(payment)).payment).toEqual(payment);
  },
);

test('the key is looked up first: a replay is not refused for the version it made itself', async () => {
  const payment = await createPayment();
  const rest = { key: newKey(), headers: { 'if-match': '"1"' } };
  const first = await act(payment, 'authorize', approve, rest);

  const again = await act(payment, 'authorize', approve, rest);

  expect([first.status, again.status, again.replayed, again.text]).toEqual([200, 200, true, first.text]);
});

test('a saved refusal and a mismatch come before the version, too', async () => {
  const payment = await createPayment();
  const key = newKey();
  await act(payment, 'capture', {}, { key });

  const refused = await act(payment, 'capture', {}, { key, headers: { 'if-match': '"99"' } });
  const mismatch = await act(payment, 'cancel', {}, { key, headers: { 'if-match': '"99"' } });

  expect([refused.status, refused.replayed]).toEqual([409, true]);
  expect([mismatch.status, mismatch.problem.code]).toEqual([422, 'idempotency-mismatch']);
});

test('of two steps with the same version one is executed', async () => {
  const payment = await paymentIn('captured');
  const headers = { 'if-match': `"${payment.version}"` };
  const refund = () => act(payment, 'refunds', { amount: { currency: 'SGD', value: 1 } }, { headers });

  const replies = await Promise.all([...Array(10)].map(refund));

  const statuses = replies.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.every((status) => [201, 409, 412].includes(status))).toBe(true);
  expect((await read(payment)).payment.refunded.value).toBe(1);
});
