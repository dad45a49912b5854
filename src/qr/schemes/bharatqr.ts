// BharatQR, India: the merchant's numbers at the card networks as plain objects (02 Visa, 04 Mastercard, 06 RuPay, 11
// Amex), IFSC and account in 08, and UPI in 26-28 under AID A000000524. Source: NPCI/Visa/Mastercard, Bharat QR code
// specification.

import { issue, type QrIssue } from '../issues';
import {
  type AccountPart,
  type CodeOrder,
  fieldText,
  type Member,
  type MerchantAccount,
  memberText,
  present,
  rule,
  type Scheme,
  type SchemeCode,
  type SchemeParts,
  textOf,
  writeTemplate,
} from './scheme';

export interface BharatQrAccount extends MerchantAccount {
  readonly scheme: 'bharatqr';
  /** The merchant's number at Visa, 16 digits. At least one of the accounts is required. */
  readonly visa?: string;
  readonly mastercard?: string;
  readonly rupay?: string;
  /** 15 digits. */
  readonly amex?: string;
  /** IFSC (11 characters) and account number. */
  readonly ifscAccount?: string;
  /** UPI address, user@handle. */
  readonly vpa?: string;
  /** PIN code, six digits. */
  readonly postalCode: string;
}

const upiGuid = 'A000000524';
/** The card networks print 15 or 16 digits: the check digit is left out by some. */
const merchantNumber = /^[0-9]{15,16}$/;
const ifsc = /^[A-Z]{4}0?[A-Z0-9]{6}[A-Z0-9]{1,28}$/;
const vpa = /^[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{2,32}$/;

const networkMembers: readonly (Member & { readonly at: string })[] = [
  { name: 'visa', at: '02', pattern: merchantNumber, allowed: '15 or 16 digits' },
  { name: 'mastercard', at: '04', pattern: merchantNumber, allowed: '15 or 16 digits' },
  { name: 'rupay', at: '06', pattern: merchantNumber, allowed: '15 or 16 digits' },
  { name: 'ifscAccount', at: '08', pattern: ifsc, allowed: 'IFSC of 11 characters and the account number' },
  { name: 'amex', at: '11', pattern: /^[0-9]{15}$/, allowed: '15 digits' },
];
const upiMembers: readonly Member[] = [{ name: 'vpa', at: '01', pattern: vpa, allowed: 'a UPI address, user@handle' }];

export const bharatqr: Scheme = {
  name: 'bharatqr',
  guids: ['a000000524'],
  recognizesAccounts: (fields) => fields['58'] === 'IN' && (fields['06'] !== undefined || fields['08'] !== undefined),
  country: 'IN',
  currencies: ['INR'],
  reference: /^[A-Za-z0-9]{4,25}$/,
  members: [
    ...networkMembers,
    ...upiMembers,
    { name: 'postalCode', pattern: /^[1-9][0-9]{5}$/, allowed: 'a PIN code of six digits', required: true },
  ],
  check,
  build,
  rules,
};

function check(account: MerchantAccount): QrIssue[] {
  if ([...networkMembers, ...upiMembers].some((member) => account[member.name] !== undefined)) return [];
  return [issue('', 'missing_required', 'one of visa, mastercard, rupay, amex, ifscAccount, vpa is required')];
}

function build(account: MerchantAccount, order: CodeOrder): SchemeParts {
  const accounts: AccountPart[] = [];
  for (const member of networkMembers) {
    const value = memberText(account, member);
    if (value !== undefined) accounts.push({ id: member.at, value });
  }
  if (account.vpa !== undefined) {
    accounts.push({ id: '26', value: writeTemplate(upiGuid, account, upiMembers) });
    if (order.reference !== undefined) accounts.push({ id: '27', value: { '00': upiGuid, '01': order.reference } });
  }
  return {
    accounts,
    additional: order.reference === undefined ? undefined : { '05': order.reference },
    root: present({ '61': textOf(account, 'postalCode') }),
  };
}

function rules({ fields }: SchemeCode): QrIssue[] {
  const issues: QrIssue[] = [];
  const address = fieldText(fields, '26', '01');
  const isUpi = fieldText(fields, '26', '00')?.toLowerCase() === upiGuid.toLowerCase();
  if (isUpi && (address === undefined || !vpa.test(address))) {
    issues.push(rule('26/01', 'must be a UPI address, user@handle'));
  }
  if (fields['61'] === undefined) issues.push(rule('61', 'the PIN code is required'));
  return issues;
}
