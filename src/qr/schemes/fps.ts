// FPS, Hong Kong: FPS ID, mobile number or e-mail address as proxy. GUID hk.com.hkicl in 26. Settles in HKD and CNY.
// Source: HKICL/HKMA, Common QR Code Specification for Retail Payments in Hong Kong.

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

export interface FpsAccount extends MerchantAccount {
  readonly scheme: 'fps';
  /** Seven to nine digits. One of `fpsId`, `mobile` and `email`. */
  readonly fpsId?: string;
  /** Country code and number, such as +852-91234567. */
  readonly mobile?: string;
  readonly email?: string;
  /** Clearing code of the receiving bank, three digits. */
  readonly clearingCode?: string;
}

const guid = 'hk.com.hkicl';
const hongKongOffsetMs = 8 * 3_600_000;

const members: readonly Member[] = [
  { name: 'clearingCode', at: '01', pattern: /^[0-9]{3}$/, allowed: 'three digits' },
  { name: 'fpsId', at: '02', pattern: /^[0-9]{7,9}$/, allowed: 'seven to nine digits' },
  { name: 'mobile', at: '03', pattern: /^\+[0-9]{1,3}-[0-9]{4,14}$/, allowed: 'a number such as +852-91234567' },
  {
    name: 'email',
    at: '04',
    pattern: /^(?=.{3,60}$)[^\s@]+@[^\s@]+$/,
    allowed: 'an e-mail address, 60 characters at most',
  },
];

export const fps: Scheme = {
  name: 'fps',
  guids: [guid],
  country: 'HK',
  currencies: ['HKD', 'CNY'],
  reference: referenceLabel,
  members,
  check: (account) => exactlyOne(account, ['fpsId', 'mobile', 'email']),
  build: (account, order) => {
    const template = writeTemplate(guid, account, members);
    if (order.expiresAtMs !== undefined) template['05'] = hongKongTime(order.expiresAtMs);
    return {
      accounts: [{ id: '26', value: template }],
      additional: order.reference === undefined ? undefined : { '05': order.reference },
    };
  },
  rules,
};

/** YYMMDDHHMMSS */
function hongKongTime(timeMs: number): string {
  return new Date(timeMs + hongKongOffsetMs).toISOString().replace(/[-T:]/g, '').slice(2, 14);
}

function rules({ at, template }: SchemeCode): QrIssue[] {
  const issues = templateIssues(at, template, members);
  const proxies = ['02', '03', '04'].filter((id) => template[id] !== undefined);
  if (proxies.length !== 1)
    issues.push(rule(at, 'exactly one of FPS ID (02), mobile (03) and e-mail (04) is required'));
  const timeout = template['05'];
  if (timeout !== undefined && (typeof timeout !== 'string' || !/^[0-9]{12}$/.test(timeout))) {
    issues.push(rule(`${at}/05`, 'the expiry must be twelve digits, YYMMDDHHMMSS'));
  }
  return issues;
}
