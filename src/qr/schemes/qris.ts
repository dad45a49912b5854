// QRIS, Indonesia: the acquirer's template in 26-45 under its own reverse domain (...WWW) and the national merchant ID
// in 51 under ID.CO.QRIS.WWW, which a static code requires. Source: ASPI/Bank Indonesia, QRIS merchant-presented mode
// specification.

import type { QrIssue } from '../issues';
import type { QrFields } from '../types';
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

export interface QrisAccount extends MerchantAccount {
  readonly scheme: 'qris';
  /** The acquirer's reverse domain, such as ID.CO.EXAMPLE.WWW. */
  readonly domain: string;
  /** Merchant PAN: 9360, the acquirer's number and the merchant's, 16 to 19 digits. */
  readonly merchantPan: string;
  readonly merchantId: string;
  /** Size of the merchant: UMI, UKE, UME, UBE, URE, PSO or BLU. */
  readonly criteria: string;
  /** National merchant ID: ID and 13 digits. */
  readonly nmid: string;
  /** Five digits. */
  readonly postalCode: string;
  /** Terminal label (62/07). */
  readonly terminal?: string;
}

const switchGuid = 'ID.CO.QRIS.WWW';
const switchGuids = ['id.co.qris.www', 'id.or.gpnqr.www'];
const criteria = /^(UMI|UKE|UME|UBE|URE|PSO|BLU)$/;
const criteriaAllowed = 'UMI, UKE, UME, UBE, URE, PSO or BLU';

const acquirerMembers: readonly Member[] = [
  { name: 'merchantPan', at: '01', pattern: /^[0-9]{16,19}$/, allowed: '16 to 19 digits', required: true },
  { name: 'merchantId', at: '02', pattern: /^[\x20-\x7e]{1,15}$/, allowed: '1 to 15 characters', required: true },
  { name: 'criteria', at: '03', pattern: criteria, allowed: criteriaAllowed, required: true },
];
const switchMembers: readonly Member[] = [
  { name: 'nmid', at: '02', pattern: /^ID[0-9]{13}$/, allowed: 'ID and 13 digits', required: true },
  { name: 'criteria', at: '03', pattern: criteria, allowed: criteriaAllowed, required: true },
];

export const qris: Scheme = {
  name: 'qris',
  guids: switchGuids,
  recognizes: (guid, fields) => guid.endsWith('.www') && fields['58'] === 'ID',
  country: 'ID',
  currencies: ['IDR'],
  primitives: ['62/98', '62/99'],
  reference: referenceLabel,
  members: [
    {
      name: 'domain',
      pattern: /^[A-Za-z0-9.-]{1,28}\.WWW$/,
      allowed: 'a reverse domain ending in .WWW, 32 characters at most',
      required: true,
    },
    ...acquirerMembers,
    switchMembers[0],
    { name: 'postalCode', pattern: /^[0-9]{5}$/, allowed: 'five digits', required: true },
    { name: 'terminal', pattern: referenceLabel, allowed: '1 to 25 printable ASCII characters' },
  ],
  build: (account, order) => ({
    accounts: [
      { id: '26', value: writeTemplate(textOf(account, 'domain') ?? '', account, acquirerMembers) },
      { id: '51', value: writeTemplate(switchGuid, account, switchMembers) },
    ],
    additional: present({ '05': order.reference, '07': textOf(account, 'terminal') }),
    root: present({ '61': textOf(account, 'postalCode') }),
  }),
  rules,
};

function rules({ fields }: SchemeCode): QrIssue[] {
  const issues: QrIssue[] = [];
  let hasNationalId = false;
  for (let n = 26; n <= 51; n++) {
    const at = String(n);
    const template = fields[at];
    const guid = fieldText(fields, at, '00')?.toLowerCase();
    if (guid === undefined || template === undefined || typeof template === 'string') continue;
    if (switchGuids.includes(guid)) {
      hasNationalId = true;
      issues.push(...templateIssues(at, template, switchMembers));
    } else if (guid.endsWith('.www')) {
      issues.push(...templateIssues(at, template, isTransfer(template) ? [acquirerMembers[0]] : acquirerMembers));
    }
  }
  if (fields['01'] === '11' && !hasNationalId) {
    issues.push(rule('51', `a static code carries the national merchant ID under ${switchGuid}`));
  }
  if (fields['58'] === 'ID' && fields['61'] === undefined) issues.push(rule('61', 'the postal code is required'));
  return issues;
}

/** A transfer to a person names the beneficiary's bank and has no criteria. */
function isTransfer(template: QrFields): boolean {
  return template['04'] !== undefined;
}
