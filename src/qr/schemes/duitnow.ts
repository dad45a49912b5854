// DuitNow QR, Malaysia. AID A0000006150001 in 26; object 00 is printed "02" and object 82 is a hash as plain text.
// Source: PayNet, DuitNow QR specification.

import {
  type Member,
  type MerchantAccount,
  referenceLabel,
  type Scheme,
  templateIssues,
  writeTemplate,
} from './scheme';

export interface DuitNowAccount extends MerchantAccount {
  readonly scheme: 'duitnow';
  /** Six digits. */
  readonly acquirerId: string;
  /** QR or merchant ID given by the acquirer. */
  readonly merchantId: string;
  readonly descriptor?: string;
  readonly mobile?: string;
}

const members: readonly Member[] = [
  { name: 'acquirerId', at: '01', pattern: /^[0-9]{6}$/, allowed: 'six digits', required: true },
  { name: 'merchantId', at: '02', pattern: /^[\x20-\x7e]{1,28}$/, allowed: '1 to 28 characters', required: true },
  { name: 'descriptor', at: '03', pattern: /^[\x20-\x7e]{1,20}$/, allowed: '1 to 20 characters' },
  { name: 'mobile', at: '04', pattern: /^[\x20-\x7e]{1,15}$/, allowed: '1 to 15 characters' },
];

export const duitnow: Scheme = {
  name: 'duitnow',
  guids: ['a0000006150001'],
  country: 'MY',
  currencies: ['MYR'],
  primitives: ['82', '62/90', '62/91', '62/92'],
  payloadFormat: '02',
  reserved: ['82'],
  reference: referenceLabel,
  members,
  refuses: (order) =>
    order.initiation === 'dynamic'
      ? 'DuitNow dynamic codes hold an account id that the acquirer issues for about a minute; only the acquirer can make them'
      : undefined,
  build: (account, order) => ({
    accounts: [{ id: '26', value: writeTemplate('A0000006150001', account, members) }],
    additional: order.reference === undefined ? undefined : { '05': order.reference },
  }),
  rules: ({ at, template }) => templateIssues(at, template, members),
};
