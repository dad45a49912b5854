import { Aws } from 'aws-cdk-lib';
import { AllowFrom, AllowFromKind } from '../src/allow-from';

test('each entry has its kind and its values', () => {
  expect(AllowFrom.cidrs('203.0.113.0/24', '2001:db8::/32')).toEqual({
    _kind: AllowFromKind.CIDR,
    _values: ['203.0.113.0/24', '2001:db8::/32'],
  });
  expect(AllowFrom.accounts('111122223333', Aws.ACCOUNT_ID)._values).toHaveLength(2);
  expect(AllowFrom.organization('o-a1b2c3d4e5')._kind).toBe(AllowFromKind.ORGANIZATION);
  expect(AllowFrom.vpcEndpoints('vpce-0123456789abcdef0')._kind).toBe(AllowFromKind.VPC_ENDPOINT);
});

test.each([
  ['no address', () => AllowFrom.cidrs()],
  ['an address without a prefix', () => AllowFrom.cidrs('203.0.113.1')],
  ['an octet too large', () => AllowFrom.cidrs('203.0.300.0/24')],
  ['a prefix too long', () => AllowFrom.cidrs('203.0.113.0/33')],
  ['an IPv6 prefix too long', () => AllowFrom.cidrs('2001:db8::/129')],
  ['one good and one bad address', () => AllowFrom.cidrs('203.0.113.0/24', 'example.com')],
  ['no account', () => AllowFrom.accounts()],
  ['an account name', () => AllowFrom.accounts('merchant')],
  ['an organization name', () => AllowFrom.organization('acme')],
  ['a VPC', () => AllowFrom.vpcEndpoints('vpc-0123456789abcdef0')],
])('%s is refused', (_, make) => {
  expect(make).toThrow(/AllowFrom: .*one value or more of the form.*\[allow-from-form\]/);
});
