// Merchant-presented payload to fields. Structure and CRC must hold, since they decide which bytes mean what; every
// other rule is a warning.

import { parseAmount } from '../amount';
import { Script, scriptOf, utf8Length } from '../characters';
import { crc16, crcText } from '../crc16';
import { currencyByNumeric } from '../currency';
import { issue, type QrIssue } from '../issues';
import { maxEmvPayloadBytes } from '../limits';
import { findSchemes } from '../schemes';
import { fieldText } from '../schemes/scheme';
import { readTlv, type TlvObjects } from '../tlv';
import type { QrAmount, QrFields, QrInitiation, QrMerchant } from '../types';
import { type MpmCode, nesting, readNested } from './code';
import { hasGuid, idNumber, isTemplate } from './field-table';
import { validateMpm } from './validate';

export type MpmResult =
  | { readonly ok: true; readonly code: MpmCode; readonly warnings: QrIssue[] }
  | { readonly ok: false; readonly issues: QrIssue[] };

/** Fields and warnings of a payload of merchant-presented mode. */
export function decodeMpm(payload: string): MpmResult {
  const script = scriptOf(payload);
  if (script === Script.malformed) {
    return { ok: false, issues: [issue('', 'value_invalid', 'holds half of a surrogate pair, which no QR code can')] };
  }
  const astral = script === Script.astral;
  const root = readTlv(payload, astral);
  const issues = structureIssues(payload, root);
  if (issues.length > 0) return { ok: false, issues };

  const fields = readTemplates(root, astral, issues);
  if (issues.length > 0) return { ok: false, issues };

  const isPrintable = script === Script.printable;
  const code: MpmCode = { fields, ids: root.ids, isPrintable, schemes: findSchemes(fields, root.ids) };
  const warnings = validateMpm(code);
  if (root.values['63'] !== root.values['63'].toUpperCase()) {
    warnings.push(issue('63', 'crc_lower_case', 'the CRC is written in lower case; it should be upper case'));
  }
  if (payload.length * 3 > maxEmvPayloadBytes && utf8Length(payload) > maxEmvPayloadBytes) {
    warnings.push(
      issue('', 'payload_long', `is longer than the ${maxEmvPayloadBytes} bytes that readers must support`),
    );
  }
  return { ok: true, code, warnings };
}

function structureIssues(payload: string, root: TlvObjects): QrIssue[] {
  const { ids, values, fault } = root;
  const issues: QrIssue[] = [];
  if (ids.length > 0 && ids[0] !== '00') {
    const kind = values['00'] === undefined ? 'missing_required' : 'order_invalid';
    issues.push(issue('00', kind, 'the payload format indicator must come first'));
  }
  for (const id of root.repeated) issues.push(issue(id, 'duplicate_id', 'occurs more than once'));
  const crc = values['63'];
  if (fault !== null) {
    for (const found of faultIssues(root)) issues.push(found);
  } else if (crc === undefined) {
    const message = ids.length === 0 ? 'the payload is empty' : 'there is no CRC: object 63 must come last';
    issues.push(issue('63', ids.length === 0 ? 'truncated' : 'crc_missing', message));
  } else if (ids[ids.length - 1] !== '63' || root.repeated.length > 0) {
    if (ids[ids.length - 1] !== '63') issues.push(issue('63', 'order_invalid', 'the CRC must come last'));
  } else if (crc.length !== 4) {
    issues.push(issue('63', 'length_invalid', 'a CRC has four hexadecimal digits'));
  } else if (crc.toUpperCase() !== crcText(crc16(payload, payload.length - 4))) {
    issues.push(issue('63', 'crc_mismatch', 'the CRC does not match: the payload was misread, cut or changed'));
  }
  return issues;
}

function faultIssues({ values, fault }: TlvObjects): QrIssue[] {
  if (fault === null) return [];
  if (values['63'] !== undefined) return [issue('63', 'order_invalid', 'the CRC must come last, something follows it')];
  const found = [issue(fault.id, fault.code, fault.message)];
  if (fault.id === '63') found.push(issue('63', 'crc_missing', 'the CRC is cut off'));
  if (fault.isCut && fault.code !== 'truncated')
    found.push(issue('', 'truncated', 'the payload ends inside an object'));
  return found;
}

/**
 * Root values, in place, with every template as an object. Repeated IDs inside a template are issues; anything that is no
 * TLV stays text.
 */
function readTemplates(root: TlvObjects, astral: boolean, issues: QrIssue[]): QrFields {
  const fields: QrFields = root.values;
  for (const id of root.ids) {
    const value = root.values[id];
    if (value === '' || !isTemplate(idNumber(id))) continue;
    const inner = readTlv(value, astral);
    if (inner.fault !== null) continue;
    for (const repeated of inner.repeated)
      issues.push(issue(`${id}/${repeated}`, 'duplicate_id', 'occurs more than once'));
    fields[id] = inner.values;
  }
  for (const id of root.ids) {
    const template = fields[id];
    if (typeof template !== 'string' && (id === '62' || hasGuid(idNumber(id)))) {
      readNestedTemplates(fields, id, template, astral, issues);
    }
  }
  return fields;
}

function readNestedTemplates(root: QrFields, id: string, template: QrFields, astral: boolean, issues: QrIssue[]): void {
  const mayNest = nesting(id, template, root);
  for (const subId in template) {
    const value = template[subId];
    if (typeof value !== 'string' || !mayNest(subId)) continue;
    const inner = readNested(value, astral);
    if (inner === null) continue;
    for (const repeated of inner.repeated) {
      issues.push(issue(`${id}/${subId}/${repeated}`, 'duplicate_id', 'occurs more than once'));
    }
    template[subId] = inner.values;
  }
}

export function initiationOf(fields: QrFields): QrInitiation | null {
  if (fields['01'] === '11') return 'static';
  return fields['01'] === '12' ? 'dynamic' : null;
}

export function merchantOf(fields: QrFields): QrMerchant {
  const merchant = {
    name: fieldText(fields, '59') ?? null,
    city: fieldText(fields, '60') ?? null,
    country: fieldText(fields, '58') ?? null,
    categoryCode: fieldText(fields, '52') ?? null,
  };
  const language = fieldText(fields, '64', '00');
  const name = fieldText(fields, '64', '01');
  if (language === undefined || name === undefined) return merchant;
  const city = fieldText(fields, '64', '02');
  return { ...merchant, local: city === undefined ? { language, name } : { language, name, city } };
}

/** Null where there is none, or none that can be told exactly: validateMpm says why. */
export function amountOf(fields: QrFields): QrAmount | null {
  const amount = fieldText(fields, '54');
  const currency = currencyByNumeric(fieldText(fields, '53') ?? '');
  if (amount === undefined || currency === undefined) return null;
  const parsed = parseAmount(amount, currency.exponent);
  return 'value' in parsed ? { currency: currency.alpha, value: parsed.value } : null;
}
