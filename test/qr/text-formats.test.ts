// EPC069-12, Swiss QR-bill and UPI links: one broken rule refuses the payload. The vectors hold the good ones.

import { decodeQr } from '../../src/qr';

function outcome(payload: string): string[] {
  const result = decodeQr(payload);
  return result.ok ? ['ok'] : result.issues.map(({ path, code }) => `${path}:${code}`);
}

/** The lines with some of them replaced. */
function edit(lines: readonly string[], ...changes: [n: number, value: string][]): string[] {
  const edited = [...lines];
  for (const [n, value] of changes) edited[n] = value;
  return edited;
}

const epc = ['BCD', '002', '1', 'SCT', '', 'Red Cross', 'BE72000000001616', 'EUR10.50', 'CHAR', '', 'Donation', ''];

function epcWith(n: number, value: string, separator = '\n'): string {
  return edit(epc, [n, value]).join(separator);
}

describe('EPC', () => {
  test('all elements by name, LF or CRLF', () => {
    for (const separator of ['\n', '\r\n']) {
      expect(decodeQr(epc.join(separator))).toMatchObject({
        ok: true,
        qr: {
          mode: 'epc',
          scheme: null,
          fields: { name: 'Red Cross', iban: 'BE72000000001616', text: 'Donation' },
          merchant: { name: 'Red Cross', city: null },
          amount: { currency: 'EUR', value: 1050 },
          warnings: [],
        },
      });
    }
  });

  test.each([
    [1, '003', 'version:value_invalid'],
    [1, '001', 'bic:missing_required'],
    [2, '9', 'charset:value_invalid'],
    [2, 'constructor', 'charset:value_invalid'],
    [3, 'INST', 'identification:value_invalid'],
    [4, 'nobic', 'bic:value_invalid'],
    [5, '', 'name:missing_required'],
    [5, 'x'.repeat(71), 'name:length_invalid'],
    [6, 'BE72 0000 0000 1616', 'iban:value_invalid'],
    [7, 'EUR0.00', 'amount:value_invalid'],
    [7, 'EUR1.234', 'amount:value_invalid'],
    [7, 'USD1', 'amount:value_invalid'],
    [8, 'TOOLONG', 'purpose:value_invalid'],
    [9, 'RF18539007547035', 'reference:value_invalid'],
    [9, 'RF18539007547034', 'text:not_allowed'],
    [11, 'x'.repeat(71), 'information:length_invalid'],
    [10, 'bare\rCR', ':value_invalid'],
  ])('line %d = %s is refused', (n, value, expected) => {
    expect(outcome(epcWith(n, value))).toContain(expected);
  });

  test('mixed line breaks, too few and too many lines', () => {
    expect(outcome(epc.join('\r\n').replace('SCT\r\n', 'SCT\n'))).toEqual([':value_invalid']);
    expect(outcome(epc.slice(0, 6).join('\n'))).toEqual([':truncated']);
    expect(outcome(`${epc.join('\n')}\n`)).toEqual([':length_invalid']);
  });

  test('a character must exist in the declared set, and bytes count in it', () => {
    expect(outcome(edit(epc, [2, '2'], [5, 'François']).join('\n'))).toEqual(['ok']);
    expect(outcome(edit(epc, [2, '2'], [5, 'Łódź']).join('\n'))).toEqual(['charset:value_invalid']);
    expect(outcome(edit(epc, [2, '3'], [5, 'Łódź']).join('\n'))).toEqual(['ok']);
    expect(outcome(edit(epc, [2, '8'], [5, 'Prix €']).join('\n'))).toEqual(['ok']);
    const long = edit(epc, [5, 'é'.repeat(70)], [10, 'é'.repeat(110)]);
    expect(outcome(long.join('\n'))).toEqual([':length_invalid']);
    expect(outcome(edit(long, [2, '2']).join('\n'))).toEqual(['ok']);
  });
});

const address = ['S', 'Robert Schneider AG', 'Rue du Lac', '1268', '2501', 'Biel', 'CH'];
const nobody = Array<string>(7).fill('');
const bill = ['SPC', '0200', '1', 'CH5800791123000889012', ...address, ...nobody, '3949.75', 'CHF', ...nobody].concat([
  'NON',
  '',
  'Bill 3139',
  'EPD',
]);

function billWith(n: number, value: string): string {
  return edit(bill, [n, value]).join('\n');
}

