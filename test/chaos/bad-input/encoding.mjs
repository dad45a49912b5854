// Bytes that are no UTF-8, bodies that say they are something else, and bodies that are too large.
import { deflateSync, gzipSync } from 'node:zlib';
import { create, HEAD, ORDER, request } from './requests.mjs';

const within = (bytes) =>
  Buffer.concat([
    Buffer.from('{"amount":{"currency":"SGD","value":1250},"reference":"a'),
    Buffer.from(bytes),
    Buffer.from('"}'),
  ]);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

const SEQUENCES = [
  ...[
    [0xc0, 0x80],
    [0xc0, 0xaf],
    [0xc1, 0xbf],
    [0xe0, 0x80, 0x80],
    [0xe0, 0x80, 0xaf],
    [0xe0, 0x9f, 0xbf],
  ],
  ...[
    [0xf0, 0x80, 0x80, 0x80],
    [0xf0, 0x80, 0x80, 0xaf],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf8, 0x80, 0x80, 0x80, 0xaf],
    [0xfc, 0x80, 0x80, 0x80, 0x80, 0xaf],
  ],
  ...[
    [0xed, 0xa0, 0x80],
    [0xed, 0xad, 0xbf],
    [0xed, 0xb0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  ],
  ...[
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xf7, 0xbf, 0xbf, 0xbf],
  ],
  ...[
    [0x80],
    [0x8f],
    [0x9f],
    [0xaf],
    [0xbf],
    [0x80, 0x80],
    [0xc2],
    [0xdf],
    [0xe0, 0xa0],
    [0xe2, 0x82],
    [0xf0, 0x9f],
    [0xf0, 0x9f, 0x98],
  ],
  ...[[0xc2, 0x41], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x98, 0x41], [0xfe], [0xff], [0xfe, 0xff], [0xff, 0xfe], [0xe9]],
];
const notUtf8 = SEQUENCES.map((bytes) => create(`the bytes ${hex(bytes)}`, within(bytes), { statuses: [400] }));

const wide = (text, bytes) => Buffer.concat([...text].map((letter) => bytes(letter.charCodeAt(0))));
const otherEncodings = [
  ['UTF-16LE', Buffer.from(ORDER, 'utf16le')],
  ['UTF-16BE', wide(ORDER, (code) => Buffer.from([0, code]))],
  ['UTF-32LE', wide(ORDER, (code) => Buffer.from([code, 0, 0, 0]))],
  ['UTF-32BE', wide(ORDER, (code) => Buffer.from([0, 0, 0, code]))],
  ['UTF-16LE with its mark', Buffer.from(`\ufeff${ORDER}`, 'utf16le')],
  ['UTF-7', ORDER.replaceAll('"', '+ACI-')],
  ['base64', Buffer.from(ORDER).toString('base64')],
  ['gzip that does not say so', gzipSync(ORDER)],
].map(([name, body]) => create(name, body, { statuses: [400] }));

const typed = (type, statuses) => {
  const lines = HEAD().filter((line) => !line.startsWith('Content-Type'));
  return request(`the type ${type}`, type === undefined ? lines : [...lines, `Content-Type: ${type}`], ORDER, {
    statuses,
  });
};
const OTHER_TYPES = [
  ...[
    'text/plain',
    'text/json',
    'text/html',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ],
  ...[
    'application/jsonp',
    'application/json5',
    'application/ld+json',
    'application/problem+json',
    'application/*',
    '*/*',
    'json',
    '/',
    ';',
    ',',
  ],
  ...[
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=us-ascii',
    'application/json; charset=utf-7',
  ],
  ...['application/json, text/plain', 'text/plain, application/json', 'application/json application/json'],
  ...[
    'application/json; boundary=x',
    'application/json; charset=utf-8; charset=utf-16',
    'application /json',
    'application/ json',
    '"application/json"',
  ],
  ...['application/json\t; charset="utf-16"', `application/json; x=${'a'.repeat(2000)}`, '__proto__', 'constructor'],
];
const types = [undefined, ...OTHER_TYPES].map((type) => typed(type, [400, 415]));

const coded = (coding, body) =>
  create(`the coding ${coding}`, body, { headers: [`Content-Encoding: ${coding}`], statuses: [400, 415] });
const codings = [
  coded('gzip', gzipSync(ORDER)),
  coded('gzip, gzip', gzipSync(gzipSync(ORDER))),
  coded('x-gzip', gzipSync(ORDER)),
  coded('deflate', deflateSync(ORDER)),
  coded('br', ORDER),
  coded('zstd', ORDER),
  coded('compress', ORDER),
  coded('aes128gcm', ORDER),
  coded('GZIP', gzipSync(Buffer.alloc(10 << 20))), // a bomb: 10 KB here, 10 MB unpacked
  coded('gzip;q=1', gzipSync(ORDER)),
  coded(',', ORDER),
];

const LARGE = { statuses: [413] };
const sizes = [
  create('16 KiB and a byte', ORDER.padEnd(16 * 1024 + 1), LARGE),
  create('17 KiB of one string', ORDER.replace('order-1', 'x'.repeat(17_000)), LARGE),
  create('20,000 members', `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`)}}`, LARGE),
  create('1,000 unknown members', `{${Array.from({ length: 1_000 }, (_, n) => `"${n}":1`)}}`, { statuses: [400] }),
  create('1 MiB', ORDER.padEnd(1 << 20), { ...LARGE, silent: true }),
  create('10 MiB', ORDER.padEnd(10 << 20), { ...LARGE, silent: true }),
  create('a reference of 16,000', ORDER.replace('order-1', 'x'.repeat(16_000)), { statuses: [400] }),
  create('a key of 8,000 in metadata', `${ORDER.slice(0, -1)},"metadata":{"${'k'.repeat(8_000)}":"v"}}`, {
    statuses: [400],
  }),
  create('an amount of 16,000 digits', ORDER.replace('1250', '9'.repeat(16_000)), { statuses: [400] }),
  create('16,000 quotation marks', '"'.repeat(16_000), { statuses: [400] }),
  create('16,000 backslashes', `"${'\\'.repeat(16_000)}`, { statuses: [400] }),
];

export const encoding = {
  'not UTF-8': notUtf8,
  'other encodings': otherEncodings,
  'content types': types,
  'content codings': codings,
  'too large': sizes,
};
