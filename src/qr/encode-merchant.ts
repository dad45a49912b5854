// A merchant's code from its profile: which accounts go in, under which IDs, and what EMVCo puts around them.

import { formatAmount } from './amount';
import { type AuthenticityInput, signCode } from './authenticity';
import { currencyByAlpha } from './currency';
import { issue, type QrIssue } from './issues';
import { maxAmountMinorUnits } from './limits';
import { type MerchantProfile, validateMerchantProfile } from './merchant';
import { encodeFields } from './mpm/encode';
import { schemeByName } from './schemes';
import type { AccountPart, CodeOrder, MerchantAccount, Scheme, SchemeParts } from './schemes/scheme';
import type { EncodeResult, QrAmount, QrFields, QrInitiation, QrLocalName } from './types';

export interface MerchantCodeInput {
  readonly profile: MerchantProfile;
  /**
   * The scheme to pay by. Without it: a static code carries all accounts, so that any of their wallets can pay; a
   * dynamic code is one transaction and carries the first account.
   */
  readonly scheme?: string;
  readonly amount?: QrAmount;
  readonly initiation: QrInitiation;
  /** Carried where the scheme carries it; see referenceFits. */
  readonly reference?: string;
  readonly createdAtMs?: number;
  /** Some schemes put the expiry into the code, and KHQR requires it. */
  readonly expiresAtMs?: number;
  /** Makes the code one of ours: payment id and tag in an unreserved template. */
  readonly authenticity?: AuthenticityInput;
}

interface Choice {
  readonly account: MerchantAccount;
  readonly scheme: Scheme;
}

/** Profiles that are known to be valid: from one of them many codes are made, and it does not change. */
const validProfiles = new WeakSet<MerchantProfile>();

export function encodeMerchantCode(input: MerchantCodeInput): EncodeResult {
  const issues = profileIssues(input.profile);
  const currency = currencyByAlpha(input.amount?.currency ?? input.profile.currency);
  if (issues.length === 0) checkOrder(input, issues);
  const choices = issues.length === 0 ? choose(input, issues) : [];
  if (issues.length > 0 || currency === undefined) return { ok: false, issues };

  const order: CodeOrder = { ...input, currency: currency.alpha };
  const [format] = choices.map(({ scheme }) => scheme.payloadFormat ?? '01');
  const fields: QrFields = { '00': format, '01': input.initiation === 'static' ? '11' : '12' };
  const parts = choices.map(({ account, scheme }) => scheme.build(account, order));
  placeAccounts(fields, parts, issues);
  fields['52'] = input.profile.mcc;
  fields['53'] = currency.numeric;
  if (input.amount !== undefined) fields['54'] = formatAmount(input.amount.value, currency);
  fields['58'] = input.profile.country;
  fields['59'] = input.profile.name;
  fields['60'] = input.profile.city;
  if (input.profile.local !== undefined) fields['64'] = localTemplate(input.profile.local);
  for (const part of parts) placeRest(fields, part);
  if (issues.length > 0) return { ok: false, issues };
  return input.authenticity === undefined ? encodeFields(fields) : signCode({ fields, ...input.authenticity });
}

function profileIssues(profile: MerchantProfile): QrIssue[] {
  if (validProfiles.has(profile)) return [];
  const issues = validateMerchantProfile(profile);
  if (issues.length === 0) validProfiles.add(profile);
  return issues;
}

/** Whether a scheme can carry this reference; the payment is none the worse where it cannot. */
export function referenceFits(schemeName: string, reference: string): boolean {
  return schemeByName(schemeName)?.reference.test(reference) ?? false;
}

function checkOrder(input: MerchantCodeInput, issues: QrIssue[]): void {
  const { amount, profile } = input;
  if (amount === undefined) return;
  if (!Number.isSafeInteger(amount.value) || amount.value < 1 || amount.value > maxAmountMinorUnits) {
    issues.push(issue('amount/value', 'value_invalid', 'must be an integer of minor units, 1 to 10^12'));
  }
  if (currencyByAlpha(amount.currency) === undefined) {
    issues.push(issue('amount/currency', 'value_invalid', 'must be an active ISO 4217 code of three letters'));
  }
  const names = input.scheme === undefined ? profile.accounts.map(({ scheme }) => scheme) : [input.scheme];
  const isSettled = names.every((name) => schemeByName(name)?.currencies?.includes(amount.currency) ?? false);
  if (amount.currency !== profile.currency && !isSettled) {
    issues.push(issue('amount/currency', 'value_invalid', `must be the merchant's currency, ${profile.currency}`));
  }
}

function choose(input: MerchantCodeInput, issues: QrIssue[]): Choice[] {
  const { profile, scheme: wanted, initiation } = input;
  let accounts = profile.accounts;
  if (wanted !== undefined) {
    if (schemeByName(wanted) === undefined) {
      issues.push(issue('scheme', 'scheme_unknown', 'is no scheme of ours'));
      return [];
    }
    accounts = accounts.filter((account) => account.scheme === wanted);
    if (accounts.length === 0) issues.push(issue('scheme', 'account_missing', `the merchant has no ${wanted} account`));
  }
  // Two accounts of one scheme in a dynamic code would let the payer's wallet choose the payee.
  const picked = initiation === 'dynamic' && wanted !== 'emv' ? accounts.slice(0, 1) : accounts;
  const choices: Choice[] = [];
  for (const account of picked) {
    const scheme = schemeByName(account.scheme);
    if (scheme === undefined) continue;
    const refusal = scheme.refuses?.({ ...input, currency: profile.currency });
    if (refusal !== undefined) issues.push(issue('scheme', 'not_issuable', refusal));
    choices.push({ account, scheme });
  }
  const formats = new Set(choices.map(({ scheme }) => scheme.payloadFormat ?? '01'));
  if (formats.size > 1)
    issues.push(issue('scheme', 'not_allowed', 'these accounts cannot share a code; name the scheme'));
  return choices;
}

/** Under the preferred ID or, since readers go by GUID, the next free one of 26 to 51. */
function placeAccounts(fields: QrFields, parts: readonly SchemeParts[], issues: QrIssue[]): void {
  for (const part of parts.flatMap(({ accounts }) => accounts)) {
    const id = freeId(fields, part);
    if (id === undefined) issues.push(issue('accounts', 'not_allowed', `object ${part.id} is taken; name the scheme`));
    else fields[id] = part.value;
  }
}

function freeId(fields: QrFields, part: AccountPart): string | undefined {
  if (fields[part.id] === undefined) return part.id;
  if (typeof part.value === 'string') return undefined;
  for (let n = 26; n <= 51; n++) if (fields[String(n)] === undefined) return String(n);
  return undefined;
}

function placeRest(fields: QrFields, part: SchemeParts): void {
  if (part.additional !== undefined && Object.keys(part.additional).length > 0) {
    const other = fields['62'];
    fields['62'] = typeof other === 'object' ? { ...other, ...part.additional } : part.additional;
  }
  for (const [id, value] of Object.entries(part.root ?? {})) fields[id] = value;
}

function localTemplate(local: QrLocalName): QrFields {
  const template: QrFields = { '00': local.language.toUpperCase(), '01': local.name.normalize('NFC') };
  if (local.city !== undefined) template['02'] = local.city.normalize('NFC');
  return template;
}
