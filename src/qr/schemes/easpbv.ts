// EASPBV/Bre-B, Colombia: the payee's key in 26 (GUID CO.COM.<network>.LLA), the acquirer's network in 49, merchant in
// 50 and aggregator in 51; channel, taxes and transaction id in 80-90. Source: EASPBV, Campos QR Code EMVCo Industria
// 1.4 (2025).

import { issue, type QrIssue } from '../issues';
import type { QrFields } from '../types';
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
  templateIssues,
  textOf,
  writeTemplate,
} from './scheme';

export interface EaspbvAccount extends MerchantAccount {
  readonly scheme: 'easpbv';
  /** The acquirer's network: RBM, CRB, ACH, BRC, MCCA, SVB, VCSS or VISI. */
  readonly network: string;
  /** The payee's key: one of `identification`, `mobile`, `email`, `alias` and `merchantId`. */
  readonly identification?: string;
  readonly mobile?: string;
  readonly email?: string;
  /** @ and letters or digits. */
  readonly alias?: string;
  readonly merchantId?: string;
  /** Merchant code at the acquirer. */
  readonly merchantCode: string;
  /** Aggregator's code; "0" without one. */
  readonly aggregatorCode?: string;
  /** Terminal label (62/07). */
  readonly terminal: string;
  readonly postalCode: string;
}

const network = /^(RBM|CRB|ACH|BRC|MCCA|SVB|VCSS|VISI)$/;
const code = /^[\x20-\x7e]{1,25}$/;

const keyMembers: readonly Member[] = [
  { name: 'identification', at: '01', pattern: /^[A-Za-z0-9]{1,25}$/, allowed: '1 to 25 letters and digits' },
  { name: 'mobile', at: '02', pattern: /^(\+57)?[0-9]{10}$/, allowed: 'ten digits, with or without +57' },
  { name: 'email', at: '03', pattern: /^(?=.{3,60}$)[^\s@]+@[^\s@]+$/, allowed: 'an e-mail address' },
  { name: 'alias', at: '04', pattern: /^@[A-Za-z0-9._-]{1,24}$/, allowed: '@ and 1 to 24 letters or digits' },
  { name: 'merchantId', at: '05', pattern: code, allowed: '1 to 25 characters' },
];

export const easpbv: Scheme = {
  name: 'easpbv',
  guids: [],
  recognizes: (guid) => /^co\.com\.[a-z]{2,5}\.(lla|red|cu)$/.test(guid),
  country: 'CO',
  currencies: ['COP'],
  reserved: ['80', '81', '82', '83', '84', '85', '90', '91', '92', '93', '94', '95', '96', '97', '98', '99'],
  reference: referenceLabel,
  members: [
    { name: 'network', pattern: network, allowed: 'RBM, CRB, ACH, BRC, MCCA, SVB, VCSS or VISI', required: true },
    ...keyMembers,
    { name: 'merchantCode', pattern: code, allowed: '1 to 25 characters', required: true },
    { name: 'aggregatorCode', pattern: code, allowed: '1 to 25 characters' },
    { name: 'terminal', pattern: code, allowed: '1 to 25 characters', required: true },
    { name: 'postalCode', pattern: /^[0-9]{1,10}$/, allowed: '1 to 10 digits', required: true },
  ],
  check: (account) =>
    exactlyOne(
      account,
      keyMembers.map((member) => member.name),
    ),
  refuses: (order) =>
    order.initiation === 'dynamic'
      ? "EASPBV dynamic codes carry a transaction id (90) and a security hash (91) of the acquirer's network; only it can make them"
      : undefined,
  build,
  rules,
};

/** A static code: no tax is told, the transaction id is zeros. */
function build(account: MerchantAccount, order: CodeOrder): SchemeParts {
  const domain = `CO.COM.${textOf(account, 'network')}`;
  const one = (suffix: string, value: string): QrFields => ({ '00': `${domain}.${suffix}`, '01': value });
  return {
    accounts: [
      { id: '26', value: writeTemplate(`${domain}.LLA`, account, keyMembers) },
      { id: '49', value: one('RED', textOf(account, 'network') ?? '') },
      { id: '50', value: one('CU', textOf(account, 'merchantCode') ?? '') },
      { id: '51', value: one('CA', textOf(account, 'aggregatorCode') ?? '0') },
    ],
    additional: present({ '05': order.reference, '07': textOf(account, 'terminal'), '08': '00' }),
    root: {
      ...present({ '61': textOf(account, 'postalCode') }),
      '80': one('CANAL', 'APP'),
      '81': one('CIVA', '03'),
      '82': one('IVA', '0.00'),
      '83': one('BASE', '0.00'),
      '84': one('CINC', '02'),
      '85': one('INC', '0.00'),
      '90': one('TRXID', '000000'),
    },
  };
}

function rules({ fields, at, template, guid }: SchemeCode): QrIssue[] {
  const issues = guid.endsWith('.lla') ? templateIssues(at, template, keyMembers) : [];
  const acquirer = fieldText(fields, '49', '01');
  if (acquirer === undefined || !network.test(acquirer)) {
    issues.push(rule('49/01', "the acquirer's network must be RBM, CRB, ACH, BRC, MCCA, SVB, VCSS or VISI"));
  }
  if (fieldText(fields, '62', '08') === undefined) {
    issues.push(issue('62/08', 'scheme_rule', 'the purpose of the transaction is required'));
  }
  return issues;
}
