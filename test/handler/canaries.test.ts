/**
 * Nothing that anybody sends is in what the process prints (I39, S17). A word that occurs nowhere else goes into every body member, header,
 * query, path, key, code, token and card number, one at a time and all at once, and into what a failing store and a bank say. Then everything
 * that the real process printed is searched for it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useBundle } from './bundle';
import { rawExchange } from './http/raw-http';

const CANARY = `canary${randomBytes(6).toString('hex')}`;
const CARD = '4929119722583706';
const CARDS = [CARD, '4929 1197 2258 3706', '4929-1197-2258-3706'];
const LEAK = new RegExp([CANARY, Buffer.from(CANARY).toString('base64').slice(0, -4), ...CARDS].join('|'), 'i');

const start = useBundle();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Json = string | number | { readonly [name: string]: Json };
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

const ORDER = {
  ...{ amount: { currency: 'SGD', value: 1250 }, reference: `${CANARY}-reference`, captureMethod: 'manual' },
  ...{ description: `${CANARY} description`, metadata: { [`${CANARY}-key`]: `${CANARY} value` } },
};
const PROFILE = {
  ...{ name: `${CANARY} name`.slice(0, 25), city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD' },
  local: { language: 'zh', name: CANARY, city: CANARY.slice(0, 15) },
};
const account = { scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': CANARY } };
const HEADERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['authorization', 'cookie', 'user-agent', 'referer', 'origin', 'accept', 'accept-language', 'x-forwarded-for'],
    ...['if-match', 'if-none-match', 'traceparent', 'tracestate', 'x-request-id', 'forwarded', 'via', 'expect', 'te'],
    ...['content-encoding', 'content-language', 'x-amzn-trace-id', 'x-api-key', `x-${CANARY}`, 'priority', 'baggage'],
  ].map((name) => [name, `"${CANARY}"`]),
);

/** The body with another value in one place, for each place and each value; and with a member more. */
function variants(body: Json): Json[] {
  if (typeof body !== 'object')
    return [CANARY, `${CANARY}\n    at ${CANARY} (${CANARY}.js:1:1)`, ...CARDS, Number(CARD)];
  const inside = Object.entries(body).flatMap(([name, value]) =>
    variants(value).map((variant): Json => ({ ...body, [name]: variant })),
  );
  return [...inside, { ...body, [CANARY]: CANARY }, { ...body, [CARD]: 1 }];
}

/** Each request as it is, with every variant of its body, and with every header, each alone. */
function manyOf(sent: Sent): Sent[] {
  const bodies = sent.body === undefined ? [] : variants(sent.body);
  return [
    sent,
    ...bodies.map((body) => ({ ...sent, body })),
    ...Object.entries(HEADERS).map(([name, value]) => ({ ...sent, headers: { ...sent.headers, [name]: value } })),
    { ...sent, path: `${sent.path}?${CANARY}=${CANARY}` },
    { ...sent, path: `${sent.path}/${CANARY}` },
    { ...sent, headers: { ...sent.headers, 'idempotency-key': `${CANARY}!` } },
    { ...sent, headers: { ...sent.headers, 'x-merchant-id': `not ${CANARY}` } },
    { ...sent, headers: { ...sent.headers, 'x-scopes': CANARY } },
  ];
}

async function send(url: string, { method, path, body, headers }: Sent) {
  const { hostname, port } = new URL(url);
  const content = body === undefined ? '' : JSON.stringify(body);
  const all = {
    ...{ host: 'h', 'content-type': 'application/json', 'idempotency-key': `${CANARY}${randomUUID()}` },
    ...{ ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(content)) },
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value.replaceAll('\n', ' ')}`);
  const head = [`${method} ${path.replaceAll(/\s/g, '%20')} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return rawExchange(`http://${hostname}:${port}`, `${head}${content}`);
}

const paymentCalls = (id: string): Sent[] => [
  { method: 'GET', path: `/v1/payments/${id}` },
  { method: 'GET', path: `/v1/payments/${id}/events` },
  { method: 'GET', path: `/v1/payments/${id}/qr` },
  {
    method: 'POST',
    path: `/v1/payments/${id}/authorize`,
    body: { payer: { token: CANARY }, qrPayload: CANARY, amount: { currency: 'SGD', value: 1 } },
  },
  { method: 'POST', path: `/v1/payments/${id}/authorize`, body: { payer: { token: 'tok_approve' } } },
  { method: 'POST', path: `/v1/payments/${id}/capture`, body: { amount: { currency: 'SGD', value: 1250 } } },
  { method: 'POST', path: `/v1/payments/${id}/cancel` },
  {
    method: 'POST',
    path: `/v1/payments/${id}/refunds`,
    body: { reason: CANARY, amount: { currency: 'SGD', value: 1 } },
  },
];

