// Whatever encoding accepts, decoding returns identically and without a warning; whatever it refuses, it refuses with a
// reason.

import fc from 'fast-check';
import {
  currencies,
  currencyByAlpha,
  decodeQr,
  encodeFields,
  encodeMerchantCode,
  formatAmount,
  parseAmount,
  type QrFields,
} from '../../src/qr';
import { oracleAccepts } from './oracle';
import { createdAtMs, expiresAtMs, profileOf, schemeSamples } from './samples';

const runs = Number(process.env.PROPERTY_RUNS ?? 1000);

const ascii = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength });
const words = [
  'ចន ស្មីន',
  'ร้านกาแฟดีที่สุด',
  'أفضل قهوة',
  '最佳运输',
  '👀🏽‍🦰 café',
  'Phở Hà Nội',
  'e\u0301',
  'நல்ல கடை',
  '𠮷野家',
  'Ω≈ç',
];
/** Local names as people write them, and any other Unicode there is. */
const unicode = (maxLength: number) =>
  fc.oneof(
    fc.constantFrom(...words),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
    fc.string({ unit: 'binary', minLength: 1, maxLength }),
  );

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const guid = fc.constantFrom('com.example.pay', 'D15600000000', 'A0000000000', '3239401ff0c21a4543a8ed5fbaa30ab0');
const template = (value: fc.Arbitrary<string>) =>
  fc.dictionary(digits(2), value, { maxKeys: 3 }).chain((objects) => guid.map((id) => ({ ...objects, '00': id })));

/** Mostly right: each rule is broken in some of the runs, so that refusing is tried too. */
const tips = fc.constantFrom<QrFields>(
  {},
  { '55': '01' },
  { '55': '02', '56': '2.50' },
  { '55': '03', '57': '99.99' },
  { '55': '02' },
  { '57': '5' },
);
const additional = fc
  .tuple(
    fc.dictionary(fc.constantFrom('01', '03', '05', '08', '12', '49'), ascii(20), { minKeys: 1, maxKeys: 2 }),
    fc.option(template(unicode(8)), { freq: 1 }),
  )
  .map(([texts, system]): QrFields => (system === null ? texts : { ...texts, '50': system }));

const fieldsArbitrary: fc.Arbitrary<QrFields> = fc
  .tuple(
    fc.record(
      {
        '00': fc.constant('01'),
        '01': fc.constantFrom('11', '12'),
        '26': template(ascii(12)),
        '04': digits(16),
        '52': digits(4),
        '53': fc.constantFrom(...currencies.map(({ numeric }) => numeric)),
        '54': fc.integer({ min: 1, max: 1e7 }).map(String),
        '58': fc.constantFrom('ZZ', 'GH', 'NP'),
        '59': ascii(25),
        '60': ascii(15),
        '61': ascii(10),
        '64': fc.record({ '00': fc.constantFrom('km', 'TH', 'ar'), '01': unicode(20) }),
        '71': unicode(60),
        '85': template(unicode(16)),
      },
      { requiredKeys: ['00', '26', '52', '53', '58', '59', '60'] },
    ),
    tips,
    fc.option(additional),
  )
  .map(([fields, tip, data]): QrFields => ({ ...fields, ...tip, ...(data === null ? {} : { '62': data }) }));

test('fields: round trip', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fieldsArbitrary, (fields) => {
      const encoded = encodeFields(fields);
      if (!encoded.ok) {
        expect(encoded.issues.length).toBeGreaterThan(0);
        return;
      }
      accepted++;
      const decoded = decodeQr(encoded.payload);
      if (!decoded.ok) throw new Error(JSON.stringify(decoded.issues));
      const { '63': crc, ...read } = decoded.qr.fields;
      expect(read).toEqual(fields);
      expect(decoded.qr.warnings).toEqual([]);
      expect(crc).toBe(encoded.payload.slice(-4));
      expect(oracleAccepts(encoded.payload)).toBe(true);
    }),
    { numRuns: runs },
  );
  expect(accepted).toBeGreaterThan(runs / 10);
});

