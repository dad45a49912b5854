import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RegionalFailoverRecords, type RegionalFailoverRecordsProps } from '../src';
import { agnosticStack, apiIn, PRIMARY, regionalApi, STANDBY } from './private/stacks';

const HEALTH_CHECK = 'AWS::Route53::HealthCheck';
const RECORD = 'AWS::Route53::RecordSet';

function templateOf(region: string, props: Partial<RegionalFailoverRecordsProps> = {}): Template {
  const api = regionalApi(new App(), region);
  const stack = Stack.of(api);
  new RegionalFailoverRecords(stack, 'Failover', { api, primaryRegion: PRIMARY, standbyRegion: STANDBY, ...props });
  return Template.fromStack(stack);
}

test.each([
  [PRIMARY, 'PRIMARY'],
  [STANDBY, 'SECONDARY'],
])('the same props make the records of %s', (region, Failover) => {
  const template = templateOf(region);

  for (const Type of ['A', 'AAAA']) {
    template.hasResourceProperties(RECORD, {
      Type,
      Name: 'pay.example.com.',
      Failover,
      SetIdentifier: region,
      HealthCheckId: { Ref: Match.stringLikeRegexp('^FailoverHealthCheck') },
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [Match.stringLikeRegexp('SharedDomain'), 'RegionalDomainName'] },
        EvaluateTargetHealth: true,
      },
    });
  }
});

test('a Region is asked under its own name, over TLS, whether it may take payments', () => {
  templateOf(PRIMARY).hasResourceProperties(HEALTH_CHECK, {
    HealthCheckConfig: {
      Type: 'HTTPS',
      FullyQualifiedDomainName: `${PRIMARY}.pay.example.com`,
      Port: 443,
      ResourcePath: '/health/region',
      EnableSNI: true,
      RequestInterval: 10,
      FailureThreshold: 3,
    },
  });
});

test('interval and threshold can be set', () => {
  templateOf(PRIMARY, { requestInterval: Duration.seconds(30), failureThreshold: 5 }).hasResourceProperties(
    HEALTH_CHECK,
    {
      HealthCheckConfig: Match.objectLike({ RequestInterval: 30, FailureThreshold: 5 }),
    },
  );
});

test.each([
  ['an interval that Route 53 does not have', { requestInterval: Duration.seconds(20) }, 'request-interval'],
  ['a threshold too high', { failureThreshold: 11 }, 'number-out-of-range'],
  ['one Region twice', { standbyRegion: PRIMARY }, 'same-region-twice'],
  ['a stack in neither Region', { primaryRegion: 'eu-west-1', standbyRegion: 'eu-west-2' }, 'failover-region'],
])('%s is refused', (_, props, code) => {
  expect(() => templateOf(PRIMARY, props)).toThrow(`[${code}]`);
});

test('a stack without a Region is refused, with the fix', () => {
  const stack = agnosticStack();
  const api = apiIn(stack);

  expect(
    () => new RegionalFailoverRecords(stack, 'Failover', { api, primaryRegion: PRIMARY, standbyRegion: STANDBY }),
  ).toThrow("give the stack its Region: env: { region: 'us-east-1' } [failover-region]");
});

test.each(['sharedDomainName', 'both'])('an API without %s is refused', (missing) => {
  const none = { sharedDomainName: undefined, ...(missing === 'both' && { regionalDomainName: undefined }) };
  const api = regionalApi(new App(), PRIMARY, none);

  expect(
    () =>
      new RegionalFailoverRecords(Stack.of(api), 'Failover', { api, primaryRegion: PRIMARY, standbyRegion: STANDBY }),
  ).toThrow(/api has not both names.*sharedDomainName, regionalDomainName.*\[failover-without-names\]/);
});

test("the API of another Region's stack is refused", () => {
  const app = new App();
  const api = regionalApi(app, STANDBY);
  const stack = Stack.of(regionalApi(app, PRIMARY));

  expect(
    () => new RegionalFailoverRecords(stack, 'Failover', { api, primaryRegion: PRIMARY, standbyRegion: STANDBY }),
  ).toThrow('[other-region]');
});
