/** Payment ids: found again by a retry in any Region, guessed by nobody. See `docs/decisions/0001-stored-shape.md`. */
import { createHmac, type KeyObject } from 'node:crypto';

const HASH_LENGTH = 26;
const FORM = /^pay_[a-z2-7]{26}[a-z0-9]{1,8}$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** @param key the deployment's payment-id key */
export function derivePaymentId(
  key: KeyObject,
  merchantId: string,
  idempotencyKey: string,
  homeRegion: string,
): string {
  const digest = createHmac('sha256', key).update(`payment-id\n${merchantId}\n${idempotencyKey}`).digest();
  return `pay_${base32(digest.subarray(0, 16))}${homeRegion}`;
}

export function isPaymentId(text: string): boolean {
  return FORM.test(text);
}

/** The code of the Region that the payment belongs to. */
export function homeRegionOf(paymentId: string): string {
  return paymentId.slice('pay_'.length + HASH_LENGTH);
}

/** A part of the id that fits into every scheme's reference, and still names the payment: 100 bits. */
export function paymentLabel(paymentId: string): string {
  return paymentId.slice('pay_'.length, 'pay_'.length + 20);
}

/** RFC 4648 section 6, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}
