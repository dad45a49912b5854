/**
 * Accounts and profiles at synth: the rules of `src/qr`, told in the words of the props. A token is not judged, but what stands
 * around it is: whatever is wrong with every value that it could have is refused.
 */
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { MERCHANTS_BYTES_MAX } from '../contract';
import type { MerchantProfileProps } from '../merchant-profile';
import {
  type IssueCode,
  type MerchantAccount,
  type MerchantProfile,
  type QrIssue,
  validateMerchantAccount,
  validateMerchantProfile,
} from '../qr';
import { schemeByName } from '../qr/schemes';
import { known, refuse } from './validation';

/** As the handler has it. */
const MERCHANT_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
/** The shortest texts there are, so that lengths only grow; one for an ID below, one for an ID above those of templates. */
const STAND_INS = ['0', '9'] as const;

/** @param where the factory */
export function checkAccount(where: string, account: MerchantAccount): void {
  const [issue] = accountIssues(account);
  if (issue !== undefined) refuseIssue(where, '', account, issue);
}

/** What the handler reads as `MERCHANTS`. */
export function merchantsJson(scope: IConstruct, merchants: readonly MerchantProfileProps[]): string {
  const ids = new Map<string, number>();
  const profiles = merchants.map((merchant, n) => {
    checkMerchantId(scope, merchant.merchantId, n, ids);
    const { id, ...profile } = toJson(merchant);
    const [issue] = profileIssues(profile);
    if (issue !== undefined) refuseIssue(scope, `merchants[${n}]`, profile, issue);
    return { id, ...profile };
  });
  const bytes = Buffer.byteLength(JSON.stringify(withStandIns(profiles, STAND_INS[0])));
  if (bytes > MERCHANTS_BYTES_MAX) {
    refuse(scope, {
      code: 'merchants-size',
      what: `merchants has ${merchants.length} profiles, more than the task's environment can hold`,
      got: bytes,
      allowed: `${MERCHANTS_BYTES_MAX} bytes of JSON`,
      fix: 'leave the rest to PUT /v1/merchants/{merchantId}',
    });
  }
  return Stack.of(scope).toJsonString(profiles);
}

function checkMerchantId(scope: IConstruct, merchantId: string, n: number, ids: Map<string, number>): void {
  if (known(merchantId) === undefined) return;
  if (!MERCHANT_ID.test(merchantId)) {
    refuse(scope, {
      code: 'merchant-id',
      what: `merchants[${n}].merchantId is no name of an account`,
      got: merchantId,
      allowed: '1 to 64 letters, digits and _ . : -',
      fix: "for instance 'm_cafe', or the AWS account of a merchant that signs with IAM",
    });
  }
  const before = ids.get(merchantId);
  if (before !== undefined) {
    refuse(scope, {
      code: 'merchant-twice',
      what: `merchants[${n}].merchantId is that of merchants[${before}] too`,
      got: merchantId,
      allowed: 'each merchant once',
      fix: 'put all accounts of a merchant into one profile',
    });
  }
  ids.set(merchantId, n);
}

/** The profile as the API takes it, with its id. */
function toJson({ merchantId, name, city, country, mcc, currency, accounts, local }: MerchantProfileProps) {
  const profile: MerchantProfile = {
    ...{ name, city, country, mcc, currency },
    accounts: accounts.map(({ _account }) => _account),
    ...(local !== undefined && { local }),
  };
  return { id: merchantId, ...profile };
}

function profileIssues(profile: MerchantProfile): QrIssue[] {
  const tokens = pathsOfTokens(profile);
  return validateMerchantProfile(withStandIns(profile, STAND_INS[0])).filter(({ path }) => !tokens.includes(path));
}

function accountIssues(account: MerchantAccount): QrIssue[] {
  const tokens = pathsOfTokens(account);
  if (tokens.length === 0) return validateMerchantAccount(account);
  const [one, other] = STAND_INS.map((standIn) => issuesAround(tokens, withStandIns(account, standIn)));
  return one.filter(({ path, code }) => other.some((issue) => issue.path === path && issue.code === code));
}

/** A stand-in seldom has its member's form, and rules over several members come after the forms. */
function issuesAround(tokens: readonly string[], account: MerchantAccount): QrIssue[] {
  const issues = validateMerchantAccount(account).filter(({ path }) => !tokens.includes(path));
  return issues.length > 0 ? issues : (schemeByName(account.scheme)?.check?.(account) ?? []);
}

function pathsOfTokens(value: unknown, path = ''): string[] {
  if (Token.isUnresolved(value)) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    pathsOfTokens(member, path === '' ? name : `${path}/${name}`),
  );
}

function withStandIns<T extends object>(value: T, standIn: string): T {
  return JSON.parse(JSON.stringify(value, (_, member) => (Token.isUnresolved(member) ? standIn : member)));
}

/** What is wrong, and what to do about it, where a code says more than that the form is not right. */
const WORDS: Partial<Record<IssueCode, readonly [what: string, fix: string]>> = {
  missing_required: ['is missing', 'set it'],
  unknown_field: ['is not known', 'leave it out'],
  not_allowed: ['does not go with the rest', 'leave one of them out'],
  length_invalid: ['has not the right length', 'bring it within that'],
};
const MALFORMED = ['is malformed', 'write it like that'] as const;
/** No member is missing, but one of several. */
const INCOMPLETE = ['is incomplete', 'set one of them'] as const;
/** How the codec begins to say what is allowed. Everything else that it says is a sentence about a rule. */
const ALLOWED = /^(?:must be|is required:) /;

/** @param prop what `given` is in, if it is in anything */
function refuseIssue(where: IConstruct | string, prop: string, given: object, { path, code, message }: QrIssue): never {
  const isIncomplete = path === '' && code === 'missing_required';
  const [what, fix] = isIncomplete ? INCOMPLETE : (WORDS[code] ?? MALFORMED);
  const names = path === '' ? [] : path.split('/');
  const member = [prop, ...names].filter((name) => name !== '').join('.');
  refuse(where, {
    code: code.replaceAll('_', '-'),
    what: `${member === '' ? 'the account' : member} ${what}`,
    got: names.length === 0 ? Object.keys(given).filter((name) => name !== 'scheme') : valueAt(given, names),
    allowed: ALLOWED.test(message) ? message.replace(ALLOWED, '') : `by the rule: ${message}`,
    fix,
  });
}

function valueAt(given: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return given;
  if (typeof given !== 'object' || given === null) return undefined;
  return valueAt(Object.entries(given).find(([key]) => key === name)?.[1], rest);
}
