// What encoding refuses, by code and path.

import { encodeFields, encodeMerchantCode, type MerchantProfile, type QrFields, referenceFits } from '../../../src/qr';

const good: QrFields = {
  '00': '01',
  '26': { '00': 'com.example.pay', '01': '1' },
  '52': '5812',
  '53': '840',
  '58': 'US',
  '59': 'SHOP',
  '60': 'NEW YORK',
};

test('written in order, 00 first, CRC last', () => {
  const result = encodeFields({ '60': 'NEW YORK', '59': 'SHOP', ...good });

  expect(result).toEqual({
    ok: true,
    payload: '00020126240015com.example.pay010115204581253038405802US5904SHOP6008NEW YORK63045201',
  });
});

test.each<[title: string, fields: QrFields, expected: string]>([
  ['63 given', { ...good, '63': 'ABCD' }, '63:not_allowed'],
  ['00 empty', { ...good, '00': '' }, '00:empty_value'],
  ['00 missing', withoutFormat({ ...good }), '00:value_invalid'],
  ['00 missing in a scheme', withoutFormat(vietQr({ '00': '970403', '01': '1' })), '00:value_invalid'],
  ['an ID of three digits', { ...good, '100': 'x' }, ':value_invalid'],
  ['an ID of letters', { ...good, ab: 'x' }, ':value_invalid'],
  ['a sub-ID of letters', { ...good, '62': { ab: 'x' } }, '62:value_invalid'],
  ['a template as text', { ...good, '26': '0003abc' }, '26:value_invalid'],
  ['plain text in 26', { ...good, '26': 'abc' }, '26:template_invalid'],
  ['an object where text belongs', { ...good, '04': { '00': 'x' } }, '04:value_invalid'],
  ['an empty template', { ...good, '62': {} }, '62:empty_value'],
  ['a template over 99', { ...good, '26': { '00': 'abc', '01': 'x'.repeat(90), '02': 'y' } }, '26:length_invalid'],
  ['a value over 99', { ...good, '04': 'x'.repeat(100) }, '04:length_invalid'],
  ['a nested template as text', { ...good, '62': { '50': '0003abc' } }, '62/50:value_invalid'],
  ['a nested template without GUID', { ...good, '62': { '50': { '01': 'x' } } }, '62/50/00:guid_missing'],
  ['nesting where none is', { ...good, '62': { '05': { '00': 'x' } } }, '62/05:value_invalid'],
  ['four levels', { ...good, '62': { '50': { '00': 'x', '01': { '00': 'y' } } } }, '62/50/01:value_invalid'],
  ['an amount of zero', { ...good, '54': '0.00' }, '54:value_invalid'],
  ['too many decimals', { ...good, '54': '1.005' }, '54:amount_precision'],
  ['no merchant account', { ...good, '26': '' }, '26:empty_value'],
  ['non-ASCII name', { ...good, '59': 'Café' }, '59:value_invalid'],
  ['decomposed local name', { ...good, '64': { '00': 'FR', '01': 'Cafe\u0301' } }, '64/01:not_normalized'],
  ['half a surrogate pair', { ...good, '64': { '00': 'FR', '01': '\ud83d' } }, ':value_invalid'],
  [
    'more than 512 bytes',
    { ...good, ...Object.fromEntries([65, 66, 67, 68, 69].map((n) => [String(n), 'x'.repeat(99)])) },
    ':payload_long',
  ],
  ['Pix with https', { ...good, '26': { '00': 'br.gov.bcb.pix', '25': 'https://a.com/x' } }, '26/25:scheme_rule'],
  ['Pix in dollars', { ...good, '26': { '00': 'br.gov.bcb.pix', '01': '11999887766' } }, '53:scheme_rule'],
  ['VietQR with the service nested', vietQr({ '00': '970403', '01': '1', '02': 'QRIBFTTA' }), '38/01/02:scheme_rule'],
])('%s', (_, fields, expected) => {
  const result = encodeFields(fields);

  expect(result.ok ? [] : result.issues.map(({ path, code }) => `${path}:${code}`)).toContain(expected);
});

function withoutFormat({ '00': _, ...rest }: QrFields): QrFields {
  return rest;
}

function vietQr(beneficiary: QrFields): QrFields {
  return { ...good, '38': { '00': 'A000000727', '01': beneficiary, '02': 'QRIBFTTA' }, '53': '704', '58': 'VN' };
}

describe('a merchant code', () => {
  const profile: MerchantProfile = {
    name: 'SHOP',
    city: 'RIO',
    country: 'BR',
    mcc: '0000',
    currency: 'BRL',
    accounts: [{ scheme: 'pix', key: '11999887766' }],
  };
  const refusal = (change: object, asked: object = {}) => {
    const result = encodeMerchantCode({ profile: { ...profile, ...change }, initiation: 'static', ...asked });
    return result.ok ? [] : result.issues.map(({ path, code }) => `${path}:${code}`);
  };

  test.each([
    [{ name: '' }, {}, 'name:value_invalid'],
    [{ name: 'Café' }, {}, 'name:value_invalid'],
    [{ city: 'a'.repeat(16) }, {}, 'city:value_invalid'],
    [{ country: 'br' }, {}, 'country:value_invalid'],
    [{ mcc: '1' }, {}, 'mcc:value_invalid'],
    [{ currency: 'XXX' }, {}, 'currency:value_invalid'],
    [{ accounts: [] }, {}, 'accounts:length_invalid'],
    [{ accounts: [{ scheme: 'pix', key: 'no' }] }, {}, 'accounts/0/key:value_invalid'],
    [{ local: { language: 'por', name: 'x' } }, {}, 'local/language:value_invalid'],
    [{ local: { language: 'pt', name: '' } }, {}, 'local/name:value_invalid'],
    [{}, { scheme: 'upi' }, 'scheme:scheme_unknown'],
    [{}, { scheme: 'paynow' }, 'scheme:account_missing'],
    [{}, { amount: { currency: 'BRL', value: 0 } }, 'amount/value:value_invalid'],
    [{}, { amount: { currency: 'BRL', value: 1.5 } }, 'amount/value:value_invalid'],
    [{}, { amount: { currency: 'BRL', value: 1e12 + 1 } }, 'amount/value:value_invalid'],
    [{}, { amount: { currency: 'USD', value: 1 } }, 'amount/currency:value_invalid'],
    [{}, { reference: 'ORDER-1' }, '62/05:scheme_rule'],
    [{ country: 'US' }, {}, '58:scheme_rule'],
  ])('%j %j is refused', (change, asked, expected) => {
    expect(refusal(change, asked)).toContain(expected);
  });

  test('referenceFits tells beforehand', () => {
    expect(referenceFits('pix', 'ORDER1')).toBe(true);
    expect(referenceFits('pix', 'ORDER-1')).toBe(false);
    expect(referenceFits('paynow', 'ORDER-1')).toBe(true);
    expect(referenceFits('nothing', 'x')).toBe(false);
  });

  test('a static KHQR code with an amount, and a dynamic one without times, are not issued', () => {
    const khqr = { country: 'KH', currency: 'KHR', accounts: [{ scheme: 'khqr', bakongId: 'a@b' }] };
    const amount = { currency: 'KHR', value: 500_000 };

    expect(refusal(khqr, { amount })).toContain('scheme:not_issuable');
    expect(refusal(khqr, { amount, initiation: 'dynamic' })).toContain('scheme:not_issuable');
  });
});
