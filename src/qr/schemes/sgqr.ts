// SGQR, Singapore: the label that shows several schemes in one static code. GUID SG.SGQR in 51, next to a PayNow
// account. Source: MAS/IMDA, Singapore Quick Response Code (SGQR) specifications.

import { build as buildPayNow, proxyMembers } from './paynow';
import {
  exactlyOne,
  type Member,
  type MerchantAccount,
  present,
  referenceLabel,
  type Scheme,
  templateIssues,
  textOf,
  writeTemplate,
} from './scheme';

export interface SgqrAccount extends MerchantAccount {
  readonly scheme: 'sgqr';
  /** Label ID of 12 or 13 characters. */
  readonly sgqrId: string;
  /** Label version, such as 01.0001. */
  readonly version: string;
  /** Six digits; also printed as postal code (61). */
  readonly postalCode: string;
  readonly level?: string;
  readonly unit?: string;
  readonly miscellaneous?: string;
  /** YYYYMMDD */
  readonly versionDate: string;
  /** The label's PayNow proxy: one of `uen` and `mobile`. */
  readonly uen?: string;
  readonly mobile?: string;
}

const labelMembers: readonly Member[] = [
  {
    name: 'sgqrId',
    at: '01',
    pattern: /^[A-Za-z0-9]{12,13}$/,
    allowed: '12 or 13 letters and digits',
    required: true,
  },
  {
    name: 'version',
    at: '02',
    pattern: /^[0-9]{2}\.[0-9]{4}$/,
    allowed: 'a version such as 01.0001',
    required: true,
  },
  { name: 'postalCode', at: '03', pattern: /^[0-9]{6}$/, allowed: 'six digits', required: true },
  { name: 'level', at: '04', pattern: /^[\x20-\x7e]{1,3}$/, allowed: '1 to 3 characters' },
  { name: 'unit', at: '05', pattern: /^[\x20-\x7e]{1,5}$/, allowed: '1 to 5 characters' },
  { name: 'miscellaneous', at: '06', pattern: /^[\x20-\x7e]{1,10}$/, allowed: '1 to 10 characters' },
  { name: 'versionDate', at: '07', pattern: /^[0-9]{8}$/, allowed: 'a date as YYYYMMDD', required: true },
];

export const sgqr: Scheme = {
  name: 'sgqr',
  guids: ['sg.sgqr'],
  country: 'SG',
  currencies: ['SGD'],
  reference: referenceLabel,
  members: [...labelMembers, ...proxyMembers],
  check: (account) => exactlyOne(account, ['uen', 'mobile']),
  refuses: (order) =>
    order.initiation === 'dynamic' ? 'an SGQR label is static; name paynow for a dynamic code' : undefined,
  build: (account, order) => {
    const payNow = buildPayNow(account, order);
    return {
      accounts: [...payNow.accounts, { id: '51', value: writeTemplate('SG.SGQR', account, labelMembers) }],
      additional: payNow.additional,
      root: present({ '61': textOf(account, 'postalCode') }),
    };
  },
  rules: ({ at, template }) => templateIssues(at, template, labelMembers),
};
