// Where one request ends and the next begins: lengths, chunks, both at once, and what is smuggled behind them. Whatever the handler
// makes of it, there is one answer at most, for the second request is one that nobody has let in.
import { HEAD, ORDER, REFUSED, raw } from './requests.mjs';

const SMUGGLED = 'GET /v1/payments HTTP/1.1\r\nHost: h\r\n\r\n';
const head = (...lines) => [...HEAD().filter((line) => line !== 'Connection: close'), ...lines, '', ''].join('\r\n');
const framed = (name, lines, body = ORDER, options = {}) => raw(name, head(...lines) + body, options);

const LENGTHS = [
  ...[
    '-1',
    '+64',
    '0x40',
    '1e2',
    '64.0',
    '64 64',
    '64,64',
    '64, 65',
    '64;',
    '"64"',
    'sixty',
    '',
    ' ',
    '\t',
    '64\0',
    '6 4',
    '٦٤',
    '64\x0b',
  ],
  ...[
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999999',
    '-9223372036854775808',
    'NaN',
    'Infinity',
  ],
];
const lengths = LENGTHS.map((length) =>
  framed(`length ${JSON.stringify(length)}`, [`Content-Length: ${length}`], ORDER, { silent: true }),
);

const lengthsTwice = [
  ['64', '65'],
  ['65', '64'],
  ['0', '64'],
  ['64', '64'],
  ['64', ''],
  ['64', '-1'],
].map(([one, other]) =>
  framed(`lengths ${one} and ${other}`, [`Content-Length: ${one}`, `content-length: ${other}`], ORDER, {
    silent: true,
  }),
);

const CODINGS = [
  ...[
    'identity',
    'gzip',
    'deflate',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, identity',
    'identity, chunked',
    'chunked, chunked',
    'xchunked',
    'chunkedx',
  ],
  ...[
    'chunked;q=1',
    '"chunked"',
    'chunked,',
    ',chunked',
    'chunked\0',
    'chunked\x0b',
    'chunked\x0c',
    ' \t',
    '',
    'chunk',
    'chu nked',
    'cow',
    'trailers',
  ],
];
const chunks = `${ORDER.length.toString(16)}\r\n${ORDER}\r\n0\r\n\r\n`;
const codings = CODINGS.map((coding) =>
  framed(`coding ${JSON.stringify(coding)}`, [`Transfer-Encoding: ${coding}`], chunks, { silent: true }),
);
const codingsTwice = [
  ['chunked', 'chunked'],
  ['chunked', 'identity'],
  ['identity', 'chunked'],
  ['chunked', 'cow'],
].map(([one, other]) =>
  framed(`codings ${one} and ${other}`, [`Transfer-Encoding: ${one}`, `Transfer-encoding: ${other}`], chunks, {
    silent: true,
  }),
);

/** A length and a coding, in every order and disguise; behind them another request. */
const disguises = [
  'Transfer-Encoding: chunked',
  'transfer-encoding: chunked',
  'Transfer-Encoding:chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: Chunked',
  'Transfer-Encoding: chunked ',
  'Transfer-Encoding : chunked',
  ' Transfer-Encoding: chunked',
  'Transfer-Encoding\t: chunked',
  'X: x\nTransfer-Encoding: chunked',
  'X: x\rTransfer-Encoding: chunked',
  'Transfer-Encoding: x\r\n chunked',
  'Transfer_Encoding: chunked',
  'Transfer-Encoding:\x0bchunked',
];
const both = disguises.flatMap((coding, at) => {
  const silent = { silent: true, statuses: coding.startsWith('Transfer_') ? [...REFUSED, 201] : REFUSED };
  const clte = `0\r\n\r\n${SMUGGLED}`;
  return [
    framed(`length, then coding ${at}`, [`Content-Length: ${clte.length}`, coding], clte, silent),
    framed(`coding ${at}, then length`, [coding, `Content-Length: ${clte.length}`], clte, silent),
    framed(
      `coding ${at}, length of the size line`,
      [coding, 'Content-Length: 4'],
      `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
      silent,
    ),
  ];
});

const chunked = (name, body, options = { silent: true }) =>
  framed(name, ['Transfer-Encoding: chunked', 'Connection: close'], body, options);
const SIZES = [
  'zz',
  '-1',
  '+40',
  '0x40',
  '40 40',
  ' 40',
  '40\t',
  '4_0',
  '',
  'f'.repeat(15),
  'f'.repeat(16),
  'f'.repeat(17),
  '1'.repeat(40),
  '40\0',
  '٤٠',
  '1e1',
  '40;',
  '40,',
];
const chunkGames = [
  ...SIZES.map((size) =>
    chunked(`chunk size ${JSON.stringify(size)}`, `${size}\r\n${ORDER}\r\n0\r\n\r\n`, {
      silent: true,
      statuses: size === '40;' ? [...REFUSED, 201] : REFUSED,
    }),
  ),
  chunked('a chunk shorter than it says', `50\r\n${ORDER}\r\n0\r\n\r\n`),
  chunked('a chunk longer than it says', `5\r\n${ORDER}\r\n0\r\n\r\n`),
  chunked('chunks that end with a line feed alone', chunks.replaceAll('\r\n', '\n')),
  chunked('chunks that end with a carriage return alone', chunks.replaceAll('\r\n', '\r')),
  chunked('no end of the chunk data', `40\r\n${ORDER}0\r\n\r\n`),
  chunked('no last chunk', `40\r\n${ORDER}\r\n`),
  chunked('no chunk at all', '0\r\n\r\n'),
  chunked('only the last chunk of many', '000000000000\r\n\r\n'),
  chunked('an extension of 64 KB', `40;${'a'.repeat(65_536)}\r\n${ORDER}\r\n0\r\n\r\n`),
  chunked('an extension with a line feed', `40;a\nb\r\n${ORDER}\r\n0\r\n\r\n`),
  chunked('a trailer of 64 KB', `40\r\n${ORDER}\r\n0\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`),
  chunked('a trailer without a colon', `40\r\n${ORDER}\r\n0\r\ntrailer\r\n\r\n`),
  chunked('a length in the trailer', `40\r\n${ORDER}\r\n0\r\nContent-Length: 5\r\n\r\n`, {
    silent: true,
    statuses: [...REFUSED, 201],
  }),
  chunked('a scope in the trailer', `1\r\n{\r\n0\r\nX-Scopes: merchants:admin\r\n\r\n`),
  chunked('20,000 chunks of a byte', `1\r\n \r\n`.repeat(20_000)),
  chunked('16 KiB and more in chunks', `2000\r\n${' '.repeat(0x2000)}\r\n`.repeat(3)),
  chunked('10 MiB in chunks', `10000\r\n${' '.repeat(0x10000)}\r\n`.repeat(160)),
  chunked('half of a chunk size', '4'),
  chunked('half of a chunk', `40\r\n${ORDER.slice(0, 20)}`),
];

export const framing = {
  'one length': lengths,
  'two lengths': lengthsTwice,
  codings: [...codings, ...codingsTwice],
  'length and coding at once': both,
  chunks: chunkGames,
};
