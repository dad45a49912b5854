// A merchant's profile and accounts: the same rules at PUT merchant, at encoding and at synth.

import { characterCount, isDigits, isPrintable, isUpperCase, Script, scriptOf } from './characters';
import { currencyByAlpha } from './currency';
import { issue, type QrIssue } from './issues';
import { maxMerchantAccounts } from './limits';
import { schemeByName, schemes } from './schemes';
import { type MerchantAccount, memberText } from './schemes/scheme';
import type { QrLocalName } from './types';

export interface MerchantProfile {
  /** Printable ASCII, 25 characters at most. */
  readonly name: string;
  /** Printable ASCII, 15 characters at most. */
  readonly city: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  /** ISO 18245 merchant category code, four digits. */
  readonly mcc: string;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** In order of preference. */
  readonly accounts: readonly MerchantAccount[];
  readonly local?: QrLocalName;
}

export const schemeNames: readonly string[] = schemes.map((scheme) => scheme.name);

export interface SchemeMember {
  readonly name: string;
  readonly isRequired: boolean;
  /** Of the written form; what people write, such as a telephone number, is normalized first. */
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

/** The text members of a scheme's accounts; the generic "emv" has an object, `fields`, besides. Empty for an unknown scheme. */
export function schemeMembers(schemeName: string): readonly SchemeMember[] {
  const members = schemeByName(schemeName)?.members ?? [];
  return members.map(({ name, required, pattern, allowed }) => ({
    name,
    isRequired: required ?? false,
    pattern,
    allowed,
  }));
}

/** Everything wrong with a profile; paths such as "accounts/0/key". */
export function validateMerchantProfile(profile: MerchantProfile): QrIssue[] {
  const issues: QrIssue[] = [];
  checkName('name', profile.name, 25, issues);
  checkName('city', profile.city, 15, issues);
  if (profile.country.length !== 2 || !isUpperCase(profile.country)) {
    issues.push(issue('country', 'value_invalid', 'must be two upper-case letters (ISO 3166-1)'));
  }
  if (profile.mcc.length !== 4 || !isDigits(profile.mcc)) {
    issues.push(issue('mcc', 'value_invalid', 'must be four digits (ISO 18245); "0000" where there is none'));
  }
  if (currencyByAlpha(profile.currency) === undefined) {
    issues.push(issue('currency', 'value_invalid', 'must be an active ISO 4217 code of three letters'));
  }
  const count = profile.accounts.length;
  if (count < 1 || count > maxMerchantAccounts) {
    issues.push(issue('accounts', 'length_invalid', `has ${count} accounts, allowed: 1 to ${maxMerchantAccounts}`));
  }
  for (const [n, account] of profile.accounts.slice(0, maxMerchantAccounts).entries()) {
    for (const found of validateMerchantAccount(account)) {
      issues.push(issue(found.path ? `accounts/${n}/${found.path}` : `accounts/${n}`, found.code, found.message));
    }
  }
  if (profile.local !== undefined) checkLocal(profile.local, issues);
  return issues;
}

/** Everything wrong with one account; paths are its members. */
export function validateMerchantAccount(account: MerchantAccount): QrIssue[] {
  const scheme = schemeByName(account.scheme);
  if (scheme === undefined) {
    return [issue('scheme', 'scheme_unknown', `is no scheme of ours; allowed: ${schemeNames.join(', ')}`)];
  }
  const issues: QrIssue[] = [];
  const known = new Set(['scheme', ...scheme.members.map((member) => member.name)]);
  for (const name of Object.keys(account)) {
    if (known.has(name) || (scheme.name === 'emv' && name === 'fields')) continue;
    issues.push(issue(name, 'unknown_field', `is no member of ${scheme.name}; allowed: ${[...known].join(', ')}`));
  }
  for (const member of scheme.members) {
    const given = account[member.name];
    if (given === undefined) {
      if (member.required) issues.push(issue(member.name, 'missing_required', `is required: ${member.allowed}`));
      continue;
    }
    const text = memberText(account, member);
    if (text === undefined || !member.pattern.test(text)) {
      issues.push(issue(member.name, 'value_invalid', `must be ${member.allowed}`));
    }
  }
  if (issues.length > 0 || scheme.check === undefined) return issues;
  return scheme.check(account);
}

function checkName(path: string, value: string, max: number, issues: QrIssue[]): void {
  if (value.length >= 1 && value.length <= max && isPrintable(value)) return;
  issues.push(
    issue(path, 'value_invalid', `must be 1 to ${max} printable ASCII characters; other scripts go into local`),
  );
}

function checkLocal(local: QrLocalName, issues: QrIssue[]): void {
  if (local.language.length !== 2 || !isUpperCase(local.language.toUpperCase())) {
    issues.push(issue('local/language', 'value_invalid', 'must be two letters (ISO 639)'));
  }
  checkLocalText('local/name', local.name, 25, issues);
  if (local.city !== undefined) checkLocalText('local/city', local.city, 15, issues);
}

function checkLocalText(path: string, value: string, max: number, issues: QrIssue[]): void {
  const count = characterCount(value.normalize('NFC'));
  if (count >= 1 && count <= max && scriptOf(value) !== Script.malformed) return;
  issues.push(issue(path, 'value_invalid', `must be 1 to ${max} characters`));
}
