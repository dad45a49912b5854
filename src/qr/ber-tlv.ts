// BER-TLV as EMV uses it (Book 3, annex B): tags of one to three bytes, definite lengths, 00 and FF between objects
// skipped.

import { maxBerObjects } from './limits';

export interface BerObject {
  /** Upper-case hexadecimal digits. */
  readonly tag: string;
  readonly value: Uint8Array;
  readonly isConstructed: boolean;
}

/** All objects of one level, or a message of what is broken. */
export function readBer(bytes: Uint8Array): readonly BerObject[] | string {
  const objects: BerObject[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x00 || bytes[at] === 0xff) {
      at++;
      continue;
    }
    if (objects.length >= maxBerObjects) return `more than ${maxBerObjects} objects`;
    const tagEnd = endOfTag(bytes, at);
    if (tagEnd < 0) return 'ends inside a tag, or a tag has more than three bytes';
    const length = readLength(bytes, tagEnd);
    if (length === null) return 'a length is cut off, indefinite or of more than two bytes';
    const [start, size] = length;
    if (start + size > bytes.length) return `an object declares ${size} bytes, ${bytes.length - start} are left`;
    const tag = toHex(bytes.subarray(at, tagEnd));
    objects.push({ tag, value: bytes.subarray(start, start + size), isConstructed: (bytes[at] & 0x20) !== 0 });
    at = start + size;
  }
  return objects;
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex.toUpperCase();
}

function endOfTag(bytes: Uint8Array, start: number): number {
  if ((bytes[start] & 0x1f) !== 0x1f) return start + 1;
  for (let at = start + 1; at < bytes.length && at < start + 3; at++) {
    if ((bytes[at] & 0x80) === 0) return at + 1;
  }
  return -1;
}

/** Where the value starts and how long it is. */
function readLength(bytes: Uint8Array, at: number): readonly [start: number, size: number] | null {
  if (at >= bytes.length) return null;
  const first = bytes[at];
  if (first < 0x80) return [at + 1, first];
  const count = first & 0x7f;
  if (count < 1 || count > 2 || at + count >= bytes.length) return null;
  let size = 0;
  for (let n = 1; n <= count; n++) size = (size << 8) | bytes[at + n];
  return [at + 1 + count, size];
}
