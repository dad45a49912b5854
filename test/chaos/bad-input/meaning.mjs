// Well-formed requests of which nothing can be made: queries, ids, QR payloads, merchant profiles.
import { get, HEAD, request } from './requests.mjs';

const QUERIES = [
  ...[
    'limit=',
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1.5',
    'limit=1e1',
    'limit=0x5',
    'limit=%31%30%30%30',
    'limit=٣',
    'limit=NaN',
    'limit=1&limit=2',
    'limit[]=1',
    'limit[a]=1',
    'limit=99999999999999999999',
    'limit= 1',
    'limit=+1',
    'limit=1;2',
  ],
  ...[
    'cursor=',
    'cursor=x',
    'cursor=%00',
    'cursor=..',
    `cursor=${'a'.repeat(513)}`,
    `cursor=${'a'.repeat(6_000)}`,
    'cursor=%ff%fe',
    'cursor=1&cursor=2',
    'cursor=MjAyNi0xMS0yMlQwODowMDowMC4wMDBaI3BheV8n',
    'cursor[]=a',
  ],
  ...[
    'status=',
    'status=CREATED',
    'status=created,captured',
    'status=created&status=captured',
    'status=%20created',
    'status=__proto__',
    'status[]=created',
    'status=1',
  ],
  ...[
    'a=b',
    '__proto__=1',
    '__proto__[limit]=1',
    'constructor=1',
    'limit',
    '=',
    '&&=&',
    '%',
    '%zz=1',
    '%00=1',
    'limit=%',
    'limit=%zz',
    'limit=%c0%af',
    `${'a=b&'.repeat(1_500)}`,
    `${'a'.repeat(7_000)}`,
    '?limit=1',
  ],
];
/** An empty query, or one of empty parts, is none. */
const EMPTY = ['&&=&', '='];
const queries = QUERIES.map((query) =>
  get(`?${query.slice(0, 40)}`, `/v1/payments?${query}`, { statuses: EMPTY.includes(query) ? [200, 400] : [400] }),
);

const WAITS = ['26', '-1', '1e1', '25.5', '', 'x', '1&wait=2', '0x1', '999999999'];
const waits = WAITS.map((wait) =>
  get(`wait=${wait}`, `/v1/payments/pay_nothing?wait=${wait}`, { headers: ['If-None-Match: "1"'], statuses: [400] }),
);

const IDS = [
  'pay_',
  'pay_x',
  `pay_${'a'.repeat(26)}`,
  `pay_${'a'.repeat(26)}local`,
  `pay_${'A'.repeat(26)}local`,
  `pay_${'a'.repeat(25)}local`,
  'PAY_',
  'ping',
  'merchant%23m_demo',
  'marker',
  '%23',
  '*',
  '%2a',
  "'--",
  '%27%20OR%201%3D1',
  '%24%7Bjndi%7D',
  'null',
  'undefined',
  '0',
  '-1',
  'NaN',
  '%F0%9F%98%80',
  'a%0d%0aX: y',
];
const STEPS = ['', '/events', '/qr'];
const ids = IDS.flatMap((id) =>
  STEPS.map((step) => get(`payment ${id}${step}`, `/v1/payments/${id}${step}`, { statuses: [400, 404] })),
);

const postTo = (path, what, body, statuses) =>
  request(what, [`POST ${path} HTTP/1.1`, ...HEAD().slice(1)], JSON.stringify(body), { statuses });

const CODE =
  '00020101021226310015com.example.pay010812345678520458125303702540512.505802SG5911Kopi Corner6009Singapore6304';
const PAYLOADS = [
  ...[
    '',
    ' ',
    '\0',
    '0',
    '00',
    '000',
    '0002',
    '000201',
    '00020',
    '0099x',
    '00-1x',
    '000 1',
    '63040000',
    '6304',
    '630400006304',
    '00020163040000',
  ],
  ...[
    '9'.repeat(4_096),
    '9'.repeat(4_097),
    '0002'.repeat(1_000),
    `000201${'26'.repeat(2_000)}`,
    '26990002'.repeat(500),
    '😀'.repeat(4_096),
    '\ud7ff'.repeat(100),
    '\u0000'.repeat(100),
    '\r\n'.repeat(100),
  ],
  ...[...Array(40).keys()].map((at) => CODE.slice(0, at * 2) + String(at % 10) + CODE.slice(at * 2 + 1)),
  ...[
    'BCD\n002\n1\nSCT',
    'BCD\n'.repeat(500),
    'SPC\n0200\n1',
    `SPC\n${'\n'.repeat(4_000)}`,
    'upi://pay',
    'upi://pay?pa=',
    `upi://pay?${'a=b&'.repeat(1_000)}`,
    'UPI://',
    'hQVDUFYwMQ',
    'hQ',
    'h'.repeat(4_000),
    'http://evil.example',
    'javascript:alert(1)',
    '\u0024{jndi:ldap://x}',
    '../../etc/passwd',
  ],
];
const codes = PAYLOADS.map((payload, at) =>
  postTo('/v1/qr/decode', `code ${at}: ${JSON.stringify(payload.slice(0, 20))}`, { payload }, [400, 413, 422]),
);

const FIELDS = [
  {},
  { '00': '' },
  { '00': '01' },
  { 63: '0000' },
  { aa: '1' },
  { 0: '1' },
  { '000': '1' },
  { '-1': '1' },
  { '00': 1 },
  { '00': null },
  { '00': [] },
  { 26: {} },
  { 26: { '00': {} } },
  { 26: 'x'.repeat(100) },
  { 54: '-1' },
  { 54: '1e5' },
  { __proto__x: '1' },
  { '00': '01', '01': '\0' },
  Object.fromEntries([...Array(100).keys()].map((n) => [String(n).padStart(2, '0'), 'x'.repeat(99)])),
];
const fields = FIELDS.map((each, at) =>
  postTo('/v1/qr/encode', `fields ${at}: ${JSON.stringify(each).slice(0, 30)}`, { fields: each }, [400, 413, 422]),
);

export const meaning = { queries, waits, ids, 'QR payloads': codes, 'QR fields': fields };
