// KHQR (Bakong), Cambodia: 29 for individuals, 30 for merchants, both with the Bakong account (user@bank) in the place
// of a GUID; 99 holds the times of a code with an amount, in milliseconds. Source: National Bank of Cambodia, KHQR
// content guideline.

import { issue, type QrIssue } from '../issues';
import {
  fieldText,
  type Member,
  type MerchantAccount,
  present,
  referenceLabel,
  rule,
  type Scheme,
  type SchemeCode,
  templateIssues,
  textOf,
  writeTemplate,
} from './scheme';

export interface KhqrAccount extends MerchantAccount {
  readonly scheme: 'khqr';
  /** user@bank, 32 characters at most. */
  readonly bakongId: string;
  /** Account number or telephone number at the bank, for individuals. */
  readonly accountInformation?: string;
  /** Merchant ID at the acquiring bank: makes it a merchant account, which requires `acquiringBank`. */
  readonly merchantId?: string;
  readonly acquiringBank?: string;
}

const text32 = /^[\x20-\x7e]{1,32}$/;
const bakongId = /^(?=.{3,32}$)[^@\s]+@[^@\s]+$/;
const timestamp = /^[0-9]{13}$/;

const members: readonly Member[] = [
  { name: 'bakongId', at: '00', pattern: bakongId, allowed: 'user@bank, 32 characters at most', required: true },
  { name: 'accountInformation', at: '01', pattern: text32, allowed: '1 to 32 characters' },
  { name: 'merchantId', at: '01', pattern: text32, allowed: '1 to 32 characters' },
  { name: 'acquiringBank', at: '02', pattern: text32, allowed: '1 to 32 characters' },
];

export const khqr: Scheme = {
  name: 'khqr',
  guids: [],
  recognizes: (guid, fields) => guid.includes('@') && fields['58'] === 'KH',
  recognizesAccounts: (fields) => fields['58'] === 'KH' && fields['15'] !== undefined,
  country: 'KH',
  currencies: ['KHR', 'USD'],
  reserved: ['99'],
  reference: referenceLabel,
  members,
  check,
  refuses: (order) => {
    if (order.initiation === 'static') {
      return order.amount === undefined ? undefined : 'a KHQR code with an amount is dynamic; ask for a dynamic code';
    }
    const isTimed = order.createdAtMs !== undefined && order.expiresAtMs !== undefined;
    return isTimed
      ? undefined
      : 'a dynamic KHQR code carries its creation and expiry time; give createdAt and expiresAt';
  },
  build: (account, order) => ({
    accounts: [
      {
        id: account.merchantId === undefined ? '29' : '30',
        value: writeTemplate(textOf(account, 'bakongId') ?? '', account, members),
      },
    ],
    additional: order.reference === undefined ? undefined : { '01': order.reference },
    root:
      order.initiation === 'static'
        ? undefined
        : { '99': present({ '00': time(order.createdAtMs), '01': time(order.expiresAtMs) }) },
  }),
  rules,
};

function time(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : String(timeMs);
}

function check(account: MerchantAccount): QrIssue[] {
  const issues: QrIssue[] = [];
  if (account.merchantId !== undefined && account.accountInformation !== undefined) {
    issues.push(issue('accountInformation', 'not_allowed', 'a merchant account has merchantId instead'));
  }
  if (account.merchantId !== undefined && account.acquiringBank === undefined) {
    issues.push(issue('acquiringBank', 'missing_required', 'is required with merchantId'));
  }
  const written = Object.values(writeTemplate('', account, members));
  if (written.reduce((total, value) => total + 4 + value.length, 0) > 99) {
    issues.push(issue('', 'length_invalid', 'the members together take more than 99 characters'));
  }
  return issues;
}

function rules({ fields, at, template }: SchemeCode): QrIssue[] {
  const issues = at === '' ? [] : templateIssues(at, template, members);
  const amount = fieldText(fields, '54');
  if (amount === undefined) return issues;
  const expires = fieldText(fields, '99', '01');
  if (expires === undefined || !timestamp.test(expires)) {
    issues.push(rule('99/01', 'a code with an amount carries its expiry as 13 digits, milliseconds since 1970'));
  }
  if (fields['53'] === '116' && /\.[0-9]*[1-9]/.test(amount)) {
    issues.push(rule('54', 'amounts in riel have no decimals'));
  }
  return issues;
}
