// Valid accounts of every scheme, and payments, for the tests of this folder.

import { createSecretKey } from 'node:crypto';
import type { MerchantAccount, MerchantProfile, QrKey } from '../../src/qr';

export interface SchemeSample {
  readonly scheme: string;
  readonly country: string;
  readonly currency: string;
  readonly accounts: readonly MerchantAccount[];
  readonly local?: MerchantProfile['local'];
  /** What the scheme lets us issue. */
  readonly issues: { readonly static: boolean; readonly dynamic: boolean };
  /** Paths where reading reports what the scheme does against EMVCo. */
  readonly practice?: readonly string[];
}

const both = { static: true, dynamic: true };
const staticOnly = { static: true, dynamic: false };

export const schemeSamples: readonly SchemeSample[] = [
  {
    scheme: 'emv',
    country: 'NP',
    currency: 'NPR',
    accounts: [
      { scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } },
      { scheme: 'emv', template: '04', value: '5555550000001234' },
    ],
    issues: both,
  },
  {
    scheme: 'pix',
    country: 'BR',
    currency: 'BRL',
    accounts: [
      { scheme: 'pix', key: '123e4567-e12b-12d1-a456-426655440000', information: 'Pedido 1', postalCode: '70074900' },
      { scheme: 'pix', url: 'pix.example.com/qr/v2/2353c790eefb11eaadc10242ac120002' },
    ],
    issues: both,
  },
  {
    scheme: 'promptpay',
    country: 'TH',
    currency: 'THB',
    accounts: [
      { scheme: 'promptpay', mobile: '0812345678' },
      { scheme: 'promptpay', nationalId: '1234567890123' },
      { scheme: 'promptpay', eWalletId: '012345678901234' },
      { scheme: 'promptpay', bankAccount: '0041234567890' },
      { scheme: 'promptpay', billerId: '010555620740270', reference1: 'INV001' },
    ],
    issues: both,
  },
  {
    scheme: 'paynow',
    country: 'SG',
    currency: 'SGD',
    accounts: [
      { scheme: 'paynow', uen: '201403121W' },
      { scheme: 'paynow', mobile: '+6591234567' },
    ],
    issues: both,
  },
  {
    scheme: 'sgqr',
    country: 'SG',
    currency: 'SGD',
    accounts: [
      {
        scheme: 'sgqr',
        sgqrId: '180307510317',
        version: '01.0003',
        postalCode: '081006',
        level: '02',
        unit: '138',
        miscellaneous: 'Counter01',
        versionDate: '20180407',
        uen: '201403121W',
      },
    ],
    issues: staticOnly,
  },
  {
    scheme: 'qris',
    country: 'ID',
    currency: 'IDR',
    accounts: [
      {
        scheme: 'qris',
        domain: 'ID.CO.EXAMPLE.WWW',
        merchantPan: '936000091100004515',
        merchantId: '000451502',
        criteria: 'UMI',
        nmid: 'ID2020034073193',
        postalCode: '55000',
        terminal: 'A01',
      },
    ],
    issues: both,
  },
  {
    scheme: 'duitnow',
    country: 'MY',
    currency: 'MYR',
    accounts: [{ scheme: 'duitnow', acquirerId: '501664', merchantId: '123456789' }],
    issues: staticOnly,
    practice: ['00'],
  },
  {
    scheme: 'vietqr',
    country: 'VN',
    currency: 'VND',
    accounts: [
      { scheme: 'vietqr', bankBin: '970403', accountNumber: '0011012345678' },
      { scheme: 'vietqr', bankBin: '970403', cardNumber: '9704031101234567' },
    ],
    issues: both,
  },
  {
    scheme: 'khqr',
    country: 'KH',
    currency: 'KHR',
    accounts: [
      { scheme: 'khqr', bakongId: 'john_smith@devb' },
      { scheme: 'khqr', bakongId: 'john_smith@devb', merchantId: '123456', acquiringBank: 'Dev Bank' },
    ],
    issues: both,
  },
  {
    scheme: 'fps',
    country: 'HK',
    currency: 'HKD',
    accounts: [
      { scheme: 'fps', fpsId: '166069526' },
      { scheme: 'fps', mobile: '+852-87654321', clearingCode: '004' },
      { scheme: 'fps', email: 'shop@example.hk' },
    ],
    issues: both,
  },
  {
    scheme: 'qrph',
    country: 'PH',
    currency: 'PHP',
    accounts: [{ scheme: 'qrph', acquirerBic: 'UBPHPHMMXXX', merchantId: '99917910', flags: '010' }],
    issues: both,
    practice: ['62/00'],
  },
  {
    scheme: 'jpqr',
    country: 'JP',
    currency: 'JPY',
    accounts: [
      {
        scheme: 'jpqr',
        level1: '0000000000001',
        level2: '0001',
        level3: '000001',
        level4: '000001',
        postalCode: '5300005',
      },
    ],
    local: { language: 'ja', name: 'ナタデココ カフェ' },
    issues: both,
  },
  {
    scheme: 'bharatqr',
    country: 'IN',
    currency: 'INR',
    accounts: [
      { scheme: 'bharatqr', vpa: 'merchant@hdfcbank', postalCode: '560034' },
      { scheme: 'bharatqr', visa: '4604901073700511', ifscAccount: 'UTIB0000319920010039307', postalCode: '560034' },
    ],
    issues: both,
  },
  {
    scheme: 'easpbv',
    country: 'CO',
    currency: 'COP',
    accounts: [
      {
        scheme: 'easpbv',
        network: 'RBM',
        alias: '@merchant01',
        merchantCode: '0000000005',
        terminal: 'CC801443',
        postalCode: '110111',
      },
    ],
    issues: staticOnly,
  },
];

export function profileOf(sample: SchemeSample, account: MerchantAccount): MerchantProfile {
  return {
    name: 'BEST COFFEE',
    city: 'CITY',
    country: sample.country,
    mcc: '5812',
    currency: sample.currency,
    accounts: [account],
    ...(sample.local === undefined ? {} : { local: sample.local }),
  };
}

export const createdAtMs = Date.UTC(2026, 7, 15, 10, 0, 0);
export const expiresAtMs = createdAtMs + 900_000;

export const paymentIds = ['pay_abcdefghijklmnopqrstuvwxyzuse1', 'pay_abcdefghijklmnopqrstuvwxyzlocal'];

export function testKey(id: string, fill: number): QrKey {
  return { id, key: createSecretKey(Buffer.alloc(32, fill)) };
}
