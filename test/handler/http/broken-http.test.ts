/** Bytes that are no proper HTTP: a problem document where there is somebody to tell, and the handler stays up (I35). */
import { order, useHandler } from '../harness';
import { rawExchange, rawRequest } from './raw-http';

const { call, running, log } = useHandler();

const body = JSON.stringify(order);
const HEAD = [
  'POST /v1/payments HTTP/1.1',
  'Host: h',
  'Content-Type: application/json',
  'Idempotency-Key: 0123456789abcdef',
];

afterEach(async () => {
  expect((await call('GET', '/health/ready')).status).toBe(200);
});

const problemOf = ({ status, type, problem, headers }: Awaited<ReturnType<typeof rawRequest>>) => {
  expect(type).toBe('application/problem+json');
  expect([problem.status, problem.requestId]).toEqual([status, headers['x-request-id']]);
  expect(problem.type.endsWith(`:${problem.code}`)).toBe(true);
  return problem;
};

test.each([
  ['garbage', 'canary garbage\r\n\r\n'],
  ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an unknown version', 'GET /v1/payments HTTP/9.9\r\nHost: h\r\n\r\n'],
  ['an unknown method', 'CANARY /v1/payments HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a space in the path', 'GET /v1/pay ments HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a header without a name', 'GET /health/live HTTP/1.1\r\nHost: h\r\n: canary\r\n\r\n'],
  ['a header without a colon', 'GET /health/live HTTP/1.1\r\nHost: h\r\ncanary\r\n\r\n'],
  ['a space before the colon', 'GET /health/live HTTP/1.1\r\nHost: h\r\nx-canary : 1\r\n\r\n'],
  ['a NUL in a header', 'GET /health/live HTTP/1.1\r\nHost: h\r\nx-canary: a\0b\r\n\r\n'],
  ['no Host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['a line feed alone', 'GET /health/live HTTP/1.1\nHost: h\ncanary\n\n'],
])('%s is 400', async (_, bytes) => {
  const reply = await rawExchange(running().url, bytes);

  expect([reply.status, problemOf(reply).code]).toEqual([400, 'invalid-request']);
  expect(reply.text + log.join('')).not.toMatch(/canary/i);
});

test.each([
  ['one header of 9 KB', ['X-Canary: '.padEnd(9_000, 'a')]],
  ['many headers', [...Array(400).keys()].map((n) => `X-Canary-${n}: ${'a'.repeat(20)}`)],
  ['a long cookie', [`Cookie: ${'a'.repeat(100_000)}`]],
])('more than 8 KiB of headers is 431: %s', async (_, lines) => {
  const reply = await rawRequest(running().url, ['GET /health/live HTTP/1.1', 'Host: h', ...lines]);

  expect([reply.status, problemOf(reply).code]).toEqual([431, 'headers-too-large']);
});

test('a path of 9 KB is too large as well', async () => {
  const reply = await rawRequest(running().url, [`GET /v1/payments/${'a'.repeat(9_000)} HTTP/1.1`, 'Host: h']);

  expect([400, 404, 414, 431]).toContain(reply.status);
  problemOf(reply);
});

test('7 KB of headers is fine', async () => {
  const reply = await rawRequest(running().url, ['GET /health/live HTTP/1.1', 'Host: h', 'X-A: '.padEnd(7_000, 'a')]);

  expect(reply.status).toBe(200);
});

test.each([
  ['both lengths', [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked']],
  ['both lengths the other way round', ['Transfer-Encoding: chunked', `Content-Length: ${body.length}`]],
  ['two lengths', [`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`]],
  ['a length that is no number', ['Content-Length: many']],
  ['a negative length', ['Content-Length: -1']],
  ['a length with a sign', [`Content-Length: +${body.length}`]],
  ['a hexadecimal length', ['Content-Length: 0x10']],
  ['an unknown coding', ['Transfer-Encoding: canary']],
  ['chunked and more', ['Transfer-Encoding: chunked, identity']],
  ['chunked twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
  ['chunked with a tab', ['Transfer-Encoding:\tchunked', `Content-Length: ${body.length}`]],
])('%s is 400, and no payment is made (S13)', async (_, lines) => {
  const reply = await rawRequest(running().url, [...HEAD, ...lines], body);

  expect(reply.status).toBe(400);
  problemOf(reply);
  expect((await call('GET', '/v1/payments')).page.data).toEqual([]);
});

test.each([
  ['a chunk size that is no number', 'zz\r\n'],
  ['a chunk longer than it says', `5\r\n${body}\r\n0\r\n\r\n`],
  ['a negative chunk', '-1\r\n\r\n'],
  ['an endless chunk size', `${'f'.repeat(40)}\r\n`],
])('%s is 400', async (_, chunks) => {
  const reply = await rawRequest(running().url, [...HEAD, 'Transfer-Encoding: chunked'], chunks);

  expect(reply.status).toBe(400);
  expect((await call('GET', '/v1/payments')).page.data).toEqual([]);
});

test('a length past the limit is refused before the body comes', async () => {
  const reply = await rawRequest(running().url, [...HEAD, 'Content-Length: 999999999'], '{');

  expect([reply.status, problemOf(reply).code]).toEqual([413, 'body-too-large']);
});

test('chunks past the limit are refused', async () => {
  const chunk = `2000\r\n${' '.repeat(0x2000)}\r\n`;

  const reply = await rawRequest(running().url, [...HEAD, 'Transfer-Encoding: chunked'], `${chunk.repeat(3)}0\r\n\r\n`);

  expect([reply.status, problemOf(reply).code]).toEqual([413, 'body-too-large']);
});

test('two requests in one packet are two requests', async () => {
  const one = 'GET /health/live HTTP/1.1\r\nHost: h\r\n';

  const reply = await rawExchange(running().url, `${one}\r\n${one}Connection: close\r\n\r\n`);

  expect(reply.text.match(/HTTP\/1\.1 200/g)).toHaveLength(1); // the second, for the first is parsed
});

test('a client that goes away in the middle of its body makes no payment', async () => {
  await expect(
    rawExchange(running().url, [...HEAD, `Content-Length: ${body.length}`, '', body.slice(0, 20)].join('\r\n')),
  ).rejects.toThrow('no HTTP reply');

  expect((await call('GET', '/v1/payments')).page.data).toEqual([]);
}, 10_000);

test('an upgrade is not followed', async () => {
  const lines = ['GET /health/live HTTP/1.1', 'Host: h', 'Upgrade: h2c'];

  expect((await rawRequest(running().url, lines)).status).not.toBe(101);
});
