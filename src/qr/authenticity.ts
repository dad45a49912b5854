// Whether a merchant-presented code is one of ours and unchanged. A CRC is an error check that anyone can compute; the
// tag below is a keyed hash over the payment and over every character of the payload, so that no altered payload
// passes. The template (80-99, the first one free): 00 GUID, 01 payment id, 02 tag, 03 key id; at most 99 characters in
// all.

import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { issue, type QrIssue } from './issues';
import { closeMpm, encodeObjects, textOfFields } from './mpm/encode';
import type { FoundScheme } from './schemes';
import { tlvIds } from './tlv';
import type { EncodeResult, QrAmount, QrFields } from './types';

export const authenticityGuid = 'cdk.qr.payments';

/** 128 bits as base64url without padding. */
const tagLength = 22;
const tagBytes = 16;
/** With its ID and length. */
const writtenTagLength = 4 + tagLength;
/** Templates that EMVCo leaves to everybody. */
const unreserved = tlvIds.slice(80);
const format = 'cdk.qr.payments/1';
const paymentIdPattern = /^pay_[a-z2-7]{26}[a-z0-9]{1,8}$/;
const keyIdPattern = /^[a-zA-Z0-9_-]{1,8}$/;
const tagPattern = /^[a-zA-Z0-9_-]{22}$/;
const minKeyBytes = 32;

export interface QrKey {
  /** 1 to 8 of a-z A-Z 0-9 _ - */
  readonly id: string;
  readonly key: KeyObject;
}

/** The first one signs, all verify: during a rotation there are two. */
export type QrKeys = readonly QrKey[];

/** What a tag vouches for besides the payload itself. */
export interface AuthenticPayment {
  /** `pay_`, 26 characters of base32, the home Region's code. */
  readonly id: string;
  readonly merchantId: string;
  readonly amount: QrAmount;
  readonly expiresAtMs: number;
}

export interface AuthenticityInput {
  readonly payment: AuthenticPayment;
  readonly keys: QrKeys;
}

export interface SignInput extends AuthenticityInput {
  /** The code's fields without 63 and without a template of ours. */
  readonly fields: QrFields;
}

export interface ClaimInput {
  /** Exactly as scanned. */
  readonly payload: string;
  /** As decodeQr reads them from that payload. */
  readonly fields: QrFields;
  readonly keys: QrKeys;
}

/** What a code of ours says about itself, not yet proven. */
export interface QrClaim {
  /** The payment to prove it with. */
  readonly paymentId: string;
  readonly tag: string;
  /** What the tag must have been made of, besides the payment. */
  readonly untagged: string;
  /** Those that have the code's key id. */
  readonly keys: QrKeys;
}

/**
 * `not_ours`: no template with our GUID. `unknown_key`: ours by its GUID, but none of the keys made it. `forged`: the tag
 * does not vouch for this payload and its payment.
 */
export type Authenticity = 'authentic' | 'forged' | 'unknown_key' | 'not_ours';

/** A key for QrKeys, made once and kept: importing one costs more than a tag. */
export function qrKey(id: string, secret: Uint8Array): QrKey {
  if (!keyIdPattern.test(id))
    throw new Error(`QR key id: 1 to 8 characters of a-z A-Z 0-9 _ - are allowed, got ${id.length}`);
  if (secret.length < minKeyBytes)
    throw new Error(`QR key ${id}: at least ${minKeyBytes} bytes are required, got ${secret.length}`);
  return { id, key: createSecretKey(secret) };
}

/** The payload of `fields` with payment id and tag. */
export function signCode({ fields, payment, keys }: SignInput): EncodeResult {
  const signer = keys[0];
  const issues = signIssues(fields, payment, signer);
  if (issues.length > 0) return { ok: false, issues };

  // Written and checked as any code is. Our own template then needs no other check: what it holds has just had one.
  const written = encodeObjects(fields, textOfOurs(unreserved[0], payment.id, signer.id).length + writtenTagLength);
  if (!written.ok) return written;
  const { ids, objects, schemes } = written;
  const id = freeTemplate(ids, schemes);
  if (id === undefined) {
    return { ok: false, issues: [issue('', 'not_allowed', 'templates 80 to 99 are all taken, none is left for ours')] };
  }
  const place = ids.filter((each) => each < id).length;
  const [before, after] = [objects.slice(0, place).join(''), objects.slice(place).join('')];
  const tag = tagOf(signer, payment, before + textOfOurs(id, payment.id, signer.id) + after);
  return { ok: true, payload: closeMpm(before + textOfOurs(id, payment.id, signer.id, tag) + after) };
}

