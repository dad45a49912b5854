// PayNow, Singapore: a UEN or a mobile number as proxy, with "amount editable" and expiry date. GUID SG.PAYNOW, usually
// in 26. Source: ABS, PayNow QR specification; MAS SGQR specification.

import { issue, type QrIssue } from '../issues';
import {
  type CodeOrder,
  exactlyOne,
  fieldText,
  type Member,
  type MerchantAccount,
  present,
  referenceLabel,
  rule,
  type Scheme,
  type SchemeCode,
  type SchemeParts,
  textOf,
} from './scheme';

export interface PayNowAccount extends MerchantAccount {
  readonly scheme: 'paynow';
  /** Unique entity number, with a suffix of three characters if there is one. One of `uen` and `mobile`. */
  readonly uen?: string;
  /** +65 and eight digits. */
  readonly mobile?: string;
}

const uen = /^([0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z])([A-Z0-9]{3})?$/;
const mobile = /^\+65[0-9]{8}$/;
const singaporeOffsetMs = 8 * 3_600_000;

export const proxyMembers: readonly Member[] = [
  { name: 'uen', pattern: uen, allowed: 'a UEN such as 201403121W, with a suffix of three characters at most' },
  { name: 'mobile', pattern: mobile, allowed: '+65 and eight digits' },
];

export const paynow: Scheme = {
  name: 'paynow',
  guids: ['sg.paynow'],
  country: 'SG',
  currencies: ['SGD'],
  reference: referenceLabel,
  members: proxyMembers,
  check: (account) => exactlyOne(account, ['uen', 'mobile']),
  build,
  rules,
};

/** Also what an SGQR label carries. The payer may edit the amount only where there is none. */
export function build(account: MerchantAccount, order: CodeOrder): SchemeParts {
  const number = textOf(account, 'mobile');
  const value = present({
    '00': 'SG.PAYNOW',
    '01': number === undefined ? '2' : '0',
    '02': number ?? textOf(account, 'uen'),
    '03': order.amount === undefined ? '1' : '0',
    '04': order.expiresAtMs === undefined ? undefined : singaporeDate(order.expiresAtMs),
  });
  return {
    accounts: [{ id: '26', value }],
    additional: order.reference === undefined ? undefined : { '01': order.reference },
  };
}

function singaporeDate(timeMs: number): string {
  return new Date(timeMs + singaporeOffsetMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** 04 and 05 are not checked: expiry and reference occur in either order. */
function rules({ at, template }: SchemeCode): QrIssue[] {
  const issues: QrIssue[] = [];
  const type = template['01'];
  const value = fieldText(template, '02');
  if (type !== '0' && type !== '2') {
    issues.push(rule(`${at}/01`, 'the proxy type must be "0" (mobile number) or "2" (UEN)'));
  } else if (value === undefined || !(type === '0' ? mobile : uen).test(value)) {
    issues.push(rule(`${at}/02`, `the proxy must be ${proxyMembers[type === '0' ? 1 : 0].allowed}`));
  }
  const editable = template['03'];
  if (editable !== undefined && editable !== '0' && editable !== '1') {
    issues.push(issue(`${at}/03`, 'scheme_rule', '"amount editable" must be "0" or "1"'));
  }
  return issues;
}
