/** The log: one JSON line a request, and nothing in it of bodies, keys, tokens, headers or queries (I39, S17). */
import { approve, type Call, newKey, order, profile, sgd, useHandler } from '../harness';
import { rawExchange } from './raw-http';

const { call, createPayment, paymentIn, act, log, running } = useHandler({ LOG_LEVEL: 'debug' });

const lines = (): Record<string, unknown>[] => log.map((line) => JSON.parse(line));
const lineOf = (requestId: string | string[] | undefined) => lines().filter((line) => line.requestId === requestId);
/** The line is written after the reply has left. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

test('one line a request, with the route and never the path', async () => {
  const payment = await createPayment();

  const reply = await call('GET', `/v1/payments/${payment.id}?wait=0`);
  await settled();

  const found = lineOf(reply.headers['x-request-id']);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ method: 'GET', route: '/v1/payments/{id}', status: 200, merchantId: 'm_demo' });
  expect(Number(found[0].durationMs)).toBeGreaterThanOrEqual(0);
});

test.each<[string, string, string, Call, number]>([
  ['a refusal', 'POST', '/v1/payments', { body: {} }, 400],
  ['no such path', 'GET', '/v1/canary', {}, 404],
  ['no such payment', 'GET', '/v1/payments/canary', {}, 404],
  ['no such method', 'DELETE', '/v1/payments', {}, 405],
  ['too large', 'POST', '/v1/payments', { raw: ' '.repeat(17_000) }, 413],
  ['nobody', 'GET', '/v1/payments', { headers: { 'x-scopes': ['', ''] } }, 401],
  ['health', 'GET', '/health/live', {}, 200],
])('%s is one line too, with its code', async (_, method, path, request, status) => {
  const reply = await call(method, path, request);
  await settled();

  const found = lineOf(reply.headers['x-request-id']);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ method, status });
  expect(found[0].code).toBe(status < 400 ? undefined : reply.problem.code);
});

test('canaries in every place are nowhere in the log', async () => {
  const headers = {
    authorization: 'Bearer canary-authorization',
    cookie: 'canary-cookie',
    'user-agent': 'canary-agent',
    'x-canary-name': 'canary-value',
    'x-request-id': 'canary-request',
    'x-forwarded-for': 'canary-forwarded',
    referer: 'https://canary.example',
    'if-none-match': '"canary"',
    traceparent: 'canary-trace',
  };
  const body = {
    ...{ ...order, reference: 'canary-reference', description: 'canary-description' },
    metadata: { 'canary-key': 'canary-value' },
  };
  const key = 'canary-idempotency-key';
  const token = { payer: { token: 'canary-token' } };
  const { payment } = await call('POST', '/v1/payments', { body, key, headers });
  const captured = await paymentIn('captured');
  const slow = await createPayment();

  await call('GET', `/v1/payments/${payment.id}`, { headers });
  await act(payment, 'authorize', { ...token, qrPayload: 'canary-payload' }, { key, headers });
  await act(payment, 'authorize', token, { headers });
  await act(slow, 'authorize', approve, { key: 'canary-second-key-0', headers });
  await act(captured, 'refunds', { amount: sgd(1), reason: 'canary-reason' }, { headers });
  await call('GET', `/v1/payments/${payment.id}/qr`, { headers: { ...headers, accept: 'canary/type' } });
  await call('GET', '/v1/payments?cursor=canary-cursor', { headers });
  await call('GET', '/v1/payments?canary=1', { headers });
  await call('GET', '/canary/path?canary=1', { headers });
  await call('POST', '/v1/payments', { raw: '{"canary": canary}', headers });
  await call('POST', '/v1/payments', { body, headers: { ...headers, 'content-type': 'canary/type' } });
  await call('POST', '/v1/payments', { body: { ...body, canary: 'canary' }, headers });
  await call('POST', '/v1/payments', { body, key: 'canary bad key', headers });
  await call('PUT', '/v1/merchants/m_log', { body: { ...profile, name: 'canary-name' }, headers });
  await call('POST', '/v1/qr/decode', { body: { payload: 'canary-payload' }, headers });
  await call('POST', '/v1/qr/encode', { body: { fields: { '59': 'canary-name' } }, headers });
  await call('GET', '/v1/payments', { headers: { ...headers, 'x-merchant-id': 'not canary', 'x-scopes': 'canary' } });
  await call('GET', '/v1/payments', { headers: { ...headers, 'x-scopes': 'canary:scope' } });
  await rawExchange(running().url, 'canary canary\r\n\r\n');
  await settled();

  expect(log.length).toBeGreaterThan(15);
  expect(log.filter((line) => /canary/i.test(line))).toEqual([]);
});

test('nothing of the payer, the code, or the picture', async () => {
  const payment = await createPayment();
  await act(payment, 'authorize', approve, { key: newKey() });
  await settled();

  const everything = log.join('\n');
  expect(everything).not.toMatch(/tok_/);
  expect(everything).not.toContain(payment.qr.payload);
  expect(everything).not.toContain('com.example.pay');
});

test('every line is JSON with a level and a time', () => {
  expect(lines().length).toBeGreaterThan(10);
  for (const line of lines()) expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String) });
});
