/** The connector protocol against a bank on loopback that says anything. */
import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { signingKey, signRequest } from '../../../../src/handler/adapters/connector/standard-webhooks';
import {
  ANSWER,
  APPROVED,
  closeConnectors,
  connectorTo,
  FakeBank,
  get,
  OPERATION,
  put,
  SECRET,
  type Seen,
  says,
} from './fake-bank';

let bank: FakeBank;
let connector: ReturnType<typeof connectorTo>;

beforeEach(async () => {
  bank = await FakeBank.start();
  connector = connectorTo(bank.url);
});
afterEach(async () => {
  await closeConnectors();
  await bank.stop();
});

const signatureOf = ({ headers, body }: Seen, key: Buffer) =>
  `v1,${createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`;

test('PUT carries the operation to its own URL, GET nothing', async () => {
  expect(await put(connector)).toEqual(APPROVED);
  expect(await get(connector)).toEqual(APPROVED);

  const [first, second] = bank.seen;
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
  await put(connector);
  await get(connector);

  for (const seen of bank.seen) {
    expect(seen.headers['webhook-signature']).toBe(signatureOf(seen, Buffer.from(SECRET, 'base64')));
    expect(Math.abs(Number(seen.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
  }
  expect(bank.seen[0].headers['webhook-signature']).not.toBe(bank.seen[1].headers['webhook-signature']);
});

test('a signing secret may be rotated between two requests', async () => {
  const secrets = [Buffer.from(SECRET, 'base64'), Buffer.alloc(32, 9)];
  let turn = 0;
  const rotating = connectorTo(bank.url, {
    keys: () => ({ signing: signingKey(secrets[turn++].toString('base64')) }),
  });

  await put(rotating);
  await put(rotating);

  expect(bank.seen.map(({ headers }) => headers['webhook-signature'])).toEqual(
    bank.seen.map((seen, n) => signatureOf(seen, secrets[n])),
  );
});

test('a known vector of Standard Webhooks', () => {
  const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const headers = signRequest(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1614265330_000), '{"test": 2432232314}');
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('the trace goes along in headers of its own', async () => {
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
  await connector.put({ ...OPERATION, trace }, AbortSignal.timeout(1_000));
  await put(connector);

  expect(bank.seen[0].headers).toMatchObject(trace);
  expect(bank.seen[0].body).toBe(bank.seen[1].body);
  expect(bank.seen[1].headers).not.toHaveProperty('traceparent');
});

test('declined is an answer; 409 to a PUT is a conflict; 404 to a GET says never seen', async () => {
  bank.answer = says(200, { ...ANSWER, result: 'declined', code: '05' });
  expect(await put(connector)).toEqual({ result: 'declined', code: '05', reference: 'ref-1' });
  bank.answer = says(409, {});
  expect(await put(connector)).toEqual({ result: 'conflict' });
  expect(await get(connector)).toEqual({ result: 'unknown' });
  bank.answer = says(404, {});
  expect(await get(connector)).toEqual({ result: 'absent' });
  expect(await put(connector)).toEqual({ result: 'unknown' });
});

test('what the bank says of itself is kept in bounds', async () => {
  bank.answer = says(200, { ...ANSWER, code: 'x'.repeat(100), connectorReference: 7 });
  expect(await put(connector)).toEqual({ result: 'approved', code: 'x'.repeat(64), reference: '' });
  // Brackets inside a string are no depth.
  bank.answer = says(200, { ...ANSWER, code: '[[[[[[[[[[ \\"{{{{' });
  expect(await put(connector)).toEqual({ ...APPROVED, code: '[[[[[[[[[[ \\"{{{{' });
});

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each<[string, (response: ServerResponse) => void]>([
  ['400', says(400, ANSWER)],
  ['401', says(401, ANSWER)],
  ['500', says(500, ANSWER)],
  ['503', says(503, '')],
  ['201', says(201, ANSWER)],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['no JSON', says(200, '<html>')],
  ['an array', says(200, [ANSWER])],
  ['null', says(200, 'null')],
  ['another result', says(200, { ...ANSWER, result: 'maybe' })],
  ['far too much', says(200, JSON.stringify({ ...ANSWER, more: 'x'.repeat(100_000) }))],
  ['far too deep', says(200, JSON.stringify(ANSWER).replace('{', `{"more":${nested(8)},`))],
  [
    'half an answer',
    (response) => response.writeHead(200, { 'content-length': '500' }).write('{"opKey":', () => response.destroy()),
  ],
  [
    'more than it announced',
    (response) => response.socket!.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${JSON.stringify(ANSWER)}`),
  ],
  ['what is no HTTP', (response) => response.socket!.end('hello\r\n\r\n')],
  ['a reset', (response) => response.destroy()],
])('%s is not believed: unknown', async (_, say) => {
  bank.answer = say;
  expect(await put(connector)).toEqual({ result: 'unknown' });
  expect(await get(connector)).toEqual({ result: 'unknown' });
});

test.each([
  ['another amount', { currency: 'SGD', value: 1251 }],
  ['another currency', { currency: 'USD', value: 1250 }],
])('a whole record of %s is given to whoever may adopt it', async (_, amount) => {
  bank.answer = says(200, { ...ANSWER, amount });
  const expected = { result: 'mismatch', record: { ...APPROVED, amount } };
  expect(await put(connector)).toEqual(expected);
  expect(await get(connector)).toEqual(expected);
});

test.each([
  ['another opKey', { opKey: 'pay_other.sale.1' }],
  ['another opKey and amount', { opKey: 'pay_other.sale.1', amount: { currency: 'SGD', value: 1 } }],
  ['an amount in words', { amount: { currency: 'SGD', value: '1250' } }],
  ['half a cent', { amount: { currency: 'SGD', value: 1250.5 } }],
  ['nothing', { amount: { currency: 'SGD', value: 0 } }],
  ['no currency', { amount: { value: 1250 } }],
  ['no amount', { amount: undefined }],
])('%s is an answer about something else, and no record', async (_, members) => {
  bank.answer = says(200, { ...ANSWER, ...members });
  expect(await put(connector)).toEqual({ result: 'mismatch' });
  expect(await get(connector)).toEqual({ result: 'mismatch' });
});

test('an answer may say more than is asked', async () => {
  bank.answer = says(200, { ...ANSWER, balance: { of: 'the payer' } });
  expect(await put(connector)).toEqual(APPROVED);
});