/** Our template as it is written, 99 characters at most and then as many as its ID and length. */
function textOfOurs(id: string, paymentId: string, keyId: string, tag?: string): string {
  const object = (subId: string, value: string) => subId + tlvIds[value.length] + value;
  const claim = object('00', authenticityGuid) + object('01', paymentId);
  return object(id, `${claim}${tag === undefined ? '' : object('02', tag)}${object('03', keyId)}`);
}

/** The first half of the check, without the payment: what there is to prove, or why there is nothing. */
export function readClaim({ payload, fields, keys }: ClaimInput): QrClaim | Exclude<Authenticity, 'authentic'> {
  const found = ours(fields, Object.keys(fields));
  if (found.length === 0) return 'not_ours';
  if (found.length > 1) return 'forged';

  const [id, template] = found[0];
  const { '02': tag, ...rest } = template;
  const { '01': paymentId, '03': keyId } = rest;
  if (typeof tag !== 'string' || !tagPattern.test(tag) || typeof keyId !== 'string') return 'forged';
  const candidates = keys.filter((key) => key.id === keyId);
  if (candidates.length === 0) return 'unknown_key';
  if (typeof paymentId !== 'string' || !paymentIdPattern.test(paymentId)) return 'forged';
  // The tag covers fields, so the payload must be the one way of writing them: our order, upper-case CRC.
  const written = textOfFields(fields);
  if (written === null || closeMpm(written) !== payload) return 'forged';
  const untagged = textOfFields({ ...fields, [id]: rest });
  return untagged === null ? 'forged' : { paymentId, tag, untagged, keys: candidates };
}

/** The second half, with the payment of the claimed id as it was stored. */
export function verifyClaim(claim: QrClaim, payment: AuthenticPayment): 'authentic' | 'forged' {
  const isAuthentic = claim.keys.some((key) => sameTag(tagOf(key, payment, claim.untagged), claim.tag));
  return isAuthentic && claim.paymentId === payment.id ? 'authentic' : 'forged';
}

/** The payment id that a code claims; null without our template, or with one that cannot be ours. */
export function claimedPaymentId(fields: QrFields, ids: readonly string[]): string | null {
  const found = ours(fields, ids);
  if (found.length !== 1) return null;
  const id = found[0][1]['01'];
  return typeof id === 'string' && paymentIdPattern.test(id) ? id : null;
}

function ours(fields: QrFields, ids: readonly string[]): [id: string, template: QrFields][] {
  const found: [string, QrFields][] = [];
  for (const id of ids) {
    const template = fields[id];
    if (id < '80' || typeof template === 'string') continue;
    const guid = template['00'];
    if (typeof guid === 'string' && guid.toLowerCase() === authenticityGuid) found.push([id, template]);
  }
  return found;
}

function signIssues(fields: QrFields, payment: AuthenticPayment, signer: QrKey | undefined): QrIssue[] {
  const issues: QrIssue[] = [];
  if (signer === undefined) issues.push(issue('authenticity/keys', 'missing_required', 'at least one key is required'));
  if (!paymentIdPattern.test(payment.id)) {
    const allowed = 'pay_, 26 characters of a-z 2-7, a Region code of 1 to 8 characters of a-z 0-9';
    issues.push(issue('authenticity/payment/id', 'value_invalid', `must be ${allowed}`));
  }
  if (ours(fields, Object.keys(fields)).length > 0) {
    issues.push(issue('', 'not_allowed', `a template under ${authenticityGuid} is there already`));
  }
  return issues;
}

/** Some schemes give templates of 80 to 99 a meaning: those stay theirs even where this code leaves them out. */
function freeTemplate(taken: readonly string[], schemes: readonly FoundScheme[]): string | undefined {
  const isFree = (id: string) => !taken.includes(id) && !schemes.some(({ scheme }) => scheme.reserved?.includes(id));
  return unreserved.find(isFree);
}

/** Every part is preceded by its length in bytes, so that no two inputs make the same message. */
function tagOf({ key }: QrKey, payment: AuthenticPayment, text: string): string {
  const { id, merchantId, amount, expiresAtMs } = payment;
  const parts = [format, id, merchantId, String(amount.value), amount.currency, String(expiresAtMs), text];
  const message = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  return createHmac('sha256', key).update(message).digest().toString('base64url', 0, tagBytes);
}

/** Compares the texts: two texts of 22 characters can decode to the same 128 bits. */
function sameTag(expected: string, given: string): boolean {
  if (given.length !== tagLength) return false;
  return timingSafeEqual(Buffer.from(expected, 'ascii'), Buffer.from(given, 'ascii'));
}
