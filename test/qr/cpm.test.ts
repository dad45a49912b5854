// Consumer-presented codes: structure, and that no card number comes out.

import { decodeQr, type QrFields } from '../../src/qr';
import { maskPan } from '../../src/qr/card-data';

const pan = '5413330089020019';
/** Passes the Luhn check, which `pan` does not. */
const visa = '4111111111111111';

function tlv(tag: string, hex: string): string {
  const length = hex.length / 2;
  return tag + (length < 0x80 ? '' : '81') + length.toString(16).padStart(2, '0') + hex;
}

const version = tlv('85', '4350563031');
const aid = tlv('4F', 'A0000000041010');

function payloadOf(...objects: string[]): string {
  return Buffer.from(version + objects.join(''), 'hex').toString('base64');
}

function read(...objects: string[]): QrFields {
  const result = decodeQr(payloadOf(...objects));
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.qr.fields;
}

function asText(digits: string): string {
  return Buffer.from(digits).toString('hex').toUpperCase();
}

test('card number and track are masked', () => {
  const track2 = `${pan}D30121010000000000F`.padEnd(38, '0');

  const fields = read(tlv('61', aid + tlv('57', track2) + tlv('5A', `${pan}FFFF`)));

  expect(fields['61']).toMatchObject({
    '4F': 'A0000000041010',
    '57': `541333******0019D${'*'.repeat(track2.length - 17)}`,
    '5A': '541333******0019',
  });
});

test.each([
  ['packed', `9F2608${'00'.repeat(8)}5A08${pan}`],
  ['in an inner track 2', `5713${`${pan}D3012101`.padEnd(38, '0')}`],
  ['as text', tlv('DF01', asText(visa))],
  ['packed, with no tag before it', `DF2008${visa}`],
  ['in a track 1 field', tlv('9F1F', asText(visa))],
])('nowhere in opaque data: %s', (_, hex) => {
  const blob = hex.length % 2 === 0 ? hex : `${hex}0`;

  const fields = JSON.stringify([
    read(tlv('61', aid + tlv('63', blob))),
    read(tlv('61', aid + tlv('5A', pan)), tlv('62', tlv('64', blob))),
    read(tlv('61', aid + tlv('DF20', blob))),
  ]);

  for (const number of [pan, visa, asText(pan), asText(visa)]) expect(fields).not.toContain(number);
});

test('a number of no known issuer is hidden too where 5A names it', () => {
  const odd = '9999990000000000';

  const fields = JSON.stringify(read(tlv('61', aid + tlv('5A', odd) + tlv('63', `DF0108${odd}`))));

  expect(fields).not.toContain(odd);
});

test.each([
  ['1234567890123', '123456***0123'],
  ['12345678', '****5678'],
  ['12', '12'],
  ['', ''],
])('mask of %s', (digits, masked) => {
  expect(maskPan(digits)).toBe(masked);
});

test.each([
  ['no application template', [tlv('62', aid)], '61:missing_required'],
  ['no application identifier', [tlv('61', tlv('5A', pan))], '61/4F:missing_required'],
  ['no card number', [tlv('61', aid)], '61/5A:missing_required'],
  ['the same tag in 61 and 62', [tlv('61', aid + tlv('5A', pan)), tlv('62', tlv('5A', pan))], '61/5A:not_allowed'],
  ['three applications', Array(3).fill(tlv('61', aid + tlv('5A', pan))), '61:not_allowed'],
  ['62 before 61', [tlv('62', tlv('5A', pan)), tlv('61', aid)], '62:order_invalid'],
  ['a short AID', [tlv('61', tlv('4F', 'A000') + tlv('5A', pan))], '61/4F:length_invalid'],
])('a warning: %s', (_, objects, expected) => {
  const result = decodeQr(payloadOf(...objects));

  const warnings = result.ok ? result.qr.warnings.map(({ path, code }) => `${path}:${code}`) : [];
  expect(warnings).toContain(expected);
});

test.each([
  ['unpadded base64', 'hQVDUFYwMWETTwegAAAAVVVVUA', ':truncated'],
  ['URL-safe base64', 'hQVDUFYwMWETTweg-_AAAFVVVVUA', ':value_invalid'],
  ['a line break', `hQVDUFYwMWET\n${'A'.repeat(11)}`, ':value_invalid'],
  ['a length past the end', payloadOf('6110', aid), ':length_invalid'],
  ['an indefinite length', payloadOf('6180', aid), ':length_invalid'],
  ['a length past the end inside 61', payloadOf(tlv('61', '4F10A000')), '61:length_invalid'],
  ['a tag twice inside 61', payloadOf(tlv('61', aid + aid)), '61/4F:duplicate_id'],
  ['62 twice', payloadOf(tlv('61', aid), tlv('62', aid), tlv('62', aid)), '62:duplicate_id'],
  ['a cut tag', payloadOf('9F'), ':length_invalid'],
])('refused: %s', (_, payload, expected) => {
  const result = decodeQr(payload);

  expect(result.ok ? [] : result.issues.map(({ path, code }) => `${path}:${code}`)).toContain(expected);
});

test('long lengths and padding between objects', () => {
  const long = tlv('63', 'AB'.repeat(200));

  const fields = read('00FF', tlv('61', aid + tlv('5A', pan) + long), '00');

  expect(fields['61']).toMatchObject({ '63': 'AB'.repeat(200) });
});

test('QRIS by its AID', () => {
  const result = decodeQr(payloadOf(tlv('61', tlv('4F', 'A0000006022020') + tlv('5A', pan))));

  expect(result).toMatchObject({ qr: { mode: 'consumer-presented', scheme: 'qris', initiation: null, amount: null } });
});
