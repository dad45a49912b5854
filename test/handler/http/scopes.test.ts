/** Who may do what: every operation by every scope, from the table of the contract and not from the document. */
import { approve, type Call, order, type Payment, profile, sgd, useHandler } from '../harness';
import { openApi } from './check-reply';

const { call, paymentIn, read } = useHandler();

const SCOPES = [
  ...['payments:read', 'payments:write', 'payments:authorize', 'payments:refund', 'merchants:admin', 'qr:read'],
];

interface Case {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
  readonly from?: string;
  readonly request?: Call;
}

const CASES: readonly Case[] = [
  { method: 'PUT', path: '/v1/merchants/m_demo', scopes: ['merchants:admin'], request: { body: profile } },
  { method: 'GET', path: '/v1/merchants/m_demo', scopes: ['payments:read'] },
  { method: 'POST', path: '/v1/payments', scopes: ['payments:write'], request: { body: order } },
  { method: 'GET', path: '/v1/payments/{id}', scopes: ['payments:read', 'payments:authorize'] },
  { method: 'GET', path: '/v1/payments', scopes: ['payments:read'] },
  { method: 'GET', path: '/v1/payments/{id}/qr', scopes: ['payments:read'] },
  { method: 'POST', path: '/v1/payments/{id}/authorize', scopes: ['payments:authorize'], request: { body: approve } },
  { method: 'POST', path: '/v1/payments/{id}/capture', scopes: ['payments:write'], from: 'authorized' },
  { method: 'POST', path: '/v1/payments/{id}/cancel', scopes: ['payments:write'] },
  { method: 'POST', path: '/v1/payments/{id}/refunds', scopes: ['payments:refund'], from: 'captured' },
  { method: 'GET', path: '/v1/payments/{id}/events', scopes: ['payments:read'] },
  { method: 'POST', path: '/v1/qr/encode', scopes: ['qr:read'], request: { body: { merchant: profile } } },
  { method: 'POST', path: '/v1/qr/decode', scopes: ['qr:read'], request: { body: { payload: 'x' } } },
];
const OPEN = ['/health/live', '/health/ready', '/health/region', '/openapi.json'];

let payments: Record<string, Payment>;
beforeAll(async () => {
  const statuses = ['created', 'authorized', 'captured'];
  payments = Object.fromEntries(await Promise.all(statuses.map(async (status) => [status, await paymentIn(status)])));
});

function send({ method, path, from = 'created', request }: Case, scopes: string | undefined) {
  const found = path.replace('{id}', payments[from].id);
  return call(method, found, { ...request, headers: { 'x-merchant-id': 'm_demo', 'x-scopes': scopes } });
}

test('the cases are all operations of the document', () => {
  const documented = Object.entries(openApi.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace('{merchantId}', 'm_demo')}`),
  );

  const tested = [...CASES.map(({ method, path }) => `${method} ${path}`), ...OPEN.map((path) => `GET ${path}`)];
  expect(documented.sort()).toEqual(tested.sort());
});

test.each(CASES)('$method $path needs $scopes', async (one) => {
  const others = SCOPES.filter((scope) => !one.scopes.includes(scope));
  const before = await Promise.all(Object.values(payments).map(async (payment) => (await read(payment)).payment));

  for (const scopes of [...others, others.join(' '), '', 'admin', '*', 'payments', `${one.scopes[0]}x`]) {
    const { status, problem } = await send(one, scopes);
    expect([scopes, status, problem.code]).toEqual([scopes, 403, 'insufficient-scope']);
  }

  const after = await Promise.all(Object.values(payments).map(async (payment) => (await read(payment)).payment));
  expect(after).toEqual(before);
});

test.each(CASES)('$method $path is served with $scopes alone, and with it among others', async (one) => {
  const fresh = async () => {
    payments[one.from ?? 'created'] = await paymentIn(one.from ?? 'created');
  };
  const expected = one.path === '/v1/qr/decode' ? [422] : [200, 201];
  for (const scopes of [...one.scopes, `qr:unheard-of ${one.scopes[0]}`, SCOPES.join(' ')]) {
    await fresh();
    expect(expected).toContain((await send(one, scopes)).status);
  }
  await fresh();
});

test.each(OPEN)('GET %s needs none', async (path) => {
  expect((await call('GET', path, { headers: { 'x-scopes': '' } })).status).toBe(200);
});

test('403 comes before what the path or body could tell', async () => {
  const headers = { 'x-scopes': 'qr:read' };
  const unknown = `/v1/payments/pay_${'a'.repeat(26)}local`;

  const replies = [
    await call('GET', unknown, { headers }),
    await call('POST', `${unknown}/capture`, { raw: '{', headers, key: null }),
    await call('POST', `/v1/payments/${payments.created.id}/refunds`, { body: { amount: sgd(0) }, headers }),
    await call('GET', '/v1/payments?limit=0', { headers }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});
