/** Paths and methods: what the document has is served, and everything else is told so (S14). */
import { useHandler } from '../harness';
import { openApi } from './check-reply';

const { call, createPayment } = useHandler();

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];
const PATHS = Object.entries(openApi.paths).map(([path, item]) => ({
  path,
  methods: Object.keys(item).map((method) => method.toUpperCase()),
}));

let id: string;
beforeAll(async () => {
  ({ id } = await createPayment());
});
const real = (path: string) => path.replace('{id}', id).replace('{merchantId}', 'm_demo');
const allowed = (allow: string | undefined) =>
  (allow ?? '').split(/,\s*/).filter((method) => !['HEAD', 'OPTIONS'].includes(method));

test.each(PATHS)('$path takes $methods and answers 405 with Allow to all others', async ({ path, methods }) => {
  for (const method of METHODS.filter((each) => !methods.includes(each))) {
    const { status, headers, problem } = await call(method, real(path));
    expect([method, status, problem.code]).toEqual([method, 405, 'method-not-allowed']);
    expect(allowed(headers.allow).sort()).toEqual([...methods].sort());
  }
  for (const method of methods) {
    const { status } = await call(method, real(path));
    expect([404, 405]).not.toContain(status);
  }
});

test.each(PATHS)('HEAD $path is as GET without a body, or 405', async ({ path, methods }) => {
  const { status, bytes, headers } = await call('HEAD', real(path));

  expect(bytes).toHaveLength(0);
  expect(methods.includes('GET') ? [200, 405] : [405]).toContain(status);
  if (status === 405) expect(allowed(headers.allow).sort()).toEqual([...methods].sort());
});

test.each(['OPTIONS', 'TRACE', 'PROPFIND', 'CONNECTED'])(
  '%s is refused, and its headers are not sent back',
  async (method) => {
    const canary = { 'x-canary': 'canary-value' };

    const reply = await call(method, '/v1/payments', { headers: canary }).catch((error: Error) => error);

    // Node sends only methods that it knows.
    if (reply instanceof Error) expect(reply.message).toMatch(/Parse|method/i);
    else {
      expect([400, 405]).toContain(reply.status);
      expect(reply.text).not.toContain('canary');
    }
  },
);

test('a browser page elsewhere is allowed nothing', async () => {
  const reply = await call('GET', '/v1/payments', { headers: { origin: 'https://evil.example' } });

  expect(reply.headers['access-control-allow-origin']).toBeUndefined();
});

test.each([
  '/v1',
  '/v1/',
  '/v1/nope',
  '/v2/payments',
  '/V1/payments',
  '/v1/Payments',
  '//v1/payments',
  '/v1//payments',
  '/v1/./payments',
  '/v1/x/../payments',
  '/v1/payments/%2e%2e/payments',
  '/v1/payments/x/nope',
  '/v1/payments/x/qr/',
  '/v1/payments/x/authorize/y',
  '/v1/merchants',
  '/v1/qr',
  '/v1/qr/encode/x',
  '/health',
  '/health/live/',
  '/openapi.yaml',
  '/openapi.json/',
  '/.env',
  '/metrics',
  '/v1/payments;x=1',
  '/v1%2Fpayments',
])('%s is 404 not-found', async (path) => {
  for (const method of ['GET', 'POST']) {
    const { status, problem } = await call(method, path);
    expect([method, status, problem.code]).toEqual([method, 404, 'not-found']);
  }
});

test('a slash at the end is not the list', async () => {
  expect((await call('GET', '/v1/payments/')).status).toBe(404);
  expect([404, 405]).toContain((await call('POST', '/v1/payments/')).status);
});

test('an unknown path does not tell what was asked for', async () => {
  const { text } = await call('GET', '/v1/<script>alert(1)</script>'.replaceAll('<', '%3C'));

  expect(text).not.toMatch(/script|alert/);
});
