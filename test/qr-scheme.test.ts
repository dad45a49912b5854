/** Every scheme's factory takes and refuses what the codec does, in the constructs' words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lazy } from 'aws-cdk-lib';
import ts from 'typescript';
import { QrScheme } from '../src';
import { type MerchantAccount, type QrIssue, schemeMembers, schemeNames, validateMerchantAccount } from '../src/qr';
import { schemeSamples } from './qr/samples';

/** By the name of the scheme in the API: the factory, and the interface of its props. */
const FACTORIES: Readonly<Record<string, readonly [factory: keyof typeof QrScheme, props: string]>> = {
  emv: ['emv', 'EmvAccountProps'],
  pix: ['pix', 'PixAccountProps'],
  promptpay: ['promptPay', 'PromptPayAccountProps'],
  paynow: ['payNow', 'PayNowAccountProps'],
  sgqr: ['sgqr', 'SgqrAccountProps'],
  qris: ['qris', 'QrisAccountProps'],
  duitnow: ['duitNow', 'DuitNowAccountProps'],
  vietqr: ['vietQr', 'VietQrAccountProps'],
  khqr: ['khqr', 'KhqrAccountProps'],
  fps: ['fps', 'FpsAccountProps'],
  qrph: ['qrPh', 'QrPhAccountProps'],
  jpqr: ['jpqr', 'JpqrAccountProps'],
  bharatqr: ['bharatQr', 'BharatQrAccountProps'],
  easpbv: ['easpbv', 'EaspbvAccountProps'],
};

/** What the API would take, through the factory. */
function make({ scheme, ...members }: MerchantAccount): QrScheme {
  const factory = QrScheme[FACTORIES[scheme]![0]] as (props: object) => QrScheme;
  return factory(members);
}

