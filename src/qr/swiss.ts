// Swiss QR-bill (SIX, Implementation Guidelines 2.3): up to 34 lines of text. Any violation refuses the payload.
// `fields` names the elements; creditor and debtor are objects of addressType, name, street, buildingNumber,
// postalCode, town, country (for the combined address K, street and buildingNumber hold its two lines); av holds the
// alternative procedures as "1" and "2".

import { parseAmount } from './amount';
import { characterCount } from './characters';
import { isCreditorReference, isIban } from './iban';
import { issue, type QrIssue } from './issues';
import { splitLines } from './text-lines';
import type { QrDecodeResult, QrFields } from './types';

/** Line numbers, from 0. */
const at = {
  qrType: 0,
  version: 1,
  coding: 2,
  iban: 3,
  creditor: 4,
  ultimateCreditor: 11,
  amount: 18,
  currency: 19,
  debtor: 20,
  refType: 27,
  reference: 28,
  message: 29,
  trailer: 30,
  billInfo: 31,
  procedures: 32,
} as const;

const addressNames = ['addressType', 'name', 'street', 'buildingNumber', 'postalCode', 'town', 'country'] as const;
const maxLines = 34;
const maxCharacters = 997;
const centimeExponent = 2;
/** Basic Latin, Latin-1, Latin Extended-A, Romanian S and T with comma, euro sign. */
const permitted = /^[\x20-\x7e\u00a0-\u017f\u0218-\u021b\u20ac]*$/;
/** The table of the recursive modulo 10 check. */
const mod10Table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

export function isSwiss(payload: string): boolean {
  return /^SPC\r?\n/.test(payload);
}

export function decodeSwiss(payload: string): QrDecodeResult {
  const lines = splitLines(payload);
  if ('code' in lines) return { ok: false, issues: [lines] };
  if (lines.length <= at.trailer || lines.length > maxLines) {
    const code = lines.length <= at.trailer ? 'truncated' : 'length_invalid';
    const allowed = `${at.trailer + 1} to ${maxLines}`;
    return { ok: false, issues: [issue('', code, `has ${lines.length} lines, allowed: ${allowed}`)] };
  }
  const issues = [
    ...frameIssues(payload, lines),
    ...addressIssues('creditor', lines.slice(at.creditor, at.creditor + 7), true),
    ...addressIssues('debtor', lines.slice(at.debtor, at.debtor + 7), false),
    ...paymentIssues(lines),
    ...referenceIssues(lines[at.iban], lines[at.refType], lines[at.reference]),
    ...textIssues(lines),
  ];
  if (issues.length > 0) return { ok: false, issues };

  const parsed = parseAmount(lines[at.amount], centimeExponent);
  const [, name, , , , town, country] = lines.slice(at.creditor);
  return {
    ok: true,
    qr: {
      mode: 'swiss',
      initiation: null,
      scheme: null,
      fields: fieldsOf(lines),
      merchant: { name, city: town === '' ? null : town, country, categoryCode: null },
      amount: 'value' in parsed ? { currency: lines[at.currency], value: parsed.value } : null,
      paymentId: null,
      warnings: [],
    },
  };
}

function fieldsOf(lines: readonly string[]): QrFields {
  const fields: QrFields = {};
  for (const [name, n] of Object.entries(at)) {
    if (name === 'creditor' || name === 'ultimateCreditor' || name === 'debtor') fields[name] = address(lines, n);
    else if (name !== 'procedures') fields[name] = lines[n] ?? '';
  }
  const procedures: QrFields = {};
  for (const [n, text] of lines.slice(at.procedures).entries()) procedures[String(n + 1)] = text;
  return { ...fields, av: procedures };
}

function address(lines: readonly string[], start: number): QrFields {
  const fields: QrFields = {};
  for (const [n, name] of addressNames.entries()) fields[name] = lines[start + n];
  return fields;
}

function frameIssues(payload: string, lines: readonly string[]): QrIssue[] {
  const issues: QrIssue[] = [];
  if (!/^02[0-9]{2}$/.test(lines[at.version])) issues.push(issue('version', 'value_invalid', 'must be "0200"'));
  if (lines[at.coding] !== '1') issues.push(issue('coding', 'value_invalid', 'must be "1" (UTF-8)'));
  if (lines[at.trailer] !== 'EPD') issues.push(issue('trailer', 'value_invalid', 'must be "EPD"'));
  if (lines.length > at.billInfo && lines[lines.length - 1] === '') {
    issues.push(issue('', 'value_invalid', 'the last element must not be followed by a line break'));
  }
  const count = characterCount(payload);
  if (count > maxCharacters) {
    issues.push(issue('', 'length_invalid', `has ${count} characters, at most ${maxCharacters} are allowed`));
  }
  if (!lines.every((line) => permitted.test(line))) {
    issues.push(issue('', 'value_invalid', 'holds a character outside the Latin set of the Swiss payment standards'));
  }
  return issues;
}

