// Consumer-presented mode: BER-TLV in base64, beginning with "hQVDUFY". It holds card data, so fields show hexadecimal
// values by tag, with card number and track masked; 63 and 64 are opaque and starred wherever they could hold a card
// number. A second application template is "61-2". Source: EMVCo CPM 1.0.

import { type BerObject, readBer, toHex } from './ber-tlv';
import { hidesPan, maskAll, maskPackedPan, maskTrack2, panDigits } from './card-data';
import { issue, type QrIssue } from './issues';
import type { QrDecodeResult, QrFields } from './types';

export const cpmPrefix = 'hQVDUFY';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const version = '4350563031';
const qrisAid = 'A0000006022020';

/** Tags whose values are never shown: track 1, track 2 and their discretionary data. */
const hidden: ReadonlySet<string> = new Set(['56', '9F1F', '9F20', '9F6B']);

/** Lengths in bytes. */
const lengths: ReadonlyMap<string, readonly [min: number, max: number]> = new Map([
  ['4F', [5, 16]],
  ['50', [1, 16]],
  ['57', [1, 19]],
  ['5A', [1, 10]],
  ['5F20', [2, 26]],
  ['5F2D', [2, 8]],
  ['9F08', [2, 2]],
  ['9F24', [29, 29]],
  ['9F25', [2, 2]],
]);

interface Template {
  readonly key: string;
  readonly tag: string;
  readonly objects: readonly BerObject[];
}

export function decodeCpm(payload: string): QrDecodeResult {
  if (!base64.test(payload)) {
    const message = 'is not base64 as of RFC 4648 section 4, padded and without line breaks';
    return { ok: false, issues: [issue('', payload.length % 4 === 0 ? 'value_invalid' : 'truncated', message)] };
  }
  const top = readBer(Buffer.from(payload, 'base64'));
  if (typeof top === 'string') return { ok: false, issues: [issue('', 'length_invalid', top)] };

  const issues: QrIssue[] = [];
  const templates = readTemplates(top, issues);
  if (issues.length > 0) return { ok: false, issues };

  const fields = showFields(top, templates);
  const isQris = templates.some(({ objects }) => hexOf(objects, '4F')?.startsWith(qrisAid));
  return {
    ok: true,
    qr: {
      mode: 'consumer-presented',
      initiation: null,
      scheme: isQris ? 'qris' : 'emv',
      fields,
      merchant: { name: null, city: null, country: null, categoryCode: null },
      amount: null,
      paymentId: null,
      warnings: warningsOf(top, templates),
    },
  };
}

/** The templates' objects; a template that is broken inside, or holds a tag twice, breaks the payload. */
function readTemplates(top: readonly BerObject[], issues: QrIssue[]): Template[] {
  const templates: Template[] = [];
  const seen = new Map<string, number>();
  for (const { tag, value, isConstructed } of top) {
    const count = (seen.get(tag) ?? 0) + 1;
    seen.set(tag, count);
    if (count > 1 && tag !== '61') issues.push(issue(tag, 'duplicate_id', 'occurs more than once'));
    if (!isConstructed) continue;
    const key = count === 1 ? tag : `${tag}-${count}`;
    const objects = readBer(value);
    if (typeof objects === 'string') {
      issues.push(issue(key, 'length_invalid', objects));
      continue;
    }
    const tags = objects.map((object) => object.tag);
    const repeated = tags.find((inner, n) => tags.indexOf(inner) !== n);
    if (repeated !== undefined) issues.push(issue(`${key}/${repeated}`, 'duplicate_id', 'occurs more than once'));
    templates.push({ key, tag, objects });
  }
  return templates;
}

function showFields(top: readonly BerObject[], templates: readonly Template[]): QrFields {
  const pans = templates
    .flatMap(({ objects }) => [hexOf(objects, '57'), hexOf(objects, '5A')])
    .map((hex) => panDigits(hex ?? ''))
    .filter((pan) => pan.length >= 8);
  const fields: QrFields = {};
  for (const { tag, value, isConstructed } of top) if (!isConstructed) fields[tag] = show(tag, value, pans);
  for (const { key, objects } of templates) {
    const template: QrFields = {};
    for (const { tag, value } of objects) template[tag] = show(tag, value, pans);
    fields[key] = template;
  }
  return fields;
}

function show(tag: string, value: Uint8Array, pans: readonly string[]): string {
  const hex = toHex(value);
  if (tag === '57') return maskTrack2(hex);
  if (tag === '5A') return maskPackedPan(hex);
  return hidden.has(tag) || hidesPan(hex, pans) ? maskAll(hex) : hex;
}

function warningsOf(top: readonly BerObject[], templates: readonly Template[]): QrIssue[] {
  const warnings: QrIssue[] = [];
  if (toHex(top[0].value) !== version) warnings.push(issue('85', 'value_invalid', 'payload format is not "CPV01"'));
  const applications = templates.filter(({ tag }) => tag === '61');
  if (applications.length === 0) warnings.push(issue('61', 'missing_required', 'an application template is required'));
  if (applications.length > 2)
    warnings.push(issue('61', 'not_allowed', 'at most two application templates are allowed'));
  const common = templates.find(({ tag }) => tag === '62');
  if (common !== undefined && templates.findIndex(({ tag }) => tag === '61') > templates.indexOf(common)) {
    warnings.push(issue('62', 'order_invalid', 'the common data template follows the application templates'));
  }
  for (const application of applications) warnings.push(...applicationWarnings(application, common));
  for (const { key, objects } of templates) {
    for (const { tag, value } of objects) {
      const [min, max] = lengths.get(tag) ?? [0, value.length];
      if (value.length >= min && value.length <= max) continue;
      const allowed = min === max ? `${min}` : `${min} to ${max}`;
      warnings.push(issue(`${key}/${tag}`, 'length_invalid', `has ${value.length} bytes, allowed: ${allowed}`));
    }
  }
  return warnings;
}

function applicationWarnings({ key, objects }: Template, common: Template | undefined): QrIssue[] {
  const warnings: QrIssue[] = [];
  const has = (tag: string) => hexOf(objects, tag) !== undefined;
  const hasCommon = (tag: string) => common !== undefined && hexOf(common.objects, tag) !== undefined;
  if (!has('4F')) warnings.push(issue(`${key}/4F`, 'missing_required', 'the application identifier is required'));
  if (!['57', '5A'].some((tag) => has(tag) || hasCommon(tag))) {
    warnings.push(issue(`${key}/5A`, 'missing_required', 'track 2 data (57) or a card number (5A) is required'));
  }
  for (const { tag } of objects) {
    if (hasCommon(tag)) warnings.push(issue(`${key}/${tag}`, 'not_allowed', 'stands in 62 as well'));
  }
  return warnings;
}

function hexOf(objects: readonly BerObject[], tag: string): string | undefined {
  const found = objects.find((object) => object.tag === tag);
  return found === undefined ? undefined : toHex(found.value);
}