function refusalOf(account: MerchantAccount): string {
  try {
    make(account);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

/** How one of the codec's issues must read. */
function said({ scheme }: MerchantAccount, { path, code }: QrIssue): RegExp {
  const member = path === '' ? 'the account' : path.replaceAll('/', '\\.');
  const [factory] = FACTORIES[scheme]!;
  return new RegExp(
    `^QrScheme\\.${factory}: ${member} .+; got .+, allowed .+; fix: .+ \\[${code.replaceAll('_', '-')}\\]$`,
    's',
  );
}

const accounts = schemeSamples.flatMap((sample) =>
  sample.accounts.map((account, n) => ({ title: `${sample.scheme} ${n}`, account })),
);

test('every scheme of the codec has a factory', () => {
  expect(Object.keys(FACTORIES).sort()).toEqual([...schemeNames].sort());
});

describe('the props of every scheme are its members, and required where they are', () => {
  const interfaces = ['qr-scheme-props.ts', 'qr-scheme-props-southeast-asia.ts'].flatMap((file) => {
    const text = readFileSync(join(__dirname, '..', 'src', file), 'utf8');
    return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022).statements.filter(ts.isInterfaceDeclaration);
  });

  test.each(Object.entries(FACTORIES))('%s', (scheme, [, name]) => {
    const members = interfaces.find((each) => each.name.text === name)!.members.filter(ts.isPropertySignature);
    const props = members.map((member) => [
      ts.isIdentifier(member.name) && member.name.text,
      member.questionToken === undefined,
    ]);

    const expected = schemeMembers(scheme).map((member) => [member.name, member.isRequired]);
    expect(props.filter(([prop]) => prop !== 'fields').sort()).toEqual(expected.sort());
    expect(props.some(([prop]) => prop === 'fields')).toBe(scheme === 'emv');
  });
});

test.each(accounts)('$title is taken, as the API takes it', ({ account }) => {
  const made = make(account);

  expect(JSON.parse(JSON.stringify(made._account))).toEqual(account);
  expect(made.schemeName).toBe(account.scheme);
});

describe('what the codec refuses is refused, at the same member', () => {
  /** Each member malformed, left out, or added, and one that no scheme has. */
  function variants(account: MerchantAccount): MerchantAccount[] {
    const names = schemeMembers(account.scheme).map(({ name }) => name);
    const { accounts: others } = schemeSamples.find(({ scheme }) => scheme === account.scheme)!;
    const filled: MerchantAccount = Object.assign({}, ...others);
    return [
      ...names.map((name) => ({ ...account, [name]: '\u0000' })),
      ...names.map((name) => ({ ...account, [name]: '' })),
      ...names.map((name) => ({ ...account, [name]: `${account[name] ?? ''}${'9'.repeat(99)}` })),
      ...names.map((name) => ({ ...account, [name]: undefined })),
      ...names.map((name) => ({ ...account, [name]: filled[name] })),
      { ...account, colour: 'red' },
    ];
  }

  test.each(accounts)('$title', ({ account }) => {
    const all = variants(account);
    const bad = all.filter((variant) => validateMerchantAccount(variant).length > 0);
    const refusedGood = all.filter((variant) => !bad.includes(variant) && refusalOf(variant) !== '');

    expect(bad.length).toBeGreaterThan(schemeMembers(account.scheme).length);
    for (const variant of bad) expect(refusalOf(variant)).toMatch(said(variant, validateMerchantAccount(variant)[0]!));
    expect(refusedGood).toEqual([]);
  });
});

test.each<[MerchantAccount, string]>([
  [
    { scheme: 'promptpay', mobile: '12345' },
    "QrScheme.promptPay: mobile is malformed; got '12345', allowed a Thai mobile number, such as 0812345678 " +
      '(written 0066812345678); fix: write it like that [value-invalid]',
  ],
  [
    { scheme: 'duitnow', acquirerId: '501664' },
    'QrScheme.duitNow: merchantId is missing; got nothing, allowed 1 to 28 characters; fix: set it [missing-required]',
  ],
  [
    { scheme: 'pix', postalCode: '70074900' },
    'QrScheme.pix: the account is incomplete; got ["postalCode"], allowed by the rule: one of key, url is required; ' +
      'fix: set one of them [missing-required]',
  ],
  [
    { scheme: 'paynow', uen: '201403121W', mobile: '+6591234567' },
    "QrScheme.payNow: mobile does not go with the rest; got '+6591234567', allowed by the rule: only one of uen, mobile is " +
      'allowed, got uen and mobile; fix: leave one of them out [not-allowed]',
  ],
  [
    { scheme: 'emv', template: '26', fields: { '00': 'com.example', '01': '' } },
    "QrScheme.emv: fields.01 is malformed; got '', allowed printable ASCII and not empty; " +
      'fix: write it like that [value-invalid]',
  ],
])('says what, got, allowed and fix: %j', (account, message) => {
  expect(refusalOf(account)).toBe(message);
});

describe('tokens', () => {
  const token = () => Lazy.string({ produce: () => 'known later' });

  test.each(accounts)('$title: any member may be one, or a part of it, or all of them', ({ account }) => {
    const names = Object.keys(account).filter((name) => name !== 'scheme');
    const tokens = names.map((name) => ({ ...account, [name]: token() }));
    const parts = names.map((name) => ({ ...account, [name]: `x${token()}` }));
    const all = Object.fromEntries(names.map((name) => [name, token()]));

    for (const variant of [...tokens, ...parts, { ...all, scheme: account.scheme }]) {
      if (typeof variant.fields === 'string') continue; // a map, in which each value may be one
      expect(refusalOf(variant)).toBe('');
    }
  });

  test('the objects of an EMV template may be tokens', () => {
    const account = { scheme: 'emv', template: '26', fields: { '00': token(), '01': token() } };

    expect(make(account)._account).toEqual(account);
  });

  test.each<[string, MerchantAccount, string]>([
    ['a malformed neighbour', { scheme: 'pix', key: token(), postalCode: 'x' }, 'postalCode is malformed'],
    ['a missing neighbour', { scheme: 'duitnow', acquirerId: token() }, 'merchantId is missing'],
    ['two where one is allowed', { scheme: 'pix', key: token(), url: token() }, 'url does not go with the rest'],
    ['what needs another', { scheme: 'khqr', bakongId: token(), merchantId: '1' }, 'acquiringBank is missing'],
    ['no account at all', { scheme: 'fps', clearingCode: token() }, 'the account is incomplete'],
    [
      'an object without ID',
      { scheme: 'emv', template: '26', fields: { '00': token(), A: 'x' } },
      'fields is malformed',
    ],
    [
      'too much around it',
      { scheme: 'emv', template: '26', fields: { '00': token(), '01': 'x'.repeat(91) } },
      'fields has not the right length',
    ],
  ])('%s is refused whatever the token will be', (_, account, what) => {
    expect(refusalOf(account)).toContain(`: ${what}; `);
  });

  test('a rule that hangs on the token alone is not held', () => {
    expect(refusalOf({ scheme: 'emv', template: token(), value: '5555' })).toBe('');
    expect(refusalOf({ scheme: 'emv', template: token(), fields: { '00': 'com.example' } })).toBe('');
    expect(refusalOf({ scheme: 'pix', key: token(), information: 'x'.repeat(72) })).toBe('');
  });
});