function addressIssues(path: string, lines: readonly string[], isRequired: boolean): QrIssue[] {
  if (!isRequired && lines.every((line) => line === '')) return [];
  const [type, name, , , postalCode, town, country] = lines;
  const issues: QrIssue[] = [];
  if (type !== 'S' && type !== 'K') issues.push(issue(`${path}/addressType`, 'value_invalid', 'must be "S" or "K"'));
  if (name.trim() === '') issues.push(issue(`${path}/name`, 'missing_required', 'is required'));
  if (!/^[A-Z]{2}$/.test(country))
    issues.push(issue(`${path}/country`, 'value_invalid', 'must be two upper-case letters'));
  const isCombined = type === 'K';
  if (isCombined && (postalCode !== '' || town !== '')) {
    issues.push(issue(`${path}/postalCode`, 'not_allowed', 'a combined address has no postal code or town of its own'));
  }
  if (isCombined && lines[3] === '')
    issues.push(issue(`${path}/buildingNumber`, 'missing_required', 'line 2 is required'));
  if (!isCombined && postalCode === '') issues.push(issue(`${path}/postalCode`, 'missing_required', 'is required'));
  if (!isCombined && town === '') issues.push(issue(`${path}/town`, 'missing_required', 'is required'));
  const limits = [1, 70, 70, isCombined ? 70 : 16, 16, 35, 2];
  for (const [n, max] of limits.entries()) {
    if (characterCount(lines[n]) <= max) continue;
    issues.push(issue(`${path}/${addressNames[n]}`, 'length_invalid', `has at most ${max} characters`));
  }
  return issues;
}

function paymentIssues(lines: readonly string[]): QrIssue[] {
  const issues: QrIssue[] = [];
  const iban = lines[at.iban];
  if (!/^(CH|LI)/.test(iban) || iban.length !== 21 || !isIban(iban)) {
    issues.push(issue('iban', 'value_invalid', 'must be a Swiss or Liechtenstein IBAN with right check digits'));
  }
  if (lines.slice(at.ultimateCreditor, at.ultimateCreditor + 7).some((line) => line !== '')) {
    issues.push(issue('ultimateCreditor', 'not_allowed', 'is reserved and must stay empty'));
  }
  const amount = lines[at.amount];
  if (amount !== '' && (!/^(0|[1-9][0-9]{0,8})\.[0-9]{2}$/.test(amount) || amount === '0.00')) {
    issues.push(issue('amount', 'value_invalid', 'must be 0.01 to 999999999.99 with exactly two decimals'));
  }
  if (lines[at.currency] !== 'CHF' && lines[at.currency] !== 'EUR') {
    issues.push(issue('currency', 'value_invalid', 'must be "CHF" or "EUR"'));
  }
  return issues;
}

/** A QR reference goes with a QR-IBAN (institution 30000 to 31999), and only with one. */
function referenceIssues(iban: string, type: string, reference: string): QrIssue[] {
  const institution = Number(iban.slice(4, 9));
  const isQrIban = institution >= 30000 && institution <= 31999;
  if (type !== 'QRR' && type !== 'SCOR' && type !== 'NON') {
    return [issue('refType', 'value_invalid', 'must be "QRR", "SCOR" or "NON"')];
  }
  if (isQrIban !== (type === 'QRR')) {
    return [issue('refType', 'value_invalid', '"QRR" requires a QR-IBAN, and a QR-IBAN requires "QRR"')];
  }
  if (type === 'QRR' && !isQrReference(reference)) {
    return [issue('reference', 'value_invalid', 'must be 27 digits with the right check digit')];
  }
  if (type === 'SCOR' && !isCreditorReference(reference)) {
    return [issue('reference', 'value_invalid', 'must be an ISO 11649 reference with right check digits')];
  }
  return type === 'NON' && reference !== '' ? [issue('reference', 'not_allowed', 'must stay empty with "NON"')] : [];
}

function isQrReference(reference: string): boolean {
  if (!/^[0-9]{27}$/.test(reference)) return false;
  let carry = 0;
  for (const digit of reference.slice(0, -1)) carry = mod10Table[(carry + Number(digit)) % 10];
  return (10 - carry) % 10 === Number(reference.slice(-1));
}

function textIssues(lines: readonly string[]): QrIssue[] {
  const issues: QrIssue[] = [];
  const count = characterCount(lines[at.message]) + characterCount(lines[at.billInfo] ?? '');
  if (count > 140) {
    issues.push(issue('message', 'length_invalid', `message and bill information have ${count} of 140 characters`));
  }
  for (const [n, text] of lines.slice(at.procedures).entries()) {
    if (characterCount(text) > 100) issues.push(issue(`av/${n + 1}`, 'length_invalid', 'has at most 100 characters'));
  }
  return issues;
}
