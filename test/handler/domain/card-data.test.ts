import { containsCardNumber } from '../../../src/handler/domain/card-data';

// Public test numbers of the networks and of payment companies' documentation.
test.each([
  ['Visa', '4111111111111111'],
  ['Visa, 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard, 2-series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['Discover', '6011111111111117'],
  ['Diners Club', '30569309025904'],
  ['JCB', '3530111333300000'],
  ['UnionPay', '6200000000000005'],
  ['Maestro', '6759649826438453'],
])('%s: as digits, in groups, with dashes, inside a text', (_, digits) => {
  const grouped = digits.replace(/(.{4})/g, '$1 ').trim();
  for (const text of [
    digits,
    grouped,
    grouped.replaceAll(' ', '-'),
    `card ${grouped} 12/28`,
    `x${digits}y`,
    grouped.replaceAll(' ', '\u00a0'),
  ]) {
    expect(`${text}: ${containsCardNumber(text)}`).toBe(`${text}: true`);
  }
});

test.each([
  ['a check digit that is wrong', '4111111111111112'],
  ['no issuer range', '1234567890123452'],
  ['a length the range does not have', '41111111111111111'],
  ['a time in milliseconds', '1795348800000'],
  ['more digits than a card has', '4111111111111111000000'],
  ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
  ['a phone number', '+65 8123 4567'],
  ['an order number', 'ORD-2026-11-22-000042'],
  ['digits of another number around', '94111111111111111'],
])('passes %s', (_, text) => {
  expect(containsCardNumber(text)).toBe(false);
});

test('full-width digits are digits', () => {
  expect(containsCardNumber('４１１１１１１１１１１１１１１１')).toBe(true);
});
