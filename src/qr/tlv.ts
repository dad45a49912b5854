// EMV text TLV, one level of it: two-digit ID, two-digit length in code points, value. Knows nothing of what IDs mean.

import { advance, characterCount } from './characters';
import type { IssueCode } from './issues';
import { maxValueCharacters } from './limits';

/** "00" to "99", so that reading allocates no ID. */
export const tlvIds: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

/** What stopped reading. `id` is "" where not even the ID could be read. */
export interface TlvFault {
  readonly code: IssueCode;
  readonly id: string;
  /** The text ends inside an object. */
  readonly isCut: boolean;
  readonly message: string;
}

export interface TlvObjects {
  /** IDs as written, a repeated one once. */
  readonly ids: string[];
  readonly values: { [id: string]: string };
  /** IDs that occurred again; the first value is kept. */
  readonly repeated: string[];
  readonly fault: TlvFault | null;
}

/** Reads all objects, or up to the first fault. `astral`: the text holds surrogate pairs, so units must be walked. */
export function readTlv(text: string, astral: boolean): TlvObjects {
  const ids: string[] = [];
  const values: { [id: string]: string } = {};
  const repeated: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (at + 4 > text.length) return { ids, values, repeated, fault: headerFault(text, at) };
    const id = twoDigits(text, at);
    const length = twoDigits(text, at + 2);
    if (id < 0 || length < 0) return { ids, values, repeated, fault: headerFault(text, at) };
    const start = at + 4;
    const end = astral ? advance(text, start, length) : start + length;
    if (end < 0 || end > text.length) return { ids, values, repeated, fault: overrun(text, start, tlvIds[id], length) };
    const key = tlvIds[id];
    if (values[key] === undefined) {
      ids.push(key);
      values[key] = text.slice(start, end);
    } else {
      repeated.push(key);
    }
    at = end;
  }
  return { ids, values, repeated, fault: null };
}

/** One object, or null where the value does not fit a two-digit length. */
export function writeObject(id: string, value: string, astral: boolean): string | null {
  const length = astral ? characterCount(value) : value.length;
  return length > maxValueCharacters ? null : id + tlvIds[length] + value;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function headerFault(text: string, at: number): TlvFault {
  const left = text.length - at;
  const id = left >= 2 ? twoDigits(text, at) : -1;
  if (left >= 2 && id < 0) {
    return {
      code: 'value_invalid',
      id: '',
      isCut: false,
      message: `an ID of two digits is expected at character ${at}`,
    };
  }
  if (left < 4) {
    const known = id < 0 ? '' : tlvIds[id];
    return { code: 'truncated', id: known, isCut: true, message: `ends inside an ID or length, at character ${at}` };
  }
  return { code: 'length_invalid', id: tlvIds[id], isCut: false, message: 'the length is not two digits' };
}

function overrun(text: string, start: number, id: string, length: number): TlvFault {
  const left = characterCount(text.slice(start));
  return { code: 'length_invalid', id, isCut: true, message: `declares ${length} characters, only ${left} are left` };
}
