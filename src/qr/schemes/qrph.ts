// QR Ph, Philippines: person-to-merchant in 28 (GUID ph.ppmi.p2m), person-to-person in 27 (com.p2pqrpay); 62/00 and 88
// carry the GUID ph.ppmi.qrph. Source: Philippine Payments Management Inc., QR Ph code specification.

import type { QrIssue } from '../issues';
import {
  type Member,
  type MerchantAccount,
  present,
  referenceLabel,
  type Scheme,
  type SchemeCode,
  templateIssues,
  textOf,
  writeTemplate,
} from './scheme';

export interface QrPhAccount extends MerchantAccount {
  readonly scheme: 'qrph';
  /** BIC of the acquirer, 8 or 11 characters. */
  readonly acquirerBic: string;
  readonly merchantId: string;
  readonly creditAccount?: string;
  /** Payment flags, three digits. */
  readonly flags?: string;
  /** Terminal label (62/07). */
  readonly terminal?: string;
}

const bic = /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

const members: readonly Member[] = [
  { name: 'acquirerBic', at: '01', pattern: bic, allowed: 'a BIC of 8 or 11 characters', required: true },
  { name: 'merchantId', at: '03', pattern: /^[\x20-\x7e]{1,25}$/, allowed: '1 to 25 characters', required: true },
  { name: 'creditAccount', at: '04', pattern: /^[\x20-\x7e]{1,19}$/, allowed: '1 to 19 characters' },
  { name: 'flags', at: '05', pattern: /^[0-9]{3}$/, allowed: 'three digits' },
];

export const qrph: Scheme = {
  name: 'qrph',
  guids: ['ph.ppmi.p2m', 'ph.ppmi.p2micro', 'ph.ppmi.qrph', 'com.p2pqrpay', 'com.bnapi.ipay'],
  country: 'PH',
  currencies: ['PHP'],
  primitives: ['62/00'],
  reserved: ['80', '88'],
  reference: referenceLabel,
  members: [...members, { name: 'terminal', pattern: referenceLabel, allowed: '1 to 25 printable ASCII characters' }],
  build: (account, order) => ({
    accounts: [{ id: '28', value: writeTemplate('ph.ppmi.p2m', account, members) }],
    additional: present({ '00': 'ph.ppmi.qrph', '05': order.reference, '07': textOf(account, 'terminal') }),
  }),
  rules,
};

/** Members are those of person-to-merchant codes; the others only name their acquirer alike. */
function rules({ at, template, guid }: SchemeCode): QrIssue[] {
  if (guid.startsWith('ph.ppmi.p2m')) return templateIssues(at, template, [members[0]]);
  return guid === 'com.p2pqrpay' ? templateIssues(at, template, [members[0]]) : [];
}
