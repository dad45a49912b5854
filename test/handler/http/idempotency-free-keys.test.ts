/** What is not saved leaves the key free: the corrected request with the same key is executed (I16, I18). */
import { approve, type Call, newKey, order, type Reply, sgd, useHandler } from '../harness';

const { call, createPayment, paymentIn, act, read, merchant } = useHandler();

const outcome = ({ status, replayed, problem }: Reply) => [status, status < 400 ? undefined : problem.code, replayed];

/** Under which a create is refused, and why. */
const REFUSED_CREATES: readonly [code: string, status: number, request: Call][] = [
  ['invalid-request', 400, { body: { ...order, unknown: 1 } }],
  ['invalid-json', 400, { raw: '{' }],
  ['card-data-refused', 400, { body: { ...order, reference: '4111111111111111' } }],
  ['insufficient-scope', 403, { body: order, headers: { 'x-scopes': 'payments:read' } }],
  ['unauthenticated', 401, { body: order, headers: { 'x-merchant-id': ['m_demo', 'm_demo'] } }],
  ['body-too-large', 413, { raw: JSON.stringify(order).padEnd(16 * 1024 + 1) }],
  ['unsupported-media-type', 415, { body: order, headers: { 'content-type': 'text/plain' } }],
];

test.each(REFUSED_CREATES)('%s (%i) on create', async (code, status, refused) => {
  const key = newKey();

  const first = await call('POST', '/v1/payments', { key, ...refused });
  const second = await call('POST', '/v1/payments', { key, body: order });

  expect([outcome(first), outcome(second)]).toEqual([
    [status, code, false],
    [201, undefined, false],
  ]);
});

