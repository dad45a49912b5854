// Merchant-presented payloads that are refused, by code and path, and what is only a warning.

import { decodeQr } from '../../../src/qr';
import { oracleCrc, oracleWrite } from '../oracle';

/** The example of the EMVCo specification (MPM 1.0, annex B), with its published CRC. */
const annex =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT' +
  '6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016' +
  'A0112233449988770708123456786304A13A';

const base: [id: string, value: string][] = [
  ['00', '01'],
  ['01', '11'],
  ['26', '0015com.example.pay0104ABCD'],
  ['52', '5812'],
  ['53', '840'],
  ['58', 'US'],
  ['59', 'SHOP'],
  ['60', 'NEW YORK'],
];
const good = oracleWrite(base);

function withObjects(...changed: [id: string, value: string | null][]): string {
  const kept = base.filter(([id]) => !changed.some(([other]) => other === id));
  const added = changed.flatMap(([id, value]): [string, string][] => (value === null ? [] : [[id, value]]));
  return oracleWrite([...kept, ...added]);
}

function found(payload: string): string[] {
  const result = decodeQr(payload);
  return (result.ok ? result.qr.warnings : result.issues).map(({ path, code }) => `${path}:${code}`);
}

test('the EMVCo example', () => {
  const result = decodeQr(annex);

  expect(result).toMatchObject({
    ok: true,
    qr: {
      mode: 'merchant-presented',
      initiation: 'dynamic',
      scheme: 'emv',
      merchant: {
        name: 'BEST TRANSPORT',
        city: 'BEIJING',
        country: 'CN',
        categoryCode: '4111',
        local: { language: 'ZH', name: '最佳运输', city: '北京' },
      },
      amount: { currency: 'CNY', value: 2372 },
      paymentId: null,
      warnings: [],
    },
  });
});

describe('refused', () => {
  const second = oracleWrite([...base, ['26', 'x']]);
  const inner = withObjects(['26', '0003abc0102xx0102yy']);
  const nested = withObjects(['62', '50170003abc0101x0101y']);
  test.each([
    ['empty', '', '63:truncated'],
    ['text', 'hello world', ':value_invalid'],
    ['a leading space', ` ${good}`, ':value_invalid'],
    ['no CRC', good.slice(0, -8), '63:crc_missing'],
    ['a CRC without value', good.slice(0, -4), '63:crc_missing'],
    ['half a CRC', good.slice(0, -2), '63:crc_missing'],
    ['wrong CRC', `${good.slice(0, -4)}0000`, '63:crc_mismatch'],
    ['no hexadecimal CRC', `${good.slice(0, -4)}ZZZZ`, '63:crc_mismatch'],
    ['CRC of three digits', `${good.slice(0, -8)}6303ABC`, '63:length_invalid'],
    ['cut in a value', good.slice(0, 40), '26:length_invalid'],
    ['cut in a value, as a whole', good.slice(0, 40), ':truncated'],
    ['cut in a length', good.slice(0, 15), '26:truncated'],
    ['length past the end', good.replace('5912', '5999').replace('5904', '5999'), '59:length_invalid'],
    ['signed length', good.replace('5802', '58+2'), '58:length_invalid'],
    ['length with a space', good.replace('5802', '58 2'), '58:length_invalid'],
    ['Arabic digits as length', good.replace('5802', '58٠٢'), '58:length_invalid'],
    ['00 not first', oracleWrite([base[1], base[0], ...base.slice(2)]), '00:order_invalid'],
    ['no 00', oracleWrite(base.slice(1)), '00:missing_required'],
    ['63 not last', `${good}6105ABCDE`, '63:order_invalid'],
    ['a line feed after 63', `${good}\n`, '63:order_invalid'],
    ['an ID twice', second, '26:duplicate_id'],
    ['an ID twice in a template', inner, '26/01:duplicate_id'],
    ['an ID twice in a nested template', nested, '62/50/01:duplicate_id'],
    ['a lone surrogate', oracleWrite([...base, ['64', '\ud83d']]), ':value_invalid'],
    ['more than 4,096 characters', '0'.repeat(4097), ':length_invalid'],
  ])('%s', (_, payload, expected) => {
    expect(decodeQr(payload).ok).toBe(false);
    expect(found(payload)).toContain(expected);
  });

  test('CRC over UTF-16 units or low bytes, without "6304", or started with zeros', () => {
    for (const crc of ['C919', '54C4', 'E0D2']) expect(found(annex.slice(0, -4) + crc)).toEqual(['63:crc_mismatch']);
  });
});

