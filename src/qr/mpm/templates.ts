// Rules inside templates: GUIDs (26-51, 80-99, 62/50-99), additional data (62) and the language template (64).
// Source: EMVCo MPM 1.0 tables 3.7 and 3.8, and the 1.1 additions 62/10 and 62/11.

import { characterCount, isPrintable, isUpperCase } from '../characters';
import { issue, type QrIssue } from '../issues';
import type { QrFields } from '../types';
import { isPlain, type MpmCode } from './code';
import { idNumber } from './field-table';

const maxGuidLength = 32;
const additionalNames = ['bill number', 'mobile number', 'store label', 'loyalty number', 'reference label'].concat(
  'customer label',
  'terminal label',
  'purpose of transaction',
);

export function checkTemplate(code: MpmCode, id: string, template: QrFields, issues: QrIssue[]): void {
  if (id === '62') checkAdditionalData(code, template, issues);
  else if (id === '64') checkLanguage(code, template, issues);
  else checkGuidTemplate(code, id, template, id >= '80', issues);
}

/** Text of a leaf, with what holds for every leaf checked. */
function leaf(code: MpmCode, path: string, value: string, isUnicode: boolean, issues: QrIssue[]): void {
  if (value === '') {
    issues.push(issue(path, 'empty_value', 'is empty, a value has 1 to 99 characters; leave the object out instead'));
  } else if (!code.isPrintable) {
    checkCharacters(path, value, isUnicode, issues);
  }
}

export function checkCharacters(path: string, value: string, isUnicode: boolean, issues: QrIssue[]): void {
  if (isPrintable(value)) return;
  if (!isUnicode) {
    issues.push(
      issue(path, 'value_invalid', 'holds a character outside printable ASCII; other scripts belong into 64'),
    );
  } else if (value.normalize('NFC') !== value) {
    issues.push(issue(path, 'not_normalized', 'is not precomposed (Unicode NFC); normalize it before encoding'));
  }
}

function checkGuidTemplate(
  code: MpmCode,
  path: string,
  template: QrFields,
  isUnicode: boolean,
  issues: QrIssue[],
): void {
  const guid = template['00'];
  if (typeof guid !== 'string') {
    issues.push(issue(`${path}/00`, 'guid_missing', 'a globally unique identifier is required as object 00'));
  } else if (guid.length > maxGuidLength) {
    const message = `the globally unique identifier has ${guid.length} characters, ${maxGuidLength} at most are allowed`;
    issues.push(issue(`${path}/00`, 'length_invalid', message));
  }
  for (const id in template) {
    const value = template[id];
    if (typeof value === 'string') leaf(code, `${path}/${id}`, value, isUnicode && id !== '00', issues);
    else checkGuidTemplateLeaves(code, `${path}/${id}`, value, isUnicode, issues);
  }
}

/** A template inside a scheme's own template has the scheme's rules only. */
function checkGuidTemplateLeaves(
  code: MpmCode,
  path: string,
  template: QrFields,
  isUnicode: boolean,
  issues: QrIssue[],
): void {
  for (const id in template) {
    const value = template[id];
    if (typeof value === 'string') leaf(code, `${path}/${id}`, value, isUnicode, issues);
  }
}

function checkAdditionalData(code: MpmCode, template: QrFields, issues: QrIssue[]): void {
  for (const id in template) {
    const n = idNumber(id);
    const path = `62/${id}`;
    const value = template[id];
    if (typeof value !== 'string') {
      checkGuidTemplate(code, path, value, true, issues);
      continue;
    }
    leaf(code, path, value, n >= 12, issues);
    if (n === 0) checkUndefined(code, path, issues);
    else if (value === '') continue;
    else if (n <= 8) checkLength(path, additionalNames[n - 1], value, 25, issues);
    else if (n === 9) checkConsumerDataRequest(value, issues);
    else if (n === 10) checkLength(path, 'merchant tax ID', value, 20, issues);
    else if (n === 11) checkChannel(value, issues);
    else if (n >= 50) checkPaymentSystem(code, path, issues);
  }
}

function checkPaymentSystem(code: MpmCode, path: string, issues: QrIssue[]): void {
  issues.push(
    isPlain(code, path)
      ? issue(path, 'scheme_practice', 'is plain text in this scheme, a template elsewhere')
      : issue(path, 'template_invalid', 'is no template with a GUID as object 00; it is returned as text'),
  );
}

function checkUndefined(code: MpmCode, path: string, issues: QrIssue[]): void {
  if (isPlain(code, path)) issues.push(issue(path, 'scheme_practice', "object 00 is not EMVCo's; this scheme uses it"));
  else issues.push(issue(path, 'undefined_id', 'object 00 is not defined here'));
}

function checkLength(path: string, name: string, value: string, max: number, issues: QrIssue[]): void {
  if (value.length <= max) return;
  const count = characterCount(value);
  if (count > max)
    issues.push(issue(path, 'length_invalid', `${name} has ${count} characters, at most ${max} are allowed`));
}

/** A, M and E: address, mobile number, e-mail address; each at most once. */
function checkConsumerDataRequest(value: string, issues: QrIssue[]): void {
  let seen = '';
  for (const letter of value) {
    if (!'AME'.includes(letter) || seen.includes(letter)) {
      issues.push(issue('62/09', 'value_invalid', 'must be letters out of A, M and E, each at most once'));
      return;
    }
    seen += letter;
  }
}

/** Media 0-7, location 0-3, presence 0-3. */
function checkChannel(value: string, issues: QrIssue[]): void {
  const isChannel = value.length === 3 && digitUpTo(value, 0, 7) && digitUpTo(value, 1, 3) && digitUpTo(value, 2, 3);
  if (isChannel) return;
  issues.push(issue('62/11', 'value_invalid', 'must be three digits: media 0-7, location 0-3, merchant presence 0-3'));
}

function digitUpTo(value: string, at: number, max: number): boolean {
  const digit = value.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= max;
}

function checkLanguage(code: MpmCode, template: QrFields, issues: QrIssue[]): void {
  for (const id in template) {
    const value = template[id];
    if (typeof value === 'string') leaf(code, `64/${id}`, value, id !== '00', issues);
  }
  const language = template['00'];
  if (language === undefined)
    issues.push(issue('64/00', 'missing_required', 'a language is required: ISO 639, two letters'));
  else if (language !== '' && !isLanguage(language)) {
    issues.push(issue('64/00', 'value_invalid', 'must be a language of two letters (ISO 639)'));
  }
  const name = template['01'];
  if (name === undefined)
    issues.push(issue('64/01', 'missing_required', 'the merchant name in this language is required'));
  else if (typeof name === 'string') checkLength('64/01', 'merchant name', name, 25, issues);
  const city = template['02'];
  if (typeof city === 'string') checkLength('64/02', 'merchant city', city, 15, issues);
}

function isLanguage(value: string | QrFields): boolean {
  return typeof value === 'string' && value.length === 2 && isUpperCase(value.toUpperCase());
}
