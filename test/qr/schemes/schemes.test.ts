// Every scheme: its accounts are accepted, written into the codes that it lets us issue, and read back as that scheme.

import {
  decodeQr,
  encodeMerchantCode,
  type MerchantAccount,
  schemeMembers,
  schemeNames,
  validateMerchantAccount,
} from '../../../src/qr';
import { createdAtMs, expiresAtMs, profileOf, schemeSamples } from '../samples';

const cases = schemeSamples.flatMap((sample) =>
  sample.accounts.flatMap((account, n) =>
    (['static', 'dynamic'] as const).map((initiation) => ({
      title: `${sample.scheme} ${n}`,
      sample,
      account,
      initiation,
    })),
  ),
);

test('every scheme has samples', () => {
  expect(new Set(schemeSamples.map(({ scheme }) => scheme))).toEqual(new Set(schemeNames));
  expect(schemeNames).toEqual(
    expect.arrayContaining(
      'emv pix promptpay paynow sgqr qris duitnow vietqr khqr fps qrph jpqr bharatqr easpbv'.split(' '),
    ),
  );
});

test.each(schemeSamples)('the members of $scheme are those that its accounts use', ({ scheme, accounts }) => {
  const names = schemeMembers(scheme).map(({ name }) => name);
  const used = new Set(accounts.flatMap((account) => Object.keys(account)).filter((name) => name !== 'scheme'));

  expect([...names, 'fields']).toEqual(expect.arrayContaining([...used]));
  for (const member of schemeMembers(scheme).filter(({ isRequired }) => isRequired)) {
    for (const account of accounts) expect(account[member.name]).toBeDefined();
  }
});

test.each(cases)('$title $initiation', ({ sample, account, initiation }) => {
  const amount = initiation === 'dynamic' ? { currency: sample.currency, value: 125_000 } : undefined;

  const encoded = encodeMerchantCode({
    profile: profileOf(sample, account),
    scheme: sample.scheme,
    initiation,
    amount,
    reference: 'ORDER2026',
    createdAtMs,
    expiresAtMs: initiation === 'dynamic' ? expiresAtMs : undefined,
  });

  expect(validateMerchantAccount(account)).toEqual([]);
  if (!sample.issues[initiation]) {
    expect(encoded).toMatchObject({ ok: false, issues: [{ code: 'not_issuable' }] });
    return;
  }
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.issues));
  const decoded = decodeQr(encoded.payload);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.issues));
  expect(decoded.qr).toMatchObject({ scheme: sample.scheme, initiation });
  expect(decoded.qr.amount).toEqual(amount ?? null);
  expect(decoded.qr.merchant).toMatchObject({ name: 'BEST COFFEE', city: 'CITY', country: sample.country });
  const practice = sample.practice ?? [];
  expect(
    decoded.qr.warnings.filter(({ path, code }) => code !== 'scheme_practice' || !practice.includes(path)),
  ).toEqual([]);
});

const refused: readonly [title: string, account: MerchantAccount, path: string][] = [
  ['unknown scheme', { scheme: 'paypal' }, 'scheme'],
  ['unknown member', { scheme: 'pix', key: '11999887766', colour: 'red' }, 'colour'],
  ['member of the wrong type', { scheme: 'pix', key: { '00': 'x' } }, 'key'],
  ['Pix without key', { scheme: 'pix' }, ''],
  ['Pix key and url', { scheme: 'pix', key: '11999887766', url: 'a.com/b' }, 'url'],
  ['Pix url with https', { scheme: 'pix', url: 'https://a.com/b' }, 'url'],
  ['Pix telephone without country', { scheme: 'pix', key: '(11) 99988-7766' }, 'key'],
  [
    'Pix template over 99',
    { scheme: 'pix', key: '123e4567-e12b-12d1-a456-426655440000', information: 'x'.repeat(60) },
    'information',
  ],
  ['PromptPay short number', { scheme: 'promptpay', mobile: '081234567' }, 'mobile'],
  ['PromptPay foreign number', { scheme: 'promptpay', mobile: '+6591234567' }, 'mobile'],
  ['PromptPay two proxies', { scheme: 'promptpay', mobile: '0812345678', nationalId: '1234567890123' }, 'nationalId'],
  ['PayNow bad UEN', { scheme: 'paynow', uen: '123' }, 'uen'],
  ['PayNow number without country', { scheme: 'paynow', mobile: '91234567' }, 'mobile'],
  ['QRIS criteria', { scheme: 'qris', criteria: 'XXX' }, 'criteria'],
  ['DuitNow acquirer', { scheme: 'duitnow', acquirerId: '12', merchantId: '1' }, 'acquirerId'],
  ['VietQR bank', { scheme: 'vietqr', bankBin: 'VCB', accountNumber: '1' }, 'bankBin'],
  ['KHQR without @', { scheme: 'khqr', bakongId: 'john' }, 'bakongId'],
  ['KHQR merchant without bank', { scheme: 'khqr', bakongId: 'a@b', merchantId: '1' }, 'acquiringBank'],
  ['FPS number without hyphen', { scheme: 'fps', mobile: '+85212345678' }, 'mobile'],
  ['QR Ph BIC', { scheme: 'qrph', acquirerBic: 'x', merchantId: '1' }, 'acquirerBic'],
  ['JPQR without postal code', { scheme: 'jpqr', level1: '0000000000001' }, 'postalCode'],
  ['BharatQR without account', { scheme: 'bharatqr', postalCode: '560034' }, ''],
  ['EASPBV network', { scheme: 'easpbv', network: 'XYZ' }, 'network'],
  ['EMV template out of range', { scheme: 'emv', template: '52', fields: { '00': 'x' } }, 'template'],
  ['EMV template without GUID', { scheme: 'emv', template: '26', fields: { '01': 'x' } }, 'fields/00'],
  ['EMV number as template', { scheme: 'emv', template: '04', fields: { '00': 'x' } }, 'value'],
  ['EMV template over 99', { scheme: 'emv', template: '26', fields: { '00': 'x', '01': 'y'.repeat(95) } }, 'fields'],
];

test.each(refused)('refused: %s', (_, account, path) => {
  const issues = validateMerchantAccount(account);

  expect(issues.map((found) => found.path)).toContain(path);
});