const changes = fc.record({
  name: ascii(25),
  city: ascii(15),
  mcc: digits(4),
  local: fc.option(fc.record({ language: fc.constantFrom('km', 'th', 'ar'), name: unicode(25) }), { nil: undefined }),
  reference: fc.option(fc.oneof(ascii(25), fc.stringMatching(/^[A-Za-z0-9]{4,25}$/)), { nil: undefined }),
  value: fc.oneof(
    fc.integer({ min: 1, max: 1e12 }),
    fc.integer({ min: 1, max: 1e6 }).map((n) => n * 100),
  ),
});

test.each(schemeSamples)('$scheme: profiles with any name, amount and reference', (sample) => {
  const own = (initiation: string) => (initiation === 'static' ? sample.issues.static : sample.issues.dynamic);
  let accepted = 0;
  fc.assert(
    fc.property(
      changes,
      fc.constantFrom(...sample.accounts),
      fc.constantFrom('static', 'dynamic'),
      (change, account, initiation) => {
        const { local, reference, value, ...names } = change;
        const isDynamic = initiation === 'dynamic';
        const profile = { ...profileOf(sample, account), ...names };
        const encoded = encodeMerchantCode({
          profile: local === undefined || sample.local !== undefined ? profile : { ...profile, local },
          scheme: sample.scheme,
          initiation,
          reference,
          ...(isDynamic ? { amount: { currency: sample.currency, value }, createdAtMs, expiresAtMs } : {}),
        });
        if (!encoded.ok) return;
        accepted++;
        const decoded = decodeQr(encoded.payload);
        if (!decoded.ok) throw new Error(JSON.stringify(decoded.issues));
        expect(decoded.qr.warnings.filter(({ code }) => code !== 'scheme_practice')).toEqual([]);
        expect(decoded.qr).toMatchObject({ initiation, scheme: sample.scheme });
        expect(decoded.qr.merchant).toMatchObject({ name: names.name, city: names.city, categoryCode: names.mcc });
        expect(decoded.qr.amount).toEqual(isDynamic ? { currency: sample.currency, value } : null);
        if (local !== undefined && sample.local === undefined) {
          expect(decoded.qr.merchant.local).toMatchObject({ name: local.name.normalize('NFC') });
        }
      },
    ),
    { numRuns: Math.ceil(runs / 5) },
  );
  expect(accepted).toBeGreaterThan(own('static') && own('dynamic') ? runs / 20 : runs / 40);
});

test('amounts: to text and back, in every currency', () => {
  fc.assert(
    fc.property(fc.constantFrom(...currencies), fc.integer({ min: 1, max: 1e12 }), (currency, value) => {
      const text = formatAmount(value, currency);
      expect(parseAmount(text, currency.exponent)).toEqual({ value });
      expect(text).toMatch(/^[0-9]+(\.[0-9]+)?$/);
    }),
    { numRuns: runs },
  );
});

test('all accounts of a merchant go into a static code, one into a dynamic code', () => {
  const accounts = [
    { scheme: 'paynow', uen: '201403121W' },
    { scheme: 'emv', template: '26', fields: { '00': 'SG.COM.NETS', '01': '12' } },
    { scheme: 'emv', template: '04', value: '5555550000001234' },
  ];
  const profile = { name: 'A', city: 'B', country: 'SG', mcc: '0000', currency: 'SGD', accounts };

  const open = encodeMerchantCode({ profile, initiation: 'static' });
  const once = encodeMerchantCode({ profile, initiation: 'dynamic', amount: { currency: 'SGD', value: 1 } });

  const ids = (result: typeof open) => {
    const decoded = decodeQr(result.ok ? result.payload : '');
    return decoded.ok
      ? Object.keys(decoded.qr.fields)
          .filter((id) => id >= '02' && id < '52')
          .sort()
      : [];
  };
  expect(ids(open)).toEqual(['04', '26', '27']);
  expect(ids(once)).toEqual(['26']);
  expect(currencyByAlpha('SGD')).toEqual({ alpha: 'SGD', numeric: '702', exponent: 2 });
});
