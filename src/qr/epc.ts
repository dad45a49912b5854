// EPC069-12 (European Payments Council): a SEPA credit transfer as lines of text. Any violation refuses the payload,
// since a transfer is filled in from it without the payer looking. `fields` names the elements: service, version,
// charset, identification, bic, name, iban, amount, purpose, reference, text, information.

import { parseAmount } from './amount';
import { characterCount, utf8Length } from './characters';
import { isCreditorReference, isIban } from './iban';
import { issue, type QrIssue } from './issues';
import { splitLines } from './text-lines';
import type { QrDecodeResult, QrFields } from './types';

const names = ['service', 'version', 'charset', 'identification', 'bic', 'name', 'iban'].concat([
  'amount',
  'purpose',
  'reference',
  'text',
  'information',
]);
const requiredLines = 7;
const maxBytes = 331;
const euroExponent = 2;
const bic = /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/;
const amount = /^EUR[0-9]{1,9}(\.[0-9]{1,2})?$/;

/** Element 3; 1 is UTF-8, the others have one byte a character. */
const charsets: ReadonlyMap<string, string> = new Map([
  ['1', 'utf-8'],
  ['2', 'iso-8859-1'],
  ['3', 'iso-8859-2'],
  ['4', 'iso-8859-4'],
  ['5', 'iso-8859-5'],
  ['6', 'iso-8859-7'],
  ['7', 'iso-8859-10'],
  ['8', 'iso-8859-15'],
]);

export function isEpc(payload: string): boolean {
  return /^BCD\r?\n/.test(payload);
}

export function decodeEpc(payload: string): QrDecodeResult {
  const lines = splitLines(payload);
  if ('code' in lines) return { ok: false, issues: [lines] };
  if (lines.length < requiredLines || lines.length > names.length) {
    const allowed = `${requiredLines} to ${names.length}`;
    const code = lines.length < requiredLines ? 'truncated' : 'length_invalid';
    return { ok: false, issues: [issue('', code, `has ${lines.length} lines, allowed: ${allowed}`)] };
  }
  const fields: QrFields = {};
  const element = (name: string) => lines[names.indexOf(name)] ?? '';
  for (const name of names) fields[name] = element(name);
  const issues = [...headerIssues(element), ...transferIssues(element), ...textIssues(payload, element)];
  if (issues.length > 0) return { ok: false, issues };

  const parsed = parseAmount(element('amount').slice(3), euroExponent);
  return {
    ok: true,
    qr: {
      mode: 'epc',
      initiation: null,
      scheme: null,
      fields,
      merchant: { name: element('name'), city: null, country: null, categoryCode: null },
      amount: 'value' in parsed ? { currency: 'EUR', value: parsed.value } : null,
      paymentId: null,
      warnings: [],
    },
  };
}

type Element = (name: string) => string;

function headerIssues(element: Element): QrIssue[] {
  const issues: QrIssue[] = [];
  const version = element('version');
  if (version !== '001' && version !== '002') issues.push(issue('version', 'value_invalid', 'must be "001" or "002"'));
  if (!charsets.has(element('charset'))) issues.push(issue('charset', 'value_invalid', 'must be "1" to "8"'));
  if (element('identification') !== 'SCT') issues.push(issue('identification', 'value_invalid', 'must be "SCT"'));
  if (element('bic') === '') {
    if (version === '001') issues.push(issue('bic', 'missing_required', 'version 001 requires the BIC'));
  } else if (!bic.test(element('bic'))) {
    issues.push(issue('bic', 'value_invalid', 'must be a BIC of 8 or 11 characters'));
  }
  return issues;
}

function transferIssues(element: Element): QrIssue[] {
  const issues: QrIssue[] = [];
  if (element('name').trim() === '') issues.push(issue('name', 'missing_required', 'the beneficiary is required'));
  if (element('iban') === '') issues.push(issue('iban', 'missing_required', 'the IBAN is required'));
  else if (!isIban(element('iban'))) issues.push(issue('iban', 'value_invalid', 'is no IBAN with right check digits'));
  if (element('amount') !== '') {
    const isPositive =
      amount.test(element('amount')) && 'value' in parseAmount(element('amount').slice(3), euroExponent);
    if (!isPositive)
      issues.push(issue('amount', 'value_invalid', 'must be EUR and 0.01 to 999999999.99, with a point'));
  }
  if (!/^[A-Za-z0-9]{0,4}$/.test(element('purpose'))) {
    issues.push(issue('purpose', 'value_invalid', 'must be a code of at most four letters'));
  }
  const reference = element('reference');
  if (reference !== '' && element('text') !== '') {
    issues.push(issue('text', 'not_allowed', 'a transfer has a structured reference or a text, not both'));
  }
  if (/^RF[0-9]{2}/.test(reference) && !isCreditorReference(reference)) {
    issues.push(issue('reference', 'value_invalid', 'is no ISO 11649 reference with right check digits'));
  }
  return issues;
}

function textIssues(payload: string, element: Element): QrIssue[] {
  const issues: QrIssue[] = [];
  for (const [name, max] of [
    ['name', 70],
    ['reference', 35],
    ['text', 140],
    ['information', 70],
  ] as const) {
    const count = characterCount(element(name));
    if (count > max) issues.push(issue(name, 'length_invalid', `has ${count} characters, at most ${max} are allowed`));
  }
  const charset = charsets.get(element('charset'));
  const bytes = charset === undefined ? 0 : byteLength(payload, charset);
  if (bytes < 0) issues.push(issue('charset', 'value_invalid', `a character does not exist in ${charset}`));
  if (bytes > maxBytes) issues.push(issue('', 'length_invalid', `has ${bytes} bytes, at most ${maxBytes} are allowed`));
  return issues;
}

const repertoires = new Map<string, ReadonlySet<string>>();

/** In the declared character set; -1 where it cannot hold the text. */
function byteLength(text: string, charset: string): number {
  if (charset === 'utf-8') return utf8Length(text);
  const repertoire = repertoires.get(charset) ?? repertoireOf(charset);
  let count = 0;
  for (const character of text) {
    if (!repertoire.has(character)) return -1;
    count++;
  }
  return count;
}

/** WHATWG's "iso-8859-1" is really windows-1252, so that one is spelt out. */
function repertoireOf(charset: string): ReadonlySet<string> {
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  const text = charset === 'iso-8859-1' ? String.fromCharCode(...bytes) : new TextDecoder(charset).decode(bytes);
  const repertoire = new Set(text);
  repertoire.delete('\ufffd');
  repertoires.set(charset, repertoire);
  return repertoire;
}
