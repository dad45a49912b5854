// Headers that are no HTTP, too many of them, and values that a caller must not get away with.
import { create, get, HEAD, newKey, ORDER, REFUSED, request } from './requests.mjs';

const header = (name, text, statuses = REFUSED) => create(name, ORDER, { headers: [text], statuses });
const broken = [
  ...[
    'canary',
    ': a',
    'a b: c',
    'a : b',
    'a\t: b',
    ' a: b',
    '\ta: b',
    'a\0: b',
    'a: b\0c',
    'a: b\x01',
    'a: b\x7f',
    'a: b\rc',
    'a(: b',
    'a/b: c',
    'a@: b',
    'ä: b',
    '"a": b',
    'a,b: c',
    'a;b: c',
    '[a]: b',
    '{a}: b',
  ],
].map((text) =>
  header(
    `the line ${JSON.stringify(text)}`,
    text,
    text === 'a: b\x7f' || text === 'a: b\x01' ? [...REFUSED, 201] : REFUSED,
  ),
);

const flood = (count, make) => Array.from({ length: count }, (_, n) => make(n)).join('\r\n');
const floods = [
  header('a value of 8 KiB', `X: ${'a'.repeat(8192)}`),
  header('a value of 64 KiB', `X: ${'a'.repeat(65_536)}`),
  header('a name of 9,000', `${'X'.repeat(9_000)}: a`),
  header(
    '400 headers',
    flood(400, (n) => `X-${n}: ${'a'.repeat(20)}`),
  ),
  header(
    '2,000 headers of two letters',
    flood(2_000, () => 'a: b'),
    [201, 431],
  ), // Node counts the letters alone
  header(
    '50,000 headers',
    flood(50_000, (n) => `X-${n}: a`),
  ),
  header(
    '20,000 cookies',
    flood(20_000, (n) => `Cookie: a${n}=b`),
  ),
  header('one cookie of 100 KB', `Cookie: ${'a=b;'.repeat(25_000)}`),
  header('a fold of 10,000 lines', `X: a${'\r\n b'.repeat(10_000)}`),
  header('10,000 carriage returns', `X: ${'\r'.repeat(10_000)}`),
];

const KEYS = [
  '',
  ' ',
  'short',
  'a'.repeat(15),
  'a'.repeat(129),
  'a'.repeat(4_000),
  'sixteen characters',
  'key-with-slash/0123',
  'key#0123456789abcdef',
  "key'or'1'='1'01234",
  'key\t0123456789abcdef',
  '\xc3\xa4'.repeat(10),
  '"0123456789abcdef',
  '../../../../../../',
  '%00%00%00%00%00%00',
  '\u0024{jndi:ldap://x/a}',
  '{{7*7}}0123456789',
  '<script>0123456789',
];
const keys = KEYS.map((key) =>
  request(
    `the key ${JSON.stringify(key.slice(0, 30))}`,
    [...HEAD().filter((each) => !each.startsWith('Idem')), `Idempotency-Key: ${key}`],
    ORDER,
    { statuses: [400] },
  ),
);
keys.push(request('two keys', [...HEAD(), `Idempotency-Key: ${newKey()}`], ORDER, { statuses: [400] }));

const CALLERS = [
  '',
  ' ',
  '../m_demo',
  'm_demo,m_other',
  'm_demo m_other',
  '*',
  '#',
  'm\xc3\xa4',
  '%6d_demo',
  '<m>',
  'a'.repeat(500),
  '{"id":"m_demo"}',
  'm_demo\t#',
];
const callers = [
  ...CALLERS.map((id) =>
    get(`the caller ${JSON.stringify(id.slice(0, 30))}`, '/v1/payments', {
      headers: [`X-Merchant-Id: ${id}`],
      statuses: [400, 401],
    }),
  ),
  get('two callers', '/v1/payments', {
    headers: ['X-Merchant-Id: m_demo', 'X-Merchant-Id: m_other'],
    statuses: [400, 401],
  }),
  get('two lists of scopes', '/v1/payments', {
    headers: ['X-Scopes: qr:read', 'X-Scopes: payments:read'],
    statuses: [400, 401],
  }),
  ...[
    '',
    'payments',
    'payments:*',
    '*',
    'PAYMENTS:READ',
    'payments:read,payments:write',
    'payments:readx',
    '__proto__',
    'a '.repeat(1_000),
  ].map((scopes) =>
    get(`the scopes ${JSON.stringify(scopes.slice(0, 30))}`, '/v1/payments', {
      headers: [`X-Scopes: ${scopes}`],
      statuses: [400, 401, 403],
    }),
  ),
];

const MATCHES = [
  '1',
  '"',
  '""',
  '"1',
  '1"',
  '"1", "2"',
  'W/"1"',
  '"x"',
  '"-1"',
  '"1e1"',
  '"99999999999999999999"',
  '"\0"',
  '"1";',
  '*,*',
  'W/',
  '"'.repeat(100),
];
const preconditions = MATCHES.map((tag) =>
  request(
    `If-Match ${JSON.stringify(tag.slice(0, 20))}`,
    [
      'POST /v1/payments/pay_nothing/cancel HTTP/1.1',
      'Host: h',
      'Connection: close',
      `Idempotency-Key: ${newKey()}`,
      `If-Match: ${tag}`,
    ],
    undefined,
    { statuses: [400, 404, 412] },
  ),
);

const odd = [
  ['Expect: 200-ok', [201, 417]],
  ['Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x', [...REFUSED, 201]],
  ['Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__', [...REFUSED, 201]],
  ['Host: other', REFUSED],
  ['X-HTTP-Method-Override: DELETE', [201]],
  ['X-Original-URL: /v1/merchants/m_demo', [201]],
  ['Range: bytes=0-0,0-0,0-0', [201]],
  ['X-Request-Id: \u0024{jndi:ldap://x/a}', [201]],
  ['traceparent: 00-00000000000000000000000000000000-0000000000000000-00', [201]],
  ['traceparent: zz', [201]],
  [`tracestate: ${'a=b,'.repeat(500)}`, [201]],
  ['Connection: close, X-Merchant-Id, X-Scopes', [201]],
].map(([text, statuses]) => header(`with ${JSON.stringify(text.slice(0, 40))}`, text, statuses));

export const headers = {
  'broken headers': broken,
  'header floods': floods,
  'idempotency keys': keys,
  'trusted headers': callers,
  preconditions,
  'odd headers': odd,
};
