// UPI links, India: upi://pay?pa=...&pn=... Any violation refuses the payload. `fields` holds the decoded parameters by
// name; the query is never written again, since a `sign` covers its exact bytes. Source: NPCI, UPI Linking
// Specifications 1.6.

import { decimalCount, isDecimal, parseAmount } from './amount';
import { issue, type QrIssue } from './issues';
import { maxUpiParameters } from './limits';
import type { QrDecodeResult, QrFields } from './types';

const paisaExponent = 2;
const payeeAddress = /^[A-Za-z0-9._-]{1,256}@[A-Za-z0-9.-]{2,64}$/;

export function isUpi(payload: string): boolean {
  return /^upi:/i.test(payload);
}

export function decodeUpi(payload: string): QrDecodeResult {
  const issues: QrIssue[] = [];
  const head = /^upi:\/\/pay\/?\?/i.exec(payload);
  if (head === null)
    return { ok: false, issues: [issue('', 'value_invalid', 'a payment link begins with upi://pay?')] };
  const parameters = readQuery(payload.slice(head[0].length), issues);
  if (issues.length === 0) checkParameters(parameters, issues);
  if (issues.length > 0) return { ok: false, issues };

  const amount = parseAmount(parameters.get('am') ?? '', paisaExponent);
  const fields: QrFields = Object.create(null);
  for (const [name, value] of parameters) fields[name] = value;
  return {
    ok: true,
    qr: {
      mode: 'upi',
      initiation: null,
      scheme: null,
      fields,
      merchant: {
        name: parameters.get('pn') ?? null,
        city: null,
        country: null,
        categoryCode: parameters.get('mc') ?? null,
      },
      amount: 'value' in amount ? { currency: 'INR', value: amount.value } : null,
      paymentId: null,
      warnings: [],
    },
  };
}

function readQuery(query: string, issues: QrIssue[]): Map<string, string> {
  const parameters = new Map<string, string>();
  const parts = query.split('&', maxUpiParameters + 1);
  if (parts.length > maxUpiParameters) {
    issues.push(issue('', 'length_invalid', `has more than ${maxUpiParameters} parameters`));
    return parameters;
  }
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = percentDecode(equals < 0 ? part : part.slice(0, equals));
    if (parameters.has(name)) issues.push(issue(name, 'duplicate_id', 'occurs more than once'));
    parameters.set(name, equals < 0 ? '' : percentDecode(part.slice(equals + 1)));
  }
  return parameters;
}

/** A stray percent sign stays as it is: NPCI's own sample has one. */
function percentDecode(text: string): string {
  return text.replace(/(%[0-9A-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function checkParameters(parameters: ReadonlyMap<string, string>, issues: QrIssue[]): void {
  const payee = parameters.get('pa') ?? '';
  if (payee === '') issues.push(issue('pa', 'missing_required', 'the payee address is required'));
  else if (!payeeAddress.test(payee)) issues.push(issue('pa', 'value_invalid', 'must be a UPI address, user@handle'));
  if ((parameters.get('pn') ?? '').trim() === '')
    issues.push(issue('pn', 'missing_required', 'the payee name is required'));
  const currency = parameters.get('cu') ?? '';
  if (currency !== '' && currency !== 'INR') issues.push(issue('cu', 'value_invalid', 'must be "INR"'));
  const category = parameters.get('mc') ?? '';
  if (category !== '' && !/^[0-9]{4}$/.test(category)) issues.push(issue('mc', 'value_invalid', 'must be four digits'));
  checkAmount('am', parameters.get('am') ?? '', issues);
  checkAmount('mam', parameters.get('mam') ?? '', issues);
}

function checkAmount(name: string, value: string, issues: QrIssue[]): void {
  // "mam=null" is what NPCI's tools write for "no minimum".
  if (value === '' || (name === 'mam' && value === 'null')) return;
  const isAmount = isDecimal(value) && decimalCount(value) <= paisaExponent;
  if (isAmount && 'value' in parseAmount(value, paisaExponent)) return;
  issues.push(issue(name, 'value_invalid', 'must be greater than zero, with at most two decimals after a point'));
}
