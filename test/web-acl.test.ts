/** The firewall: what it blocks, what passes it, what it logs; given, made or none. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type ManagedWebAclProps, type QrPaymentApiProps, WebAcl } from '../src';
import { ACCOUNT, agnosticStack, apiIn } from './private/stacks';

const ACL = 'AWS::WAFv2::WebACL';
const ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';
const ARN = `arn:aws:wafv2:us-east-1:${ACCOUNT}:regional/webacl/firewall-team/1`;

function templateOf(props?: Partial<QrPaymentApiProps>): Template {
  const stack = agnosticStack();
  apiIn(stack, props);
  return Template.fromStack(stack);
}

function rulesOf(props?: ManagedWebAclProps) {
  const [acl] = Object.values(templateOf({ webAcl: WebAcl.managed(props) }).findResources(ACL));
  return acl!.Properties.Rules as { Name: string; Priority: number; Action?: object; Statement: object }[];
}

test('is made unless said otherwise, in front of the stage', () => {
  const template = templateOf();

  template.hasResourceProperties(ACL, { Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  template.hasResourceProperties(ASSOCIATION, {
    ResourceArn: {
      'Fn::Join': ['', Match.arrayWith(['::/restapis/', { Ref: Match.stringLikeRegexp('^ApiRestApi') }])],
    },
    WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApiFirewallWebAcl'), 'Arn'] },
  });
});

test('first it blocks requests with the headers that only the gateway may set', () => {
  const [first] = rulesOf();

  expect(first).toMatchObject({ Name: 'GatewayHeaders', Priority: 0, Action: { Block: {} } });
  for (const name of ['x-merchant-id', 'x-scopes']) {
    expect(JSON.stringify(first!.Statement)).toContain(`"FieldToMatch":{"SingleHeader":{"Name":"${name}"}},"Size":0`);
  }
});

test("then AWS's rules and a rate, in this order", () => {
  expect(rulesOf().map(({ Name, Priority }) => [Priority, Name])).toEqual([
    [0, 'GatewayHeaders'],
    [1, 'AWSManagedRulesCommonRuleSet'],
    [2, 'AWSManagedRulesKnownBadInputsRuleSet'],
    [3, 'AWSManagedRulesAmazonIpReputationList'],
    [4, 'RatePerAddress'],
  ]);
});

test('Route 53 passes all of them but the first, whatever its address', () => {
  for (const { Statement } of rulesOf().slice(1)) {
    const [inner] = Object.values<Record<string, object>>(Statement as Record<string, Record<string, object>>);
    const scope = JSON.stringify(inner!.ScopeDownStatement);
    expect(scope).toMatch(/^\{"NotStatement"/);
    expect(scope).toContain('"SearchString":"/health/region"');
    expect(scope).toContain('"SearchString":"/prod/health/region"');
  }
});

test('bodies between 8 and 16 KiB are counted, not blocked', () => {
  const common = rulesOf().find(({ Name }) => Name === 'AWSManagedRulesCommonRuleSet');

  expect(common!.Statement).toMatchObject({
    ManagedRuleGroupStatement: {
      RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
    },
  });
});

test.each([
  [undefined, 100_000],
  [{ rateLimitPerAddress: 500 }, 500],
])('rate: %p', (props, Limit) => {
  expect(rulesOf(props).at(-1)!.Statement).toMatchObject({ RateBasedStatement: { Limit, AggregateKeyType: 'IP' } });
});

test.each([9, 1.5, 3e9])('a rate of %p is refused', (rateLimitPerAddress) => {
  expect(() => WebAcl.managed({ rateLimitPerAddress })).toThrow(/rateLimitPerAddress.*\[number-out-of-range\]/);
});

test('logs what it stopped or counted, encrypted, without credentials', () => {
  const template = templateOf();

  template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
    LoggingFilter: { DefaultBehavior: 'DROP' },
    RedactedFields: [
      { SingleHeader: { Name: 'authorization' } },
      { SingleHeader: { Name: 'idempotency-key' } },
      { SingleHeader: { Name: 'x-amz-security-token' } },
    ],
  });
  template.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: {
      LogGroupName: Match.stringLikeRegexp('^aws-waf-logs-'),
      RetentionInDays: 365,
      KmsKeyId: Match.anyValue(),
    },
  });
});

test('one that exists is taken', () => {
  const template = templateOf({ webAcl: WebAcl.fromArn(ARN) });

  template.resourceCountIs(ACL, 0);
  template.hasResourceProperties(ASSOCIATION, { WebACLArn: ARN });
});

test('without one nothing is made', () => {
  const template = templateOf({ webAcl: WebAcl.none() });

  for (const type of [ACL, ASSOCIATION, 'AWS::WAFv2::LoggingConfiguration']) template.resourceCountIs(type, 0);
});

test.each(['arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1', 'a-name'])('%s is refused', (arn) => {
  expect(() => WebAcl.fromArn(arn)).toThrow(/webAclArn.*\[web-acl-arn\]/);
});
