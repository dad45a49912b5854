// Fields to a merchant-presented payload. Strict: whatever decoding would warn about is refused here, by the same
// rules, so that every payload written is read back as exactly these fields without a warning.

import { isDigits, Script, scriptOf, utf8Length } from '../characters';
import { crc16, crcText } from '../crc16';
import { issue, type QrIssue } from '../issues';
import { maxDepth, maxEmvPayloadBytes, maxIssues, maxObjects } from '../limits';
import { type FoundScheme, findSchemes } from '../schemes';
import { readTlv, writeObject } from '../tlv';
import type { EncodeResult, QrFields } from '../types';
import { type MpmCode, nesting, readNested } from './code';
import { idNumber, isTemplate } from './field-table';
import { validateMpm } from './validate';

/** 6304 and four hexadecimal digits. */
const crcObjectLength = 8;

/** Where writing stands. */
interface Writing {
  readonly issues: QrIssue[];
  /** Some value holds surrogate pairs, so that lengths must be counted in code points. */
  readonly astral: boolean;
}

interface Written {
  /** Each root object, in the order of the IDs. */
  readonly objects: readonly string[];
  readonly text: string;
  readonly script: Script;
}

/** A code without its CRC. */
export interface CheckedCode {
  readonly ok: true;
  readonly ids: readonly string[];
  /** As they are written, in the order of the IDs. */
  readonly objects: readonly string[];
  readonly text: string;
  readonly schemes: readonly FoundScheme[];
}

/** `fields` as decodeQr returns them, without 63: the CRC is computed. Any other rule broken is an error. */
export function encodeFields(fields: QrFields): EncodeResult {
  const written = encodeObjects(fields);
  return written.ok ? { ok: true, payload: closeMpm(written.text) } : written;
}

/** The same before the CRC is there. @param room bytes that are still to be added */
export function encodeObjects(fields: QrFields, room = 0): CheckedCode | Extract<EncodeResult, { ok: false }> {
  const issues: QrIssue[] = [];
  const ids = orderedIds(fields, '', issues);
  if (fields['63'] !== undefined) issues.push(issue('63', 'not_allowed', 'the CRC is computed, leave it out'));
  const written = issues.length > 0 ? null : writeText(fields, ids, issues);
  if (written === null) return { ok: false, issues: issues.slice(0, maxIssues) };

  const { objects, text, script } = written;
  if (script === Script.malformed) {
    return { ok: false, issues: [issue('', 'value_invalid', 'half of a surrogate pair cannot be written in UTF-8')] };
  }
  const isPrintable = script === Script.printable;
  const schemes = findSchemes(fields, ids);
  const code: MpmCode = { fields, ids, isPrintable, schemes };
  const broken = validateMpm(code).filter((found) => found.code !== 'scheme_practice');
  if ((isPrintable ? text.length : utf8Length(text)) + crcObjectLength + room > maxEmvPayloadBytes) {
    broken.push(
      issue('', 'payload_long', `the payload would exceed ${maxEmvPayloadBytes} bytes; shorten or drop objects`),
    );
  }
  return broken.length > 0 ? { ok: false, issues: broken } : { ok: true, ids, objects, text, schemes };
}

/** Appends the CRC object to the text of all other objects. */
export function closeMpm(text: string): string {
  return `${text}6304${crcText(crc16('6304', 4, crc16(text)))}`;
}

/** The text of fields that are known to be writable, without the CRC; null where they are not. */
export function textOfFields(fields: QrFields): string | null {
  const issues: QrIssue[] = [];
  const ids = orderedIds(fields, '', issues).filter((id) => id !== '63');
  return issues.length > 0 ? null : (writeText(fields, ids, issues)?.text ?? null);
}

