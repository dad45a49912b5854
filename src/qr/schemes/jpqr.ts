// JPQR, Japan: a merchant identifier of four levels. GUID jp.or.paymentsjapan in 26. The name in Japanese (64) and the
// postal code (61) are required. Source: Payments Japan Association, MPM guideline of the code payment technical
// specification.

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

export interface JpqrAccount extends MerchantAccount {
  readonly scheme: 'jpqr';
  /** The identifier's levels: 13, 4, 6 and 6 characters. */
  readonly level1: string;
  readonly level2: string;
  readonly level3: string;
  readonly level4: string;
  /** Seven digits. */
  readonly postalCode: string;
}

const guid = 'jp.or.paymentsjapan';

const members: readonly Member[] = [
  { name: 'level1', at: '01', pattern: /^[A-Za-z0-9]{13}$/, allowed: '13 letters and digits', required: true },
  { name: 'level2', at: '02', pattern: /^[A-Za-z0-9]{4}$/, allowed: '4 letters and digits', required: true },
  { name: 'level3', at: '03', pattern: /^[A-Za-z0-9]{6}$/, allowed: '6 letters and digits', required: true },
  { name: 'level4', at: '04', pattern: /^[A-Za-z0-9]{6}$/, allowed: '6 letters and digits', required: true },
];

export const jpqr: Scheme = {
  name: 'jpqr',
  guids: [guid],
  country: 'JP',
  currencies: ['JPY'],
  reference: referenceLabel,
  members: [...members, { name: 'postalCode', pattern: /^[0-9]{7}$/, allowed: 'seven digits', required: true }],
  build: (account, order) => ({
    accounts: [{ id: '26', value: writeTemplate(guid, account, members) }],
    additional: order.reference === undefined ? undefined : { '05': order.reference },
    root: present({ '61': textOf(account, 'postalCode') }),
  }),
  rules,
};

function rules({ fields, at, template }: SchemeCode): QrIssue[] {
  const issues = templateIssues(at, template, members);
  if (fields['61'] === undefined) issues.push(rule('61', 'the postal code is required'));
  if (fieldText(fields, '64', '00')?.toUpperCase() !== 'JA' || fieldText(fields, '64', '01') === undefined) {
    issues.push(rule('64', 'the merchant name in Japanese is required (language JA)'));
  }
  if (fieldText(fields, '64', '02') !== undefined) {
    issues.push(issue('64/02', 'scheme_rule', 'the city in Japanese is not used'));
  }
  return issues;
}
