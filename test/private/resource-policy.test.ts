import { AllowFrom } from '../../src';
import { bundledDocument, endpointsOf } from '../../src/private/openapi';
import { checkPolicyLength, renderResourcePolicy } from '../../src/private/resource-policy';
import { agnosticStack } from './stacks';

const OWN = '000000000001';
const MERCHANT = '111122223333';
const STRANGER = '444455556666';
const ORGANIZATION = 'o-a1b2c3d4e5';
const KNOWN_IP = '203.0.113.7';
const OTHER_IP = '198.51.100.7';

interface Caller {
  readonly ip: string;
  /** None of an unsigned call. */
  readonly account?: string;
  readonly organization?: string;
}

interface Statement {
  readonly Effect: string;
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** What IAM makes of the policy: `deny`, `allow`, or `silent` where no statement says anything. Single values per key are enough here. */
function evaluate(allowFrom: AllowFrom[], call: string, caller: Caller, isIam = true): 'allow' | 'deny' | 'silent' {
  const policy = renderResourcePolicy({ allowFrom, endpoints: endpointsOf(bundledDocument()), account: OWN, isIam });
  const statements: Statement[] = policy.toJSON().Statement;
  const hits = statements.filter((statement) => matchesPath(statement, call) && matchesConditions(statement, caller));
  if (hits.some(({ Effect }) => Effect === 'Deny')) return 'deny';
  return hits.length > 0 ? 'allow' : 'silent';
}

function matchesPath({ Resource }: Statement, call: string): boolean {
  return [Resource].flat().some((pattern) => {
    const source = pattern
      .replace('execute-api:/', '')
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*');
    return new RegExp(`^${source}$`).test(`prod/${call}`);
  });
}

function matchesConditions({ Condition = {} }: Statement, caller: Caller): boolean {
  const context: Record<string, string | undefined> = {
    'aws:SourceIp': caller.ip,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalOrgID': caller.organization,
  };
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const has = [wanted].flat().some((value) => sameValue(context[key], value));
      return operator.includes('Not') ? !has : has; // an absent key makes the negated operators true
    }),
  );
}

function sameValue(got: string | undefined, wanted: string): boolean {
  return wanted.endsWith('.0/24') ? got?.startsWith(wanted.slice(0, -4)) === true : got === wanted;
}

const PAY = 'POST/v1/payments';
const PROFILE = 'PUT/v1/merchants/m_1';
const HEALTH = 'GET/health/region';
const LIVE = 'GET/health/live';

describe('addresses alone', () => {
  const allowFrom = [AllowFrom.cidrs('203.0.113.0/24')];

  test.each([
    [
      'a merchant at a known address may be let in by its IAM policy',
      PAY,
      { ip: KNOWN_IP, account: MERCHANT },
      'allow',
    ],
    ['anywhere else it is denied', PAY, { ip: OTHER_IP, account: MERCHANT }, 'deny'],
    ["the API's own account needs an IAM policy", PAY, { ip: KNOWN_IP, account: OWN }, 'silent'],
    ['and that is not enough from another address', PAY, { ip: OTHER_IP, account: OWN }, 'deny'],
    ['a merchant does not set profiles', PROFILE, { ip: KNOWN_IP, account: MERCHANT }, 'deny'],
    ['the own account may, by an IAM policy', PROFILE, { ip: KNOWN_IP, account: OWN }, 'silent'],
    ['Route 53 asks from anywhere', HEALTH, { ip: OTHER_IP }, 'allow'],
    ['and for nothing else', LIVE, { ip: OTHER_IP }, 'silent'],
    ['an unsigned call from a known address reaches what needs no signature', LIVE, { ip: KNOWN_IP }, 'allow'],
    ['and paths that there are not', 'GET/no/such/path', { ip: KNOWN_IP }, 'allow'],
  ] as const)('%s', (_, call, caller, outcome) => {
    expect(evaluate(allowFrom, call, caller)).toBe(outcome);
  });
});

describe('accounts and an organization', () => {
  const allowFrom = [AllowFrom.accounts(MERCHANT), AllowFrom.organization(ORGANIZATION)];

  test.each([
    ['a named account may call from anywhere', PAY, { ip: OTHER_IP, account: MERCHANT }, 'allow'],
    ['a member of the organization too', PAY, { ip: OTHER_IP, account: STRANGER, organization: ORGANIZATION }, 'allow'],
    ['another account may not', PAY, { ip: KNOWN_IP, account: STRANGER }, 'deny'],
    [
      'nor a member of another organization',
      PAY,
      { ip: KNOWN_IP, account: STRANGER, organization: 'o-b1b2c3d4e5' },
      'deny',
    ],
    ["nor the API's own account, unless it is named", PAY, { ip: KNOWN_IP, account: OWN }, 'deny'],
    ['an unsigned call reaches nothing', LIVE, { ip: KNOWN_IP }, 'silent'],
    ['but the health of the Region', HEALTH, { ip: KNOWN_IP }, 'allow'],
    ['a named account does not set profiles', PROFILE, { ip: KNOWN_IP, account: MERCHANT }, 'deny'],
  ] as const)('%s', (_, call, caller, outcome) => {
    expect(evaluate(allowFrom, call, caller)).toBe(outcome);
  });

  test("the API's own account, named, still needs an IAM policy", () => {
    expect(evaluate([AllowFrom.accounts(OWN)], PAY, { ip: KNOWN_IP, account: OWN })).toBe('silent');
  });
});

test('entries of several kinds: any is enough', () => {
  const allowFrom = [AllowFrom.cidrs('203.0.113.0/24'), AllowFrom.accounts(MERCHANT)];

  expect(evaluate(allowFrom, PAY, { ip: KNOWN_IP, account: STRANGER })).toBe('allow');
  expect(evaluate(allowFrom, PAY, { ip: OTHER_IP, account: MERCHANT })).toBe('allow');
  expect(evaluate(allowFrom, PAY, { ip: OTHER_IP, account: STRANGER })).toBe('deny');
});

test('without IAM the address is all there is', () => {
  const allowFrom = [AllowFrom.cidrs('203.0.113.0/24')];

  expect(evaluate(allowFrom, PROFILE, { ip: KNOWN_IP }, false)).toBe('allow');
  expect(evaluate(allowFrom, PAY, { ip: OTHER_IP }, false)).toBe('deny');
});

test('a policy that API Gateway would not take is refused', () => {
  const addresses = Array.from({ length: 250 }, (_, i) => `203.0.${i}.0/24`);
  const policyOf = (count: number) =>
    renderResourcePolicy({
      allowFrom: [AllowFrom.cidrs(...addresses.slice(0, count))],
      endpoints: endpointsOf(bundledDocument()),
      account: OWN,
      isIam: true,
    });

  expect(() => checkPolicyLength(agnosticStack(), policyOf(150))).not.toThrow();
  expect(() => checkPolicyLength(agnosticStack(), policyOf(250))).toThrow(/8192 characters.*\[allow-from-too-long\]/);
});
