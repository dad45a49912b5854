import { currencies, currencyByAlpha, currencyByNumeric, formatAmount, parseAmount } from '../../src/qr';

test.each([
  ['SGD', 1250, '12.50'],
  ['SGD', 5, '0.05'],
  ['JPY', 500, '500'],
  ['BHD', 1, '0.001'],
  ['CLF', 12345, '1.2345'],
  ['IDR', 1_000_000, '10000'],
  ['IDR', 1_000_050, '10000.50'],
  ['KHR', 500_000, '5000'],
  ['VND', 180_000, '180000'],
  ['USD', 999_999_999_999, '9999999999.99'],
  ['USD', 1_000_000_000_000, '10000000000'],
])('%s %d is %s', (alpha, value, text) => {
  const currency = currencyByAlpha(alpha);
  if (currency === undefined) throw new Error('no currency');

  expect(formatAmount(value, currency)).toBe(text);
  expect(text.length).toBeLessThanOrEqual(13);
});

test.each([
  ['1.5', 0, 'precision'],
  ['1.001', 2, 'precision'],
  ['1.', 2, { value: 100 }],
  ['1.000', 2, { value: 100 }],
  ['007', 2, { value: 700 }],
  ['.5', 2, 'malformed'],
  ['1..5', 2, 'malformed'],
  ['1,5', 2, 'malformed'],
  ['1e3', 2, 'malformed'],
  ['١', 2, 'malformed'],
  ['', 2, 'malformed'],
  ['0', 2, 'zero'],
  ['0.00', 2, 'zero'],
  ['10000000000.01', 2, 'range'],
  ['9999999999999', 4, 'range'],
])('%s with exponent %d', (text, exponent, expected) => {
  expect(parseAmount(text, exponent)).toEqual(typeof expected === 'string' ? { problem: expected } : expected);
});

test('every currency once, known to Intl, with exponents of ISO 4217', () => {
  const known = new Set(Intl.supportedValuesOf('currency'));

  expect(new Set(currencies.map(({ numeric }) => numeric)).size).toBe(currencies.length);
  // Fund codes, and currencies newer than Node 20's data.
  const unknown = currencies.map(({ alpha }) => alpha).filter((alpha) => !known.has(alpha));
  expect(unknown.filter((alpha) => !'BOV CHE CHW CLF COU MXV USN UYI UYW VED XAD XCG ZWG'.includes(alpha))).toEqual([]);
  const exponents = (exponent: number) => currencies.filter((currency) => currency.exponent === exponent).length;
  expect([exponents(0), exponents(3), exponents(4)]).toEqual([17, 7, 2]);
  expect(currencyByNumeric('008')?.alpha).toBe('ALL');
  expect(currencyByAlpha('XAU')).toBeUndefined();
});
