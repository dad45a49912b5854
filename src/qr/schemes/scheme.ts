// What a national scheme is to the codec: data, the members of a merchant's account, and rules. Nothing here names a
// scheme.

import { issue, type QrIssue } from '../issues';
import type { QrAmount, QrFields, QrInitiation } from '../types';

/** One account of a merchant: the scheme's name and the members which that scheme defines. */
export interface MerchantAccount {
  readonly scheme: string;
  readonly [member: string]: string | QrFields | undefined;
}

/** A member of an account, which is also a sub-object of the scheme's template: one rule for both. */
export interface Member {
  readonly name: string;
  /** Sub-ID that holds it; absent where `build` places it. */
  readonly at?: string;
  /** What the written form looks like. */
  readonly pattern: RegExp;
  /** The pattern in words, for messages and documents. */
  readonly allowed: string;
  readonly required?: boolean;
  /** From what people write (a phone number) to what the code holds. */
  readonly normalize?: (value: string) => string;
}

/** What a code is made for; times are the caller's. */
export interface CodeOrder {
  readonly initiation: QrInitiation;
  readonly currency: string;
  readonly amount?: QrAmount;
  readonly reference?: string;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
}

/** What an account adds to a code. */
export interface SchemeParts {
  /** Merchant account information under the ID that the scheme prefers. */
  readonly accounts: readonly AccountPart[];
  /** Sub-objects of template 62. */
  readonly additional?: QrFields;
  /** Further root objects. */
  readonly root?: QrFields;
}

export interface AccountPart {
  readonly id: string;
  readonly value: string | QrFields;
}

/** A code in which a scheme was found, as its rules see it. */
export interface SchemeCode {
  readonly fields: QrFields;
  /** ID of the template that holds the scheme's GUID; "" where there is none. */
  readonly at: string;
  readonly template: QrFields;
  /** The GUID in lower case. */
  readonly guid: string;
}

export interface Scheme {
  readonly name: string;
  /** In lower case; compared without regard to case, in any template. */
  readonly guids: readonly string[];
  /** For schemes whose GUID is the merchant's or the acquirer's own. */
  readonly recognizes?: (guid: string, fields: QrFields) => boolean;
  /** For codes without any template: the accounts are the networks' plain numbers. */
  readonly recognizesAccounts?: (fields: QrFields) => boolean;
  /** ISO 3166 code that object 58 must have. */
  readonly country?: string;
  /** ISO 4217 alphabetic codes that it settles in. */
  readonly currencies?: readonly string[];
  /** Objects that EMVCo requires and the scheme leaves out. */
  readonly optional?: readonly string[];
  /** Sub-IDs of its template that are templates themselves. */
  readonly nested?: readonly string[];
  /** Paths that EMVCo makes templates and the scheme fills with plain text. */
  readonly primitives?: readonly string[];
  /** Object 00 where it is not "01". */
  readonly payloadFormat?: string;
  /** Unreserved templates (80 to 99) with a meaning of their own. */
  readonly reserved?: readonly string[];
  /** What a payment reference must look like to be carried. */
  readonly reference: RegExp;
  readonly members: readonly Member[];
  /** Rules over several members. */
  readonly check?: (account: MerchantAccount) => QrIssue[];
  /** Why such a code is not ours to issue, if it is not. */
  readonly refuses?: (order: CodeOrder) => string | undefined;
  /** Called with a valid account only. */
  readonly build: (account: MerchantAccount, order: CodeOrder) => SchemeParts;
  /** The scheme's own rules on a whole code. */
  readonly rules: (code: SchemeCode) => QrIssue[];
}

/** EMVCo's reference label and its neighbours: printable ASCII, 25 at most. */
export const referenceLabel = /^[\x20-\x7e]{1,25}$/;

/** The member in its written form, or undefined. */
export function memberText(account: MerchantAccount, member: Member): string | undefined {
  const value = account[member.name];
  if (typeof value !== 'string') return undefined;
  return member.normalize ? member.normalize(value) : value;
}

export function textOf(account: MerchantAccount, name: string): string | undefined {
  const value = account[name];
  return typeof value === 'string' ? value : undefined;
}

/** The scheme's sub-objects, GUID first, from the account's members. */
export function writeTemplate(
  guid: string,
  account: MerchantAccount,
  members: readonly Member[],
): { [id: string]: string } {
  const template: { [id: string]: string } = { '00': guid };
  for (const member of members) {
    const text = member.at === undefined ? undefined : memberText(account, member);
    if (member.at !== undefined && text !== undefined) template[member.at] = text;
  }
  return template;
}

/** The same rules on a template that was read. */
export function templateIssues(at: string, template: QrFields, members: readonly Member[]): QrIssue[] {
  const issues: QrIssue[] = [];
  for (const member of members) {
    if (member.at === undefined) continue;
    const value = template[member.at];
    if (value === undefined) {
      if (member.required) issues.push(rule(`${at}/${member.at}`, `${member.name} is missing: ${member.allowed}`));
    } else if (typeof value !== 'string' || !member.pattern.test(value)) {
      issues.push(rule(`${at}/${member.at}`, `${member.name} must be ${member.allowed}`));
    }
  }
  return issues;
}

/** Exactly one of these members. */
export function exactlyOne(account: MerchantAccount, names: readonly string[]): QrIssue[] {
  const given = names.filter((name) => account[name] !== undefined);
  if (given.length === 1) return [];
  const list = names.join(', ');
  if (given.length === 0) return [issue('', 'missing_required', `one of ${list} is required`)];
  return [issue(given[1], 'not_allowed', `only one of ${list} is allowed, got ${given.join(' and ')}`)];
}

export function rule(path: string, message: string): QrIssue {
  return issue(path, 'scheme_rule', message);
}

/** A root object's or sub-object's text, or undefined where it is absent or a template. */
export function fieldText(fields: QrFields, id: string, subId?: string): string | undefined {
  const value = fields[id];
  if (subId === undefined) return typeof value === 'string' ? value : undefined;
  if (value === undefined || typeof value === 'string') return undefined;
  const inner = value[subId];
  return typeof inner === 'string' ? inner : undefined;
}

/** Only the members that have a value. */
export function present(fields: { readonly [id: string]: string | undefined }): QrFields {
  const result: QrFields = {};
  for (const [id, value] of Object.entries(fields)) if (value !== undefined) result[id] = value;
  return result;
}