const REFUSED_CAPTURES: readonly [code: string, status: number, request: Call][] = [
  ['invalid-request', 400, { body: { amount: sgd(0) } }],
  ['invalid-json', 400, { raw: '{"amount":}' }],
  ['card-data-refused', 400, { body: { amount: { currency: '4111111111111111', value: 1 } } }],
  ['insufficient-scope', 403, { headers: { 'x-scopes': 'payments:authorize payments:refund' } }],
  ['unauthenticated', 401, { headers: { 'x-scopes': ['payments:write', 'payments:write'] } }],
  ['payment-not-found', 404, { headers: { 'x-merchant-id': 'm_stranger' } }],
  ['version-mismatch', 412, { headers: { 'if-match': '"1"' } }],
  ['body-too-large', 413, { raw: '{}'.padEnd(16 * 1024 + 1) }],
  ['unsupported-media-type', 415, { raw: '{}', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
];

test.each(REFUSED_CAPTURES)('%s (%i) on capture', async (code, status, refused) => {
  const payment = await paymentIn('authorized');
  const path = `/v1/payments/${payment.id}/capture`;
  const key = newKey();

  const first = await call('POST', path, { key, ...refused });
  const between = (await read(payment)).payment;
  const second = await call('POST', path, { key, body: { amount: sgd(1000) } });

  expect([outcome(first), outcome(second)]).toEqual([
    [status, code, false],
    [200, undefined, false],
  ]);
  expect(between).toEqual(payment);
});

test('405 at the path of another method', async () => {
  const payment = await paymentIn('authorized');
  const key = newKey();

  const first = await call('PUT', `/v1/payments/${payment.id}/capture`, { headers: { 'idempotency-key': key } });
  const second = await act(payment, 'capture', {}, { key });

  expect([first.status, outcome(second)]).toEqual([405, [200, undefined, false]]);
});

test('409 operation-in-progress is not saved, and says when to come back', async () => {
  const payment = await createPayment({ captureMethod: 'manual' });
  const key = newKey();

  const slow = act(payment, 'authorize', { payer: { token: 'tok_slow' } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const during = await act(payment, 'cancel', {}, { key });
  const capture = await act(payment, 'capture', {});
  const authorized = await slow;
  const after = await act(payment, 'cancel', {}, { key });

  expect(outcome(during)).toEqual([409, 'operation-in-progress', false]);
  expect(outcome(capture)).toEqual([409, 'operation-in-progress', false]);
  expect([authorized.status, authorized.payment.status]).toEqual([200, 'authorized']);
  expect([outcome(after), after.payment.status]).toEqual([[200, undefined, false], 'cancelled']);
});

test('422 idempotency-mismatch is not saved under the request that it refused', async () => {
  const other = await merchant('m_again');
  const key = newKey();
  await call('POST', '/v1/payments', { body: order, key });
  const mismatch = await call('POST', '/v1/payments', { body: { ...order, reference: 'b' }, key });
  const again = await call('POST', '/v1/payments', { body: { ...order, reference: 'b' }, key });
  const elsewhere = await call('POST', '/v1/payments', { body: { ...order, reference: 'b' }, key, headers: other });

  expect([outcome(mismatch), outcome(again)]).toEqual([
    [422, 'idempotency-mismatch', false],
    [422, 'idempotency-mismatch', false],
  ]);
  expect(elsewhere.status).toBe(201);
});

describe('the form of a key', () => {
  const POSTS = ['', '/authorize', '/capture', '/cancel', '/refunds'];
  const bodyOf = (step: string) => ({ '': order, '/authorize': approve })[step] ?? {};

  test.each(POSTS)(
    'is asked for on POST /v1/payments%s: 400 idempotency-key-missing, no effect (I16)',
    async (step) => {
      const payment = await paymentIn(
        step === '/refunds' ? 'captured' : step === '/capture' ? 'authorized' : 'created',
      );
      const path = step === '' ? '/v1/payments' : `/v1/payments/${payment.id}${step}`;

      const { status, problem } = await call('POST', path, { body: bodyOf(step), key: null });

      expect([status, problem.code]).toEqual([400, 'idempotency-key-missing']);
      expect((await read(payment)).payment).toEqual(payment);
    },
  );

  test.each([
    ['15 characters', 'a'.repeat(15)],
    ['129 characters', 'a'.repeat(129)],
    ['10 KB would be no header at all, 4 KB', 'a'.repeat(4000)],
    ['a space within', 'aaaaaaaa aaaaaaaa'],
    ['a slash', 'aaaaaaaa/aaaaaaaa'],
    ['a number sign', 'aaaaaaaa#aaaaaaaa'],
    ['quotes', '"aaaaaaaaaaaaaaaa"'],
    ['a letter outside ASCII', 'aaaaaaaaéaaaaaaaa'],
    ['a comma', 'aaaaaaaa,aaaaaaaa'],
    ['a tab', 'aaaaaaaa\taaaaaaaa'],
  ])('%s is 400 idempotency-key-invalid', async (_, key) => {
    const { status, problem, text } = await call('POST', '/v1/payments', { body: order, key });

    expect([status, problem.code]).toEqual([400, 'idempotency-key-invalid']);
    expect(text).not.toContain(key);
  });

  test('two keys are none', async () => {
    const headers = { 'idempotency-key': [newKey(), newKey()] };

    const { status, problem } = await call('POST', '/v1/payments', { body: order, headers });

    expect([status, problem.code]).toEqual([400, 'idempotency-key-invalid']);
  });

  test('an empty one is missing or malformed', async () => {
    const { status, problem } = await call('POST', '/v1/payments', { body: order, key: '' });

    expect(status).toBe(400);
    expect(['idempotency-key-missing', 'idempotency-key-invalid']).toContain(problem.code);
  });

  test.each(['AZaz09_.:-AZaz09', 'a'.repeat(128), '................', '----------------'])('takes %s', async (key) => {
    expect((await call('POST', '/v1/payments', { body: order, key })).status).toBe(201);
  });

  test('is asked for nowhere else', async () => {
    const body = { payload: (await createPayment()).qr.payload };

    expect((await call('POST', '/v1/qr/decode', { body })).status).toBe(200);
  });
});
