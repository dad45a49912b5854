// PromptPay and Thai QR Payment, Thailand: credit transfer in 29 (AID A000000677010111; ...0114 as shown by the payer),
// bill payment in 30 (A000000677010112; A000000677012006 cross-border), payment innovation in 31. Objects 52, 59 and 60
// may be left out. Source: Bank of Thailand, Thai QR Code Payment Standard.

import type { QrIssue } from '../issues';
import {
  exactlyOne,
  type Member,
  type MerchantAccount,
  referenceLabel,
  rule,
  type Scheme,
  type SchemeCode,
  templateIssues,
  writeTemplate,
} from './scheme';

export interface PromptPayAccount extends MerchantAccount {
  readonly scheme: 'promptpay';
  /** Mobile number: 0812345678, +66812345678 or 0066812345678. One of the five proxies is required. */
  readonly mobile?: string;
  /** National ID or tax ID, 13 digits. */
  readonly nationalId?: string;
  /** E-wallet ID, 15 digits. */
  readonly eWalletId?: string;
  /** Bank code of three digits and account number. */
  readonly bankAccount?: string;
  /** Biller ID: tax ID and a suffix of two digits, for bill payment. */
  readonly billerId?: string;
  /** Bill payment's first and second reference. */
  readonly reference1?: string;
  readonly reference2?: string;
}

const creditTransfer = 'A000000677010111';
const billPayment = 'A000000677010112';
const billGuids = ['a000000677010112', 'a000000677012006'];
const transferGuids = ['a000000677010111', 'a000000677010114'];

const transferMembers: readonly Member[] = [
  {
    name: 'mobile',
    at: '01',
    pattern: /^0066[1-9][0-9]{8}$/,
    allowed: 'a Thai mobile number, such as 0812345678 (written 0066812345678)',
    normalize: internationalNumber,
  },
  { name: 'nationalId', at: '02', pattern: /^[0-9]{13}$/, allowed: '13 digits' },
  { name: 'eWalletId', at: '03', pattern: /^[0-9]{15}$/, allowed: '15 digits' },
  {
    name: 'bankAccount',
    at: '04',
    pattern: /^[0-9]{4,43}$/,
    allowed: 'a bank code of 3 digits and the account number',
  },
];

const billMembers: readonly Member[] = [
  { name: 'billerId', at: '01', pattern: /^[0-9]{15}$/, allowed: '15 digits: tax ID and suffix', required: true },
  { name: 'reference1', at: '02', pattern: /^[A-Za-z0-9]{1,20}$/, allowed: '1 to 20 letters and digits' },
  { name: 'reference2', at: '03', pattern: /^[A-Za-z0-9]{1,20}$/, allowed: '1 to 20 letters and digits' },
];

export const promptpay: Scheme = {
  name: 'promptpay',
  guids: [...transferGuids, ...billGuids, 'a000000677010113', 'a000000677012004'],
  country: 'TH',
  currencies: ['THB'],
  optional: ['52', '59', '60'],
  reference: referenceLabel,
  members: [...transferMembers, ...billMembers.map((member) => ({ ...member, required: false }))],
  check: (account) => exactlyOne(account, ['mobile', 'nationalId', 'eWalletId', 'bankAccount', 'billerId']),
  build: (account, order) => ({
    accounts: [
      account.billerId === undefined
        ? { id: '29', value: writeTemplate(creditTransfer, account, transferMembers) }
        : { id: '30', value: writeTemplate(billPayment, account, billMembers) },
    ],
    additional: order.reference === undefined ? undefined : { '05': order.reference },
  }),
  rules,
};

function internationalNumber(value: string): string {
  if (/^0[1-9][0-9]{8}$/.test(value)) return `0066${value.slice(1)}`;
  return value.startsWith('+66') ? `0066${value.slice(3)}` : value;
}

function rules({ at, template, guid }: SchemeCode): QrIssue[] {
  if (billGuids.includes(guid)) return templateIssues(at, template, billMembers);
  if (!transferGuids.includes(guid)) return [];
  const issues = templateIssues(at, template, transferMembers);
  const proxies = ['01', '02', '03', '04', '05'].filter((id) => template[id] !== undefined);
  if (proxies.length === 0)
    issues.push(rule(at, 'a credit transfer names a mobile number, national ID, wallet or account'));
  return issues;
}
