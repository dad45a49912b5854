/** Held against AWS's own conversion, of which ours is the part that JSON needs. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { fromAttributes, toAttributes } from '../../../../src/handler/adapters/dynamodb/attributes';
import { toItem, toMerchantItem } from '../../../../src/handler/adapters/stored-payment';
import { histories, largest, MERCHANT } from '../sample-payments';

const written = (item: object) => JSON.parse(JSON.stringify(toAttributes(item)));

test('whatever JSON holds travels as AWS says, and comes back as it was', () => {
  const value = fc.jsonValue({ noUnicodeString: false });
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), (item) => {
      // DynamoDB's numbers have 38 digits and no -0; ours are whole and safe.
      fc.pre(!JSON.stringify(item).includes('__proto__'));
      const ours = JSON.parse(JSON.stringify(item), (_, each) =>
        typeof each === 'number' ? Math.trunc(each % 1e15) || 0 : each,
      );
      expect(written(ours)).toEqual(marshall(ours));
      expect(fromAttributes(marshall(ours) as never)).toEqual(ours);
    }),
    { numRuns: 500 },
  );
});

test('every payment and profile is written in the same bytes', () => {
  const payments = [...Object.values(histories()).flat(), largest('\u{1F600}')];
  const items = [...payments.map((payment) => toItem(payment, 'ap-southeast-1')), toMerchantItem(MERCHANT)];
  for (const item of items) {
    const attributes = marshall(item, { removeUndefinedValues: true });
    expect(JSON.stringify(toAttributes(item))).toBe(JSON.stringify(attributes));
    expect(fromAttributes(written(item))).toEqual(unmarshall(attributes));
  }
});

test('what is undefined is left out, as in JSON', () => {
  expect(toAttributes({ a: undefined, b: { c: undefined } })).toEqual({ b: { M: {} } });
});

test.each([[Symbol('x')], [() => 1], [10n]])('%p cannot be stored', (value) => {
  expect(() => toAttributes({ value })).toThrow('cannot be stored');
});

test('what would be read as something else is not read, nor written', () => {
  expect(() => toAttributes({ metadata: JSON.parse('{"__proto__":"x"}') })).toThrow('__proto__');
  expect(() => fromAttributes(JSON.parse('{"__proto__":{"S":"x"}}'))).toThrow('__proto__');
  expect(() => fromAttributes({ n: { N: '9007199254740993' } })).toThrow('too large');
  expect(() => fromAttributes({ set: { SS: ['a'] } } as never)).toThrow('none of ours');
});