describe('read, with a warning', () => {
  test.each([
    ['54', '23,72', '54:value_invalid'],
    ['54', '-1', '54:value_invalid'],
    ['54', '.5', '54:value_invalid'],
    ['54', '0.00', '54:value_invalid'],
    ['54', '1e3', '54:value_invalid'],
    ['54', '1.005', '54:amount_precision'],
    ['54', '99999999999.9', '54:amount_out_of_range'],
    ['54', '', '54:empty_value'],
    ['53', '999', '53:value_invalid'],
    ['53', null, '53:missing_required'],
    ['01', '13', '01:value_invalid'],
    ['55', '04', '55:value_invalid'],
    ['55', '02', '56:missing_required'],
    ['56', '1', '56:not_allowed'],
    ['57', '5', '57:not_allowed'],
    ['58', 'us', '58:value_invalid'],
    ['59', 'x'.repeat(26), '59:length_invalid'],
    ['59', 'café', '59:value_invalid'],
    ['59', null, '59:missing_required'],
    ['61', '12345678901', '61:length_invalid'],
    ['26', null, ':missing_required'],
    ['26', 'not TLV', '26:template_invalid'],
    ['26', '0104ABCD', '26/00:guid_missing'],
    ['26', `0033${'x'.repeat(33)}`, '26/00:length_invalid'],
    ['62', '0000', '62/00:empty_value'],
    ['62', '0003abc', '62/00:undefined_id'],
    ['62', '0903AAM', '62/09:value_invalid'],
    ['62', '1103999', '62/11:value_invalid'],
    ['62', `0526${'x'.repeat(26)}`, '62/05:length_invalid'],
    ['62', '5003abc', '62/50:template_invalid'],
    ['64', '0002ZH', '64/01:missing_required'],
    ['64', '0003ZHO0101x', '64/00:value_invalid'],
    ['64', '0002FR0106cafe\u0301s', '64/01:not_normalized'],
    ['82', 'abc', '82:template_invalid'],
  ] as const)('%s = %s', (id, value, expected) => {
    const payload = withObjects([id, value]);

    expect(decodeQr(payload).ok).toBe(true);
    expect(found(payload)).toContain(expected);
  });

  test('another payload format', () => {
    expect(found(oracleWrite([['00', '02'], ...base.slice(1)]))).toEqual(['00:value_invalid']);
  });

  test('a CRC in lower case', () => {
    expect(found(`${annex.slice(0, -4)}a13a`)).toEqual(['63:crc_lower_case']);
  });

  test('more than 512 bytes', () => {
    const long = Array.from({ length: 6 }, (_, n): [string, string] => [String(65 + n), 'x'.repeat(99)]);

    expect(found(withObjects(...long))).toEqual([':payload_long']);
  });
});

test.each([
  ['702', '12.50', { currency: 'SGD', value: 1250 }],
  ['702', '98.', { currency: 'SGD', value: 9800 }],
  ['392', '500', { currency: 'JPY', value: 500 }],
  ['392', '500.00', { currency: 'JPY', value: 500 }],
  ['360', '10000.00', { currency: 'IDR', value: 1_000_000 }],
  ['048', '0.001', { currency: 'BHD', value: 1 }],
  ['990', '0.0001', { currency: 'CLF', value: 1 }],
  ['392', '1.5', null],
  ['999', '1', null],
])('amount of %s %s', (currency, text, amount) => {
  const result = decodeQr(withObjects(['53', currency], ['54', text]));

  expect(result).toMatchObject({ ok: true, qr: { amount } });
});

test('lengths count code points', () => {
  const name = '1234567890👀12345';

  const result = decodeQr(withObjects(['64', `0002EN0116${name}`]));

  expect(result).toMatchObject({ ok: true, qr: { merchant: { local: { language: 'EN', name } }, warnings: [] } });
});

test('6304 inside a value is data', () => {
  expect(found(withObjects(['59', '63046304ABCD']))).toEqual([]);
});

test('trailing spaces of a value belong to it', () => {
  expect(decodeQr(withObjects(['59', 'SHOP ']))).toMatchObject({ qr: { merchant: { name: 'SHOP ' } } });
});

test.each([
  ['26', 'BR.GOV.BCB.PIX'],
  ['45', 'br.gov.bcb.pix'],
])('a scheme is found by its GUID in %s, in any case: %s', (id, guid) => {
  const template = `0014${guid}0111119998877660208greeting`;

  expect(decodeQr(withObjects(['26', null], [id, template]))).toMatchObject({ ok: true, qr: { scheme: 'pix' } });
});

test('an own object 63 of another level is no CRC', () => {
  const text = withObjects(['62', '6304abcd']).slice(0, -4);

  expect(decodeQr(text + oracleCrc(text)).ok).toBe(true);
});