/** IDs ascending, which puts 00 first. Refuses whatever is no ID. */
function orderedIds(fields: QrFields, path: string, issues: QrIssue[]): string[] {
  const ids = Object.keys(fields);
  if (ids.length > maxObjects || !ids.every(isId)) {
    issues.push(issue(path, 'value_invalid', 'object IDs are two digits'));
    return [];
  }
  // JavaScript lists "10" to "99" in order and "00" to "09" after them as written: little is left to an insertion sort.
  for (let n = 1; n < ids.length; n++) {
    const id = ids[n];
    let at = n;
    for (; at > 0 && ids[at - 1] > id; at--) ids[at] = ids[at - 1];
    ids[at] = id;
  }
  return ids;
}

function isId(text: string): boolean {
  return text.length === 2 && isDigits(text);
}

/**
 * Lengths are those in UTF-16 units until a surrogate pair turns up. Then, and wherever something is wrong, all is written
 * again with code points counted: few codes need it. Null where something is wrong.
 */
function writeText(fields: QrFields, ids: readonly string[], issues: QrIssue[]): Written | null {
  const hasty: Writing = { issues: [], astral: false };
  const written = withText(writeRoot(fields, ids, hasty));
  if (hasty.issues.length === 0 && written.script < Script.astral) return written;
  const careful = withText(writeRoot(fields, ids, { issues, astral: true }));
  return issues.length > 0 ? null : careful;
}

function withText(objects: readonly string[]): Written {
  // Joined, not concatenated: the text is walked several times, and a rope of strings is slow to walk.
  const text = objects.join('');
  return { objects, text, script: scriptOf(text) };
}

function writeRoot(fields: QrFields, ids: readonly string[], writing: Writing): string[] {
  const objects: string[] = [];
  for (const id of ids) {
    const value = fields[id];
    if (typeof value !== 'string') {
      objects.push(writeTemplate(fields, id, value, writing));
      continue;
    }
    if (isTemplate(idNumber(id)) && value !== '' && readTlv(value, true).fault === null) {
      writing.issues.push(issue(id, 'value_invalid', 'is a template: write it as an object of data objects'));
    }
    objects.push(write('', id, value, writing));
  }
  return objects;
}

function writeTemplate(root: QrFields, id: string, template: QrFields, writing: Writing): string {
  if (!isTemplate(idNumber(id))) {
    writing.issues.push(issue(id, 'value_invalid', 'is no template: write it as a string'));
    return '';
  }
  const mayNest = nesting(id, template, root);
  let text = '';
  for (const subId of orderedIds(template, id, writing.issues)) {
    const value = template[subId];
    const isNested = mayNest(subId);
    if (typeof value !== 'string') {
      text += write(id, subId, writeNested(`${id}/${subId}`, value, isNested, writing), writing);
      continue;
    }
    if (isNested && readNested(value, true) !== null) {
      writing.issues.push(
        issue(`${id}/${subId}`, 'value_invalid', 'is a template: write it as an object of data objects'),
      );
    }
    text += write(id, subId, value, writing);
  }
  if (text === '') writing.issues.push(issue(id, 'empty_value', 'a template has at least one object'));
  return write('', id, text, writing);
}

function writeNested(path: string, template: QrFields, isNested: boolean, writing: Writing): string {
  if (!isNested) {
    writing.issues.push(issue(path, 'value_invalid', 'is no template: write it as a string'));
    return '';
  }
  if (typeof template['00'] !== 'string')
    writing.issues.push(issue(`${path}/00`, 'guid_missing', 'object 00 is required'));
  let text = '';
  for (const id of orderedIds(template, path, writing.issues)) {
    const value = template[id];
    if (typeof value === 'string') text += write(path, id, value, writing);
    else writing.issues.push(issue(`${path}/${id}`, 'value_invalid', `nothing nests deeper than ${maxDepth} levels`));
  }
  return text;
}

function write(parent: string, id: string, value: string, writing: Writing): string {
  const text = writeObject(id, value, writing.astral);
  if (text !== null) return text;
  const path = parent === '' ? id : `${parent}/${id}`;
  writing.issues.push(
    issue(path, 'length_invalid', 'is longer than the 99 characters that a length of two digits can tell'),
  );
  return '';
}
