// VietQR (NAPAS), Vietnam. AID A000000727 in 38: 01 is a template of its own (bank and account), 02 the service. The
// message stands in 62/08. Objects 52, 59 and 60 may be left out. Source: NAPAS, VietQR format specification 1.5.2.

import type { QrIssue } from '../issues';
import type { QrFields } from '../types';
import {
  exactlyOne,
  fieldText,
  type Member,
  type MerchantAccount,
  referenceLabel,
  rule,
  type Scheme,
  type SchemeCode,
  templateIssues,
  textOf,
} from './scheme';

export interface VietQrAccount extends MerchantAccount {
  readonly scheme: 'vietqr';
  /** The bank's BIN, six digits. */
  readonly bankBin: string;
  /** One of `accountNumber` and `cardNumber`. */
  readonly accountNumber?: string;
  readonly cardNumber?: string;
}

const beneficiaryMembers: readonly Member[] = [
  { name: 'bankBin', at: '00', pattern: /^[0-9]{6}$/, allowed: 'six digits', required: true },
  {
    name: 'accountNumber',
    at: '01',
    pattern: /^[A-Za-z0-9]{1,19}$/,
    allowed: '1 to 19 letters and digits',
    required: true,
  },
];

export const vietqr: Scheme = {
  name: 'vietqr',
  guids: ['a000000727'],
  country: 'VN',
  currencies: ['VND'],
  optional: ['52', '59', '60'],
  nested: ['01'],
  reference: referenceLabel,
  members: [
    beneficiaryMembers[0],
    { ...beneficiaryMembers[1], required: false },
    { name: 'cardNumber', pattern: /^[0-9]{12,19}$/, allowed: '12 to 19 digits' },
  ],
  check: (account) => exactlyOne(account, ['accountNumber', 'cardNumber']),
  build: (account, order) => ({
    accounts: [{ id: '38', value: template(account) }],
    additional: order.reference === undefined ? undefined : { '08': order.reference },
  }),
  rules,
};

function template(account: MerchantAccount): QrFields {
  const card = textOf(account, 'cardNumber');
  return {
    '00': 'A000000727',
    '01': { '00': textOf(account, 'bankBin') ?? '', '01': card ?? textOf(account, 'accountNumber') ?? '' },
    '02': card === undefined ? 'QRIBFTTA' : 'QRIBFTTC',
  };
}

function rules({ fields, at, template: found }: SchemeCode): QrIssue[] {
  const issues: QrIssue[] = [];
  const beneficiary = found['01'];
  if (beneficiary === undefined || typeof beneficiary === 'string') {
    issues.push(rule(`${at}/01`, 'must be a template of bank (00) and account (01)'));
  } else {
    issues.push(...templateIssues(`${at}/01`, beneficiary, beneficiaryMembers));
    if (beneficiary['02'] !== undefined) issues.push(rule(`${at}/01/02`, `the service belongs into ${at}/02`));
  }
  const service = fieldText(found, '02');
  if (service === undefined || !/^QR(IBFTTA|IBFTTC|PUSH|CASH)$/.test(service)) {
    issues.push(rule(`${at}/02`, 'the service must be QRIBFTTA, QRIBFTTC, QRPUSH or QRCASH'));
  }
  if (fieldText(fields, '54')?.includes('.'))
    issues.push(rule('54', 'amounts are whole dong, without a decimal point'));
  return issues;
}
