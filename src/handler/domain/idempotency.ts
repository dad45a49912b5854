/**
 * Idempotency keys. Stored as keyed hashes: a dump of the table shows neither a client's key nor anything of a body that could be guessed.
 */
import { createHmac, type KeyObject } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { Problem } from './errors';

const FORM = /^[A-Za-z0-9_.:-]{16,128}$/;

/** What a request brings that must happen once: the key it came with, and what it asked for. */
export interface Idempotency {
  readonly key: string;
  readonly requestHash: string;
}

/** @throws Problem `idempotency-key-missing`, `idempotency-key-invalid` */
export function checkIdempotencyKey(header: string | undefined): string {
  if (header === undefined) {
    throw new Problem(
      'idempotency-key-missing',
      'Send an Idempotency-Key header of 16 to 128 characters (letters, digits, _ . : -), new for each operation and the same for each retry of it.',
    );
  }
  if (!FORM.test(header)) {
    throw new Problem(
      'idempotency-key-invalid',
      `The Idempotency-Key has ${header.length} characters; allowed are 16 to 128 letters, digits and _ . : - (for instance a UUID).`,
    );
  }
  return header;
}

/** The same key of another caller is another key. */
export function hashIdempotencyKey(secret: KeyObject, caller: string, key: string): string {
  return keyedHash(secret, `idempotency-key\n${caller}\n${key}`);
}

/** @param route `<method> <path>` with the path's own ids left as templates; @param body parsed, so that white space and member order do not count */
export function hashRequest(secret: KeyObject, route: string, body: unknown): string {
  return keyedHash(secret, `request\n${route}\n${stringify(body ?? {})}`);
}

function keyedHash(secret: KeyObject, text: string): string {
  return createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url');
}
