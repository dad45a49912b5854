/** Ids, keys and Regions: what a payment is found by. */
import { createSecretKey } from 'node:crypto';
import { hashIdempotencyKey, hashRequest } from '../../../src/handler/domain/idempotency';
import { derivePaymentId, homeRegionOf, isPaymentId } from '../../../src/handler/domain/payment-id';
import { regionCode } from '../../../src/handler/domain/region';

const secret = createSecretKey(Buffer.alloc(32, 1));
const id = (merchant: string, key: string, region = 'apse1') => derivePaymentId(secret, merchant, key, region);

test('a payment id is the same for a retry, and another for another key, merchant or deployment', () => {
  expect(id('m_1', 'key')).toBe(id('m_1', 'key'));
  const others = [
    id('m_1', 'key2'),
    id('m_2', 'key'),
    derivePaymentId(createSecretKey(Buffer.alloc(32, 2)), 'm_1', 'key', 'apse1'),
  ];
  expect(new Set([id('m_1', 'key'), ...others]).size).toBe(4);
});

test('merchant and key do not run into each other (I17, I21)', () => {
  expect(id('m_1', '1key')).not.toBe(id('m_11', 'key'));
  expect(hashIdempotencyKey(secret, 'm_1', '1key')).not.toBe(hashIdempotencyKey(secret, 'm_11', 'key'));
});

test('the id is `pay_`, 26 characters of base32, the home Region', () => {
  expect(id('m_1', 'key')).toMatch(/^pay_[a-z2-7]{26}apse1$/);
  expect(isPaymentId(id('m_1', 'key'))).toBe(true);
  expect(homeRegionOf(id('m_1', 'key'))).toBe('apse1');
  // HMAC-SHA-256 of 32 bytes 0x01, first 16 bytes, base32; computed with another implementation.
  expect(id('m_1', 'key')).toBe('pay_eybz5ynehdxtpqmcqwug2ngllyapse1');
});

test.each([
  '',
  'pay_',
  'pay_short',
  `pay_${'A'.repeat(26)}local`,
  `pay_${'a'.repeat(26)}`,
  `pay_${'a'.repeat(26)}toolong99x`,
  `pay_${'1'.repeat(26)}local`,
])('%p is no payment id', (text) => expect(isPaymentId(text)).toBe(false));

test.each([
  ['ap-southeast-1', 'apse1'],
  ['us-east-1', 'use1'],
  ['us-east-2', 'use2'],
  ['eu-central-1', 'euc1'],
  ['sa-east-1', 'sae1'],
  ['us-gov-west-1', 'usgovw1'],
  ['eusc-de-east-1', 'euscdee1'],
  [undefined, 'local'],
])('the code of %s is %s', (region, code) => expect(regionCode(region)).toBe(code));

test('a request is what it says, not how it is written', () => {
  const hash = (body: unknown, route = 'POST /v1/payments') => hashRequest(secret, route, body);
  expect(hash({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(hash({ b: { d: 'x', c: [1, 2] }, a: 1 }));
  expect(hash({ a: 1 })).not.toBe(hash({ a: '1' }));
  expect(hash({ a: [1, 2] })).not.toBe(hash({ a: [2, 1] }));
  expect(hash({})).not.toBe(hash({}, 'POST /v1/payments/{id}/cancel'));
  expect(hash(undefined)).toBe(hash({}));
});
