/** Who calls is in two headers that only the gateway can set: missing, twice or empty, they are no caller. */
import { networkInterfaces } from 'node:os';
import { approve, order, profile, useHandler } from '../harness';
import { rawRequest } from './raw-http';

describe('on a loopback address', () => {
  const { call, running, createPayment } = useHandler();

  test('without headers the caller is m_demo with every scope', async () => {
    const { merchantId } = await createPayment();

    expect(merchantId).toBe('m_demo');
    expect((await call('PUT', '/v1/merchants/m_any', { body: profile })).status).toBe(200);
  });

  test('with a merchant alone it has every scope', async () => {
    const headers = { 'x-merchant-id': 'm_demo' };

    expect((await call('GET', '/v1/payments', { headers })).status).toBe(200);
  });

  test('with scopes alone it is m_demo with these', async () => {
    const headers = { 'x-scopes': 'payments:write' };

    expect((await createPayment({}, headers)).merchantId).toBe('m_demo');
    expect((await call('GET', '/v1/payments', { headers })).status).toBe(403);
  });

  test.each([
    ['x-merchant-id', ['m_demo', 'm_other']],
    ['x-merchant-id', ['m_demo', 'm_demo']],
    ['X-Merchant-Id', ['m_demo', '']],
    ['x-scopes', ['payments:read', 'payments:write']],
    ['X-SCOPES', ['payments:read', 'payments:read']],
    ['x-scopes', ['', 'payments:read']],
  ])('%s twice is 401: %j', async (name, values) => {
    const lines = values.map((value) => `${name}: ${value}`);

    const reply = await rawRequest(running().url, ['GET /v1/payments HTTP/1.1', 'Host: h', ...lines]);

    expect([reply.status, reply.problem.code]).toEqual([401, 'unauthenticated']);
  });

  test('twice in different case, with one of them far below', async () => {
    const body = JSON.stringify(order);
    const reply = await rawRequest(
      running().url,
      [
        'POST /v1/payments HTTP/1.1',
        'Host: h',
        'x-merchant-id: m_demo',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Idempotency-Key: 0123456789abcdef',
        'X-MERCHANT-ID: m_demo',
      ],
      body,
    );

    expect(reply.status).toBe(401);
  });

  test.each(['', ' ', 'm demo', 'm_demo, m_other', 'm/demo', 'm#demo', 'm'.repeat(65), 'ü'])(
    'x-merchant-id: "%s" names no account: 401',
    async (id) => {
      const { status, problem } = await call('GET', '/v1/payments', { headers: { 'x-merchant-id': id } });

      expect([status, problem.code]).toEqual([401, 'unauthenticated']);
    },
  );

  test('Authorization and forwarding headers mean nothing', async () => {
    const headers = { authorization: 'Bearer x', 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' };

    expect((await createPayment({}, headers)).merchantId).toBe('m_demo');
  });

  test('scopes are separated by spaces, also by several', async () => {
    const headers = { 'x-scopes': '  qr:read   payments:read ' };

    expect((await call('GET', '/v1/payments', { headers })).status).toBe(200);
    expect((await call('GET', '/v1/payments', { headers: { 'x-scopes': 'qr:read,payments:read' } })).status).toBe(403);
  });
});

describe.each(['0.0.0.0', ownAddress()])('on %s', (host) => {
  const { call } = useHandler({ HOST: host });
  const both = {
    'x-merchant-id': 'm_demo',
    'x-scopes': 'payments:read payments:authorize merchants:admin payments:write',
  };

  test.each([
    ['both', {}],
    ['x-scopes', { 'x-merchant-id': 'm_demo' }],
    ['x-merchant-id', { 'x-scopes': 'payments:read' }],
  ])('without %s every operation is 401', async (_, headers) => {
    const replies = await Promise.all([
      call('GET', '/v1/payments', { headers }),
      call('POST', '/v1/payments', { body: order, headers }),
      call('POST', '/v1/payments', { raw: '{', headers, key: null }),
      call('GET', `/v1/payments/pay_${'a'.repeat(26)}local`, { headers }),
      call('POST', `/v1/payments/pay_${'a'.repeat(26)}local/authorize`, { body: approve, headers }),
      call('PUT', '/v1/merchants/m_demo', { body: profile, headers }),
      call('POST', '/v1/qr/decode', { body: { payload: 'x' }, headers }),
    ]);

    expect(replies.map(({ status, problem }) => [status, problem.code])).toEqual(
      Array(replies.length).fill([401, 'unauthenticated']),
    );
  });

  test('with both it serves, and m_demo is nobody special', async () => {
    const without = await call('POST', '/v1/payments', { body: order, headers: both });
    await call('PUT', '/v1/merchants/m_demo', { body: profile, headers: both });
    const created = await call('POST', '/v1/payments', { body: order, headers: both });

    expect([without.status, without.problem.code]).toEqual([409, 'merchant-not-configured']);
    expect(created.status).toBe(201);
  });

  test('empty scopes are none', async () => {
    expect((await call('GET', '/v1/payments', { headers: { ...both, 'x-scopes': '' } })).status).toBe(403);
  });

  test.each(['/health/live', '/health/ready', '/health/region', '/openapi.json'])('GET %s is open', async (path) => {
    expect((await call('GET', path)).status).toBe(200);
  });
});

/** Of this machine and not loopback; 0.0.0.0 again where there is none. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '0.0.0.0';
}

describe('scopes with the name of an authorization server before them', () => {
  const { call } = useHandler({ SCOPE_PREFIX: 'payments/' });

  test.each([
    ['payments/payments:read payments/qr:read', 200],
    ['payments:read', 403],
    ['other/payments:read', 403],
    ['payments/payments:write', 403],
    ['none', 403],
  ])('%s: %p', async (scopes, status) => {
    const reply = await call('GET', '/v1/payments', { headers: { 'x-scopes': scopes } });

    expect(reply.status).toBe(status);
  });
});