const CALLS: Sent[] = [
  { method: 'GET', path: '/v1/payments' },
  { method: 'GET', path: `/v1/payments?cursor=${CANARY}&status=${CANARY}&limit=${CARD}` },
  { method: 'POST', path: '/v1/payments', body: ORDER },
  { method: 'PUT', path: '/v1/merchants/m_new', body: { ...PROFILE, accounts: [account] } as never },
  { method: 'PUT', path: `/v1/merchants/${CANARY}%00`, body: PROFILE },
  { method: 'POST', path: '/v1/qr/decode', body: { payload: CANARY } },
  { method: 'POST', path: '/v1/qr/encode', body: { fields: { '59': CANARY } } },
  { method: CANARY.toUpperCase(), path: '/v1/payments' },
  { method: 'CONNECT', path: `${CANARY}.example:443` },
  { method: 'GET', path: `/${CANARY}` },
  { method: 'GET', path: `/v1/payments/${CARD}` },
  { method: 'GET', path: `/v1/payments/%${CANARY}` },
  ...paymentCalls(CANARY),
];

const RAW = [
  `${CANARY}\r\n\r\n`,
  `GET / HTTP/1.1\r\n${CANARY}\r\n\r\n`,
  `GET /${CANARY.repeat(600)} HTTP/1.1\r\nHost: h\r\n\r\n`,
];
const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

test('whatever comes in: every field, on success and on refusal', async () => {
  const handler = await start({ LOG_LEVEL: 'debug', METRICS: 'emf' });
  const { payment } = await send(handler.url, { method: 'POST', path: '/v1/payments', body: ORDER });
  const requests = [...CALLS, ...paymentCalls(payment.id)].flatMap(manyOf);

  const statuses = new Map<number, number>();
  for (const each of requests) {
    const { status } = await send(handler.url, each);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  for (const bytes of RAW) await rawExchange(handler.url, bytes);
  handler.process.kill('SIGTERM');

  expect(await handler.closed).toBe(0);
  expect(requests.length).toBeGreaterThan(500);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 409, 415, 422]));
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(handler.lines().length).toBeGreaterThan(requests.length * 0.9);
  expect(handler.output()).not.toMatch(LEAK);
}, 120_000);

test('whatever a bank says, and whatever breaks on the way to it', async () => {
  const says =
    (status: number, body: object): RequestListener =>
    (request, response) => {
      const opKey = decodeURIComponent(request.url?.split('/').pop() ?? '');
      const whole = { opKey, amount: ORDER.amount, ...body };
      response.writeHead(status, CANARY, { [CANARY]: CANARY }).end(JSON.stringify(whole));
    };
  const answers: RequestListener[] = [
    says(200, { result: 'approved', code: CANARY, connectorReference: CANARY }),
    says(200, { result: 'declined', code: CANARY, connectorReference: CANARY, [CANARY]: CANARY }),
    says(200, { result: CANARY }),
    says(500, { error: CANARY }),
    (_request, response) => response.end(`{"${CANARY}`),
    (request) => request.socket.end(CANARY),
  ];
  const paymentIds: string[] = [];
  const asked = new Set<number>();
  const bank = await listen((request, response) => {
    const index = paymentIds.findIndex((id) => request.url?.includes(id));
    asked.add(index);
    answers[index](request, response);
  });
  const handler = await start({
    ...{ CONNECTOR_URL: bank, CONNECTOR_SECRET: `whsec_${Buffer.from(CANARY.repeat(2)).toString('base64')}` },
    METRICS: 'emf',
  });
  for (const _ of answers) {
    const { payment } = await send(handler.url, { method: 'POST', path: '/v1/payments', body: ORDER });
    paymentIds.push(payment.id);
  }
  // Those that are not believed are asked again for as long as a client waits, which is longer than this one does.
  const authorize = (id: string) =>
    send(handler.url, { method: 'POST', path: `/v1/payments/${id}/authorize`, body: { payer: { token: CANARY } } });
  await Promise.all(paymentIds.map((id) => authorize(id).catch(() => 'late')));
  await settled();

  expect(asked.size).toBe(answers.length);
  expect(handler.lines().length).toBeGreaterThan(answers.length);
  expect(handler.output()).not.toMatch(LEAK);
}, 60_000);

test('whatever a store says when it fails', async () => {
  const failures: RequestListener[] = [400, 500].map((status) => (request, response) => {
    request.resume();
    const said = {
      __type: 'com.example#ValidationException',
      message: `${CANARY}\n    at ${CANARY}`,
      Item: { [CANARY]: { S: CANARY } },
    };
    response.writeHead(status, CANARY, { [CANARY]: CANARY }).end(JSON.stringify(said));
  });
  failures.push((request, response) => {
    request.resume();
    response.end(CANARY);
  });
  let fail = failures[0];
  const endpoint = await listen((request, response) => fail(request, response));
  const handler = await start({
    ...{ TABLE_NAME: `${CANARY}-table`, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_DYNAMODB: endpoint, METRICS: 'emf' },
    ...{ AWS_ACCESS_KEY_ID: CANARY, AWS_SECRET_ACCESS_KEY: CANARY, AWS_SESSION_TOKEN: CANARY },
  });
  for (const each of failures) {
    fail = each;
    for (const call of [CALLS[0], CALLS[2], CALLS[3]]) {
      const { status, text } = await send(handler.url, call);
      expect(status).toBeGreaterThanOrEqual(500);
      expect(text).not.toMatch(LEAK);
    }
  }
  await settled();
  expect(handler.lines().filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
  expect(handler.output()).not.toMatch(LEAK);
}, 60_000);
