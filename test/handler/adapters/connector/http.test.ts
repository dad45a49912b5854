/** The HTTP connector against a bank on loopback that says anything. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpConnector } from '../../../../src/handler/adapters/connector/http';
import { signingKey, signRequest } from '../../../../src/handler/adapters/connector/standard-webhooks';
import { systemClock } from '../../../../src/handler/adapters/system-clock';
import type { BankOperation } from '../../../../src/handler/app/ports';

const SECRET = Buffer.from('a secret of thirty-two bytes, ok').toString('base64');
const OPERATION: BankOperation = {
  opKey: 'pay_aaaaaaaaaaaaaaaaaaaaaaaaaalocal.sale.1',
  kind: 'sale',
  paymentId: 'pay_aaaaaaaaaaaaaaaaaaaaaaaaaalocal',
  merchantId: 'm_1',
  amount: { currency: 'SGD', value: 1250 },
  payerToken: 'tok_1',
};
const ANSWER = {
  opKey: OPERATION.opKey,
  result: 'approved',
  code: '00',
  connectorReference: 'ref-1',
  amount: OPERATION.amount,
};

interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let bank: Server;
let seen: Seen[];
let answer: (response: ServerResponse) => void;
let connector: ReturnType<typeof createHttpConnector>;

beforeAll(async () => {
  bank = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(response);
  });
  await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  seen = [];
  const { port } = bank.address() as AddressInfo;
  connector = createHttpConnector({
    url: `http://127.0.0.1:${port}/qr`,
    key: () => signingKey(SECRET),
    clock: systemClock,
  });
});

afterEach(() => connector.close());
afterAll(() => {
  bank.closeAllConnections();
  bank.close();
});

const says = (status: number, body: unknown) => (response: ServerResponse) => {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
};
const put = (signal = AbortSignal.timeout(1_000)) => connector.put(OPERATION, signal);
const get = () => connector.get(OPERATION, AbortSignal.timeout(1_000));

test('PUT carries the operation to its own URL, GET nothing', async () => {
  answer = says(200, ANSWER);
  expect(await put()).toEqual({ result: 'approved', code: '00', reference: 'ref-1' });
  expect(await get()).toEqual({ result: 'approved', code: '00', reference: 'ref-1' });

  const [first, second] = seen;
  expect(first).toMatchObject({
    method: 'PUT',
    url: `/qr/operations/${OPERATION.opKey}`,
    headers: { 'content-type': 'application/json' },
  });
  const { opKey: _, ...rest } = OPERATION;
  expect(JSON.parse(first.body)).toEqual(rest);
  expect(second).toMatchObject({ method: 'GET', url: first.url, body: '' });
});

test('requests are signed over id, time and body, with the body empty for GET', async () => {
  answer = says(200, ANSWER);
  await put();
  await get();
  for (const { headers, body } of seen) {
    const message = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(message).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
  }
  expect(seen[0].headers['webhook-signature']).not.toBe(seen[1].headers['webhook-signature']);
});

test('a signing secret may be rotated between two requests', async () => {
  const secrets = [SECRET, Buffer.alloc(32, 9).toString('base64')];
  const { port } = bank.address() as AddressInfo;
  const rotating = createHttpConnector({
    url: `http://127.0.0.1:${port}`,
    key: () => signingKey(secrets.shift()!),
    clock: systemClock,
  });
  answer = says(200, ANSWER);
  await rotating.put(OPERATION, AbortSignal.timeout(1_000));
  await rotating.put(OPERATION, AbortSignal.timeout(1_000));
  await rotating.close();
  const signed = ({ headers, body }: Seen, key: Buffer) =>
    `v1,${createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`;
  expect(seen[0].headers['webhook-signature']).toBe(signed(seen[0], Buffer.from(SECRET, 'base64')));
  expect(seen[1].headers['webhook-signature']).toBe(signed(seen[1], Buffer.alloc(32, 9)));
});

test('a known vector of Standard Webhooks', () => {
  const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const headers = signRequest(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1614265330_000), '{"test": 2432232314}');
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('declined is an answer; 409 to a PUT is a conflict; 404 to a GET says never seen', async () => {
  answer = says(200, { ...ANSWER, result: 'declined', code: '05' });
  expect(await put()).toEqual({ result: 'declined', code: '05', reference: 'ref-1' });
  answer = says(409, {});
  expect(await put()).toEqual({ result: 'conflict' });
  answer = says(404, {});
  expect(await get()).toEqual({ result: 'absent' });
  expect(await put()).toEqual({ result: 'unknown' });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['500', says(500, ANSWER)],
  ['503', says(503, '')],
  ['201', says(201, ANSWER)],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['no JSON', says(200, '<html>')],
  ['an array', says(200, [ANSWER])],
  ['null', says(200, 'null')],
  ['another result', says(200, { ...ANSWER, result: 'maybe' })],
  ['far too much', says(200, JSON.stringify({ ...ANSWER, more: 'x'.repeat(100_000) }))],
  [
    'half an answer',
    (response) => response.writeHead(200, { 'content-length': '500' }).write('{"opKey":', () => response.destroy()),
  ],
  ['a reset', (response) => response.destroy()],
])('%s is not believed: unknown', async (_, say) => {
  answer = say;
  expect(await put()).toEqual({ result: 'unknown' });
  expect(await get()).toEqual({ result: 'unknown' });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['another opKey', says(200, { ...ANSWER, opKey: 'pay_other.sale.1' })],
  ['another amount', says(200, { ...ANSWER, amount: { currency: 'SGD', value: 1251 } })],
  ['another currency', says(200, { ...ANSWER, amount: { currency: 'USD', value: 1250 } })],
  ['an amount in words', says(200, { ...ANSWER, amount: { currency: 'SGD', value: '1250' } })],
  ['no amount', says(200, { ...ANSWER, amount: undefined })],
])('%s is an answer about something else', async (_, say) => {
  answer = say;
  expect(await put()).toEqual({ result: 'mismatch' });
  expect(await get()).toEqual({ result: 'mismatch' });
});

test('silence ends with the attempt', async () => {
  answer = () => undefined;
  const began = Date.now();
  expect(await put(AbortSignal.timeout(100))).toEqual({ result: 'unknown' });
  expect(Date.now() - began).toBeLessThan(1_000);
});

test('a bank that is not there: unknown', async () => {
  const nowhere = createHttpConnector({ url: 'http://127.0.0.1:1', key: () => signingKey(SECRET), clock: systemClock });
  expect(await nowhere.put(OPERATION, AbortSignal.timeout(1_000))).toEqual({ result: 'unknown' });
  await nowhere.close();
});