describe('Swiss QR-bill', () => {
  test('elements by name', () => {
    expect(decodeQr(bill.join('\r\n'))).toMatchObject({
      ok: true,
      qr: {
        mode: 'swiss',
        fields: { iban: 'CH5800791123000889012', creditor: { addressType: 'S', town: 'Biel' }, trailer: 'EPD' },
        merchant: { name: 'Robert Schneider AG', city: 'Biel', country: 'CH' },
        amount: { currency: 'CHF', value: 394975 },
      },
    });
  });

  test('a combined address is still read', () => {
    const combined = edit(bill, [4, 'K'], [6, 'Rue du Lac 1268'], [7, '2501 Biel'], [8, ''], [9, '']);

    expect(outcome(combined.join('\n'))).toEqual(['ok']);
    expect(outcome(edit(combined, [7, '']).join('\n'))).toEqual(['creditor/buildingNumber:missing_required']);
  });

  test.each([
    [1, '0100', 'version:value_invalid'],
    [2, '2', 'coding:value_invalid'],
    [3, 'DE89370400440532013000', 'iban:value_invalid'],
    [3, 'CH5800791123000889013', 'iban:value_invalid'],
    [4, 'X', 'creditor/addressType:value_invalid'],
    [5, '', 'creditor/name:missing_required'],
    [5, 'Шнайдер', ':value_invalid'],
    [7, 'x'.repeat(17), 'creditor/buildingNumber:length_invalid'],
    [8, '', 'creditor/postalCode:missing_required'],
    [10, 'Schweiz', 'creditor/country:value_invalid'],
    [12, 'Someone', 'ultimateCreditor:not_allowed'],
    [18, '0.00', 'amount:value_invalid'],
    [18, '03949.75', 'amount:value_invalid'],
    [18, '1000000000.00', 'amount:value_invalid'],
    [19, 'USD', 'currency:value_invalid'],
    [21, 'Only a name', 'debtor/country:value_invalid'],
    [27, 'XXX', 'refType:value_invalid'],
    [27, 'QRR', 'refType:value_invalid'],
    [28, 'RF18539007547034', 'reference:not_allowed'],
    [29, 'x'.repeat(141), 'message:length_invalid'],
    [30, 'END', 'trailer:value_invalid'],
  ])('line %d = %s is refused', (n, value, expected) => {
    expect(outcome(billWith(n, value))).toContain(expected);
  });

  test('references', () => {
    const qrIban = edit(bill, [3, 'CH4431999123000889012'], [27, 'QRR']);

    expect(outcome(edit(qrIban, [28, '210000000003139471430009017']).join('\n'))).toEqual(['ok']);
    expect(outcome(edit(qrIban, [28, '210000000003139471430009018']).join('\n'))).toEqual(['reference:value_invalid']);
    expect(outcome(edit(bill, [27, 'SCOR'], [28, 'RF18539007547034']).join('\n'))).toEqual(['ok']);
    expect(outcome(edit(bill, [27, 'SCOR'], [28, 'RF18539007547035']).join('\n'))).toEqual(['reference:value_invalid']);
  });

  test('what follows the trailer', () => {
    expect(outcome([...bill, '//S1/10/1', 'a', 'b'].join('\n'))).toEqual(['ok']);
    expect(outcome([...bill, ''].join('\n'))).toEqual([':value_invalid']);
    expect(outcome([...bill, '', 'a', 'b', 'c'].join('\n'))).toEqual([':length_invalid']);
    expect(outcome([...bill, 'x'.repeat(140)].join('\n'))).toEqual(['message:length_invalid']);
    expect(outcome([...bill, '', 'x'.repeat(101)].join('\n'))).toEqual(['av/1:length_invalid']);
  });
});

describe('UPI', () => {
  test('parameters by name, decoded', () => {
    expect(
      decodeQr('UPI://pay?pa=shop%40okaxis&pn=My%20Shop+Co&am=10.5&mc=5411&tn=50%Khan&cu=INR&sign=a/b=='),
    ).toMatchObject({
      ok: true,
      qr: {
        mode: 'upi',
        fields: { pa: 'shop@okaxis', pn: 'My Shop+Co', tn: '50%Khan', sign: 'a/b==' },
        merchant: { name: 'My Shop+Co', categoryCode: '5411' },
        amount: { currency: 'INR', value: 1050 },
      },
    });
  });

  test('no name of a parameter does harm', () => {
    const result = decodeQr('upi://pay?pa=a@bc&pn=b&__proto__=x&constructor=y');

    expect(result.ok && Object.entries(result.qr.fields)).toContainEqual(['__proto__', 'x']);
  });

  test.each([
    ['upi://mandate?pa=a@bc&pn=b', ':value_invalid'],
    ['upi:pay?pa=a@bc&pn=b', ':value_invalid'],
    ['upi://pay?pn=b', 'pa:missing_required'],
    ['upi://pay?pa=a&pn=b', 'pa:value_invalid'],
    ['upi://pay?pa=a@bc', 'pn:missing_required'],
    ['upi://pay?pa=a@bc&pn=b&pa=c@de', 'pa:duplicate_id'],
    ['upi://pay?pa=a@bc&pn=b&am=0', 'am:value_invalid'],
    ['upi://pay?pa=a@bc&pn=b&am=1.234', 'am:value_invalid'],
    ['upi://pay?pa=a@bc&pn=b&mam=x', 'mam:value_invalid'],
    ['upi://pay?pa=a@bc&pn=b&mc=54', 'mc:value_invalid'],
    ['upi://pay?pa=a@bc&pn=b&cu=USD', 'cu:value_invalid'],
    [`upi://pay?pa=a@bc&pn=b${'&x=1'.repeat(64)}`, ':length_invalid'],
  ])('%s is refused', (payload, expected) => {
    expect(outcome(payload)).toContain(expected);
  });
});
