// The one list of rules for merchant-presented codes: what decoding reports as warnings, encoding refuses.

import { decimalCount, isDecimal, isZero, parseAmount } from '../amount';
import { characterCount, isDigits, isUpperCase } from '../characters';
import { currencyByAlpha, currencyByNumeric } from '../currency';
import { issue, type QrIssue } from '../issues';
import { fieldText, type Scheme } from '../schemes/scheme';
import type { QrFields } from '../types';
import { isPlain, type MpmCode } from './code';
import { fieldRule, idNumber, isAccountId, mandatoryIds } from './field-table';
import { checkCharacters, checkTemplate } from './templates';

export function validateMpm(code: MpmCode): QrIssue[] {
  const issues: QrIssue[] = [];
  for (const id of code.ids) {
    const value = code.fields[id];
    if (typeof value === 'string') checkText(code, id, value, issues);
    else checkTemplate(code, id, value, issues);
  }
  checkPresence(code, issues);
  checkIndicators(code, issues);
  checkAmount(code.fields, issues);
  checkTip(code.fields, issues);
  for (const { scheme, code: found } of code.schemes) {
    checkMarket(scheme, code.fields, issues);
    for (const broken of scheme.rules(found)) issues.push(broken);
  }
  return issues;
}

function checkText(code: MpmCode, id: string, value: string, issues: QrIssue[]): void {
  const rule = fieldRule(id);
  if (value === '') {
    issues.push(issue(id, 'empty_value', `${rule.name} is empty; leave the object out instead`));
    return;
  }
  if (rule.format === 'template') {
    issues.push(
      isPlain(code, id)
        ? issue(id, 'scheme_practice', 'is plain text in this scheme, a template elsewhere')
        : issue(id, 'template_invalid', `${rule.name} is not made of data objects; it is returned as text`),
    );
    return;
  }
  if (value.length < rule.min || value.length > rule.max) checkLength(id, value, issues);
  if (rule.format === 'digits') {
    if (!isDigits(value)) issues.push(issue(id, 'value_invalid', `${rule.name} must be digits only`));
  } else if (!code.isPrintable) {
    checkCharacters(id, value, rule.format === 'unicode', issues);
  }
}

function checkLength(id: string, value: string, issues: QrIssue[]): void {
  const { name, min, max } = fieldRule(id);
  const count = characterCount(value);
  if (count >= min && count <= max) return;
  const allowed = min === max ? `${min}` : `${min} to ${max}`;
  issues.push(issue(id, 'length_invalid', `${name} has ${count} characters, allowed: ${allowed}`));
}

function checkPresence(code: MpmCode, issues: QrIssue[]): void {
  for (const id of mandatoryIds) {
    if (code.fields[id] !== undefined || code.schemes.some(({ scheme }) => scheme.optional?.includes(id))) continue;
    issues.push(issue(id, 'missing_required', `${fieldRule(id).name} is required`));
  }
  if (!code.ids.some((id) => isAccountId(idNumber(id)))) {
    issues.push(issue('', 'missing_required', 'merchant account information is required: one object of 02 to 51'));
  }
}

function checkIndicators(code: MpmCode, issues: QrIssue[]): void {
  const format = code.fields['00'];
  if (format !== '01') {
    const ours = format !== undefined && code.schemes.some(({ scheme }) => scheme.payloadFormat === format);
    const kind = ours ? 'scheme_practice' : 'value_invalid';
    issues.push(issue('00', kind, `payload format indicator is not "01"${ours ? ', as this scheme prints it' : ''}`));
  }
  const initiation = code.fields['01'];
  if (initiation !== undefined && initiation !== '' && initiation !== '11' && initiation !== '12') {
    issues.push(issue('01', 'value_invalid', 'point of initiation must be "11" (static) or "12" (dynamic)'));
  }
  const country = code.fields['58'];
  if (typeof country === 'string' && !isUpperCase(country)) {
    issues.push(issue('58', 'value_invalid', 'country code must be two upper-case letters (ISO 3166-1)'));
  }
  const currency = code.fields['53'];
  if (typeof currency === 'string' && currency !== '' && currencyByNumeric(currency) === undefined) {
    issues.push(issue('53', 'value_invalid', 'transaction currency is no active ISO 4217 number'));
  }
}

const amountProblems = {
  malformed: ['value_invalid', 'must be digits with at most one decimal point'],
  zero: ['value_invalid', 'must be greater than zero; without an amount the payer enters it'],
  precision: ['amount_precision', 'has more decimals than its currency'],
  range: ['amount_out_of_range', 'is above 10^12 minor units'],
} as const;

function checkAmount(fields: QrFields, issues: QrIssue[]): void {
  const amount = fieldText(fields, '54');
  if (amount === undefined || amount === '') return;
  const exponent = currencyByNumeric(fieldText(fields, '53') ?? '')?.exponent;
  const parsed = parseAmount(amount, exponent ?? 2);
  if ('problem' in parsed) {
    const [kind, allowed] = amountProblems[parsed.problem];
    if (parsed.problem !== 'precision' || exponent !== undefined) {
      issues.push(issue('54', kind, `transaction amount ${allowed}`));
    }
  } else if (exponent !== undefined && decimalCount(amount) > exponent) {
    issues.push(
      issue('54', 'amount_precision', `transaction amount has more decimals than its currency (${exponent})`),
    );
  }
}

function checkTip(fields: QrFields, issues: QrIssue[]): void {
  const indicator = fieldText(fields, '55');
  if (indicator !== undefined && indicator !== '' && !['01', '02', '03'].includes(indicator)) {
    issues.push(issue('55', 'value_invalid', 'must be "01" (prompt), "02" (fixed, 56) or "03" (percentage, 57)'));
  }
  checkFee(fields, '56', indicator === '02', issues);
  checkFee(fields, '57', indicator === '03', issues);
}

function checkFee(fields: QrFields, id: '56' | '57', isAsked: boolean, issues: QrIssue[]): void {
  const value = fieldText(fields, id);
  const indicator = id === '56' ? '02' : '03';
  if (value === undefined) {
    if (isAsked) issues.push(issue(id, 'missing_required', `is required where 55 is "${indicator}"`));
    return;
  }
  if (!isAsked) issues.push(issue(id, 'not_allowed', `is allowed only where 55 is "${indicator}"`));
  if (value === '') return;
  if (!isDecimal(value) || isZero(value)) {
    issues.push(issue(id, 'value_invalid', 'must be greater than zero: digits with at most one decimal point'));
  } else if (id === '57' && !isPercentage(value)) {
    issues.push(issue(id, 'value_invalid', 'must be from 00.01 to 99.99, without a percent sign'));
  }
}

function isPercentage(value: string): boolean {
  return decimalCount(value) <= 2 && value.length - (value.includes('.') ? decimalCount(value) + 1 : 0) <= 2;
}

/** Country and currency of a national scheme. */
function checkMarket(scheme: Scheme, fields: QrFields, issues: QrIssue[]): void {
  const country = fieldText(fields, '58');
  if (scheme.country !== undefined && country !== undefined && country !== '' && country !== scheme.country) {
    issues.push(issue('58', 'scheme_rule', `${scheme.name} requires country ${scheme.country}`));
  }
  const currency = fieldText(fields, '53');
  if (scheme.currencies === undefined || currency === undefined || currency === '') return;
  if (!scheme.currencies.some((alpha) => currencyByAlpha(alpha)?.numeric === currency)) {
    issues.push(issue('53', 'scheme_rule', `${scheme.name} requires currency ${scheme.currencies.join(' or ')}`));
  }
}
