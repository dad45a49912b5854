/** `merchants` of the service: what the handler will read, and what is refused before. */
import { Aws, Lazy } from 'aws-cdk-lib';
import { type MerchantProfileProps, QrScheme } from '../src';
import { MERCHANTS_BYTES_MAX } from '../src/contract';
import { isMerchantId } from '../src/handler/domain/merchant';
import { readMerchants } from '../src/handler/merchants-from-environment';
import { agnosticStack, containerOf, serviceIn, serviceTemplate } from './private/stacks';

const cafe: MerchantProfileProps = {
  merchantId: 'm_cafe',
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [QrScheme.payNow({ uen: '201403121W' }), QrScheme.emv({ template: '26', fields: { '00': 'com.example' } })],
};
const { merchantId: _, ...withoutId } = cafe;
const profile = {
  ...withoutId,
  accounts: [
    { scheme: 'paynow', uen: '201403121W' },
    { scheme: 'emv', template: '26', fields: { '00': 'com.example' } },
  ],
};
const local = { language: 'zh', name: '咖啡角', city: '新加坡' };

/** `MERCHANTS` as CloudFormation has it, with a value for each token. */
function variable(merchants: MerchantProfileProps[] | undefined): string | undefined {
  const { Environment } = containerOf(serviceTemplate({ merchants }));
  const found = (Environment as { Name: string; Value: unknown }[]).find(({ Name }) => Name === 'MERCHANTS')?.Value;
  if (typeof found === 'string' || found === undefined) return found;
  const parts: (string | object)[] = (found as { 'Fn::Join': [string, []] })['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : '111122223333')).join('');
}

/** What the refusal says; nothing where the profiles are taken. */
function refusalOf(...merchants: MerchantProfileProps[]): string {
  try {
    serviceIn(agnosticStack(), { merchants });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

test('the handler reads what the profiles say', () => {
  const merchants = [
    cafe,
    { ...cafe, merchantId: 'm_tea', local },
    { ...cafe, merchantId: 'm_plain', local: undefined },
  ];

  expect(readMerchants(variable(merchants)!)).toEqual({
    seeds: [
      { id: 'm_cafe', profile },
      { id: 'm_tea', profile: { ...profile, local } },
      { id: 'm_plain', profile },
    ],
    problems: [],
  });
});

test.each([undefined, []])('without profiles (%j) there is no variable', (...merchants) => {
  expect(variable(merchants[0])).toBeUndefined();
});

test('what is known at deployment only passes, and arrives', () => {
  const key = Lazy.string({ produce: () => Aws.ACCOUNT_ID });
  const merchants = [
    { ...cafe, merchantId: Aws.ACCOUNT_ID, name: Aws.ACCOUNT_ID, accounts: [QrScheme.pix({ key: `00${key}` })] },
    { ...cafe, merchantId: key, local: { language: 'zh', name: key } },
  ];

  const { seeds } = readMerchants(variable(merchants.slice(0, 1))!);

  expect(refusalOf(...merchants)).toBe('');
  expect(seeds).toMatchObject([
    { id: '111122223333', profile: { name: '111122223333', accounts: [{ scheme: 'pix', key: '00111122223333' }] } },
  ]);
});

test.each<[string, Partial<MerchantProfileProps>]>([
  [
    "name is malformed; got '', allowed 1 to 25 printable ASCII characters; other scripts go into local; " +
      'fix: write it like that [value-invalid]',
    { name: '' },
  ],
  ['name is malformed; ', { name: 'N'.repeat(26) }],
  ["name is malformed; got '咖啡角'", { name: '咖啡角' }],
  ['city is malformed; ', { city: 'C'.repeat(16) }],
  ["country is malformed; got 'SGP', allowed two upper-case letters (ISO 3166-1); ", { country: 'SGP' }],
  ["country is malformed; got 'sg', ", { country: 'sg' }],
  ["mcc is malformed; got '581', ", { mcc: '581' }],
  ["currency is malformed; got 'XXZ', ", { currency: 'XXZ' }],
  ['accounts has not the right length; got [], ', { accounts: [] }],
  ['accounts has not the right length; got [{', { accounts: Array(21).fill(cafe.accounts[0]) }],
  [
    "local.language is malformed; got 'zho', allowed two letters (ISO 639); ",
    { local: { language: 'zho', name: 'x' } },
  ],
  ['local.name is malformed; ', { local: { language: 'zh', name: '咖'.repeat(26) } }],
  ["local.city is malformed; got '', ", { local: { language: 'zh', name: 'x', city: '' } }],
  ["country is malformed; got 'TOK', ", { country: 'TOK', name: Aws.REGION }],
])('refused: %s', (message, members) => {
  expect(refusalOf({ ...cafe, merchantId: 'm_other' }, { ...cafe, ...members })).toContain(
    `Stack/Service: merchants[1].${message}`,
  );
});

test.each(['m_1', '111122223333', 'a'.repeat(64), 'A.b:c-d', '', 'm 1', 'a'.repeat(65), 'm/1', 'ü'])(
  'the id "%s" is refused where the handler would refuse it',
  (merchantId) => {
    const refusal = refusalOf({ ...cafe, merchantId });

    expect(refusal).toMatch(
      isMerchantId(merchantId) ? /^$/ : /merchants\[0\]\.merchantId is no name .*\[merchant-id\]$/,
    );
  },
);

test('a merchant has one profile', () => {
  expect(refusalOf(cafe, { ...cafe, merchantId: 'm_2' }, { ...cafe, name: 'Other' })).toBe(
    "Stack/Service: merchants[2].merchantId is that of merchants[0] too; got 'm_cafe', allowed each merchant once; " +
      'fix: put all accounts of a merchant into one profile [merchant-twice]',
  );
});

describe('more than fits', () => {
  const many = Array.from({ length: 150 }, (_, n) => ({ ...cafe, merchantId: `m_${n}`, name: 'N' }));
  /** Exactly as much as fits: the names make up for what is left. */
  let rest = MERCHANTS_BYTES_MAX - Buffer.byteLength(variable(many)!);
  const fitting = many.map((merchant) => {
    const added = Math.min(rest, 24);
    rest -= added;
    return { ...merchant, name: 'N'.repeat(1 + added) };
  });

  test('the last byte fits, at both ends', () => {
    const text = variable(fitting)!;

    expect(Buffer.byteLength(text)).toBe(MERCHANTS_BYTES_MAX);
    expect(readMerchants(text)).toMatchObject({ problems: [], seeds: { length: fitting.length } });
  });

  test('one more does not', () => {
    const [first, ...others] = fitting;

    const refusal = refusalOf({ ...first!, merchantId: 'm_00' }, ...others);

    expect(refusal).toBe(
      `Stack/Service: merchants has ${fitting.length} profiles, more than the task's environment can hold; ` +
        'got 32769, allowed 32768 bytes of JSON; fix: leave the rest to PUT /v1/merchants/{merchantId} [merchants-size]',
    );
  });
});
