import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { NetworkLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  FailoverMode,
  PaymentKeys,
  PaymentStore,
  type QrPaymentApi,
  RegionalFailoverRecords,
  type RegionalFailoverRecordsProps,
  TableConsistency,
} from '../src';
import { separateRegions, sharedRegions } from './private/failover-stacks';
import {
  ACCOUNT,
  agnosticStack,
  apiIn,
  namesIn,
  PRIMARY,
  regionalApi,
  regionalStack,
  STANDBY,
  serviceIn,
} from './private/stacks';

const HEALTH_CHECK = 'AWS::Route53::HealthCheck';
const RECORD = 'AWS::Route53::RecordSet';
const SWITCH = {
  Type: 'CLOUDWATCH_METRIC',
  AlarmIdentifier: { Name: 'failover-switch-pay.example.com', Region: STANDBY },
  InsufficientDataHealthStatus: 'LastKnownStatus',
  Inverted: false,
};

function recordsOf(api: QrPaymentApi, props: Partial<RegionalFailoverRecordsProps> = {}): Template {
  const stack = Stack.of(api);
  new RegionalFailoverRecords(stack, 'Failover', { api, primaryRegion: PRIMARY, standbyRegion: STANDBY, ...props });
  return Template.fromStack(stack);
}

/** By what they are called in the template. */
function checksOf(template: Template): Record<string, unknown> {
  const checks = Object.entries(template.findResources(HEALTH_CHECK));
  return Object.fromEntries(
    checks.map(([id, { Properties }]) => [/^Failover(\w+?)[0-9A-F]{8}$/.exec(id)![1], Properties.HealthCheckConfig]),
  );
}

function checkOfRecords(template: Template): unknown[] {
  return Object.values(template.findResources(RECORD, { Properties: { Name: 'pay.example.com.' } })).map(
    ({ Properties }) => /Failover(\w+?)[0-9A-F]{8}/.exec(JSON.stringify(Properties.HealthCheckId ?? ''))?.[1],
  );
}

test.each([
  ['primary', 'PRIMARY', PRIMARY],
  ['standby', 'SECONDARY', STANDBY],
] as const)('the same props make the records of the %s', (side, Failover, region) => {
  const template = recordsOf(separateRegions()[side]);

  for (const Type of ['A', 'AAAA']) {
    template.hasResourceProperties(RECORD, {
      Type,
      Name: 'pay.example.com.',
      Failover,
      SetIdentifier: region,
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [Match.stringLikeRegexp('SharedDomain'), 'RegionalDomainName'] },
        EvaluateTargetHealth: true,
      },
    });
  }
});

describe('manual, which it is by default', () => {
  test('the switch decides over the primary, and nothing else', () => {
    const template = recordsOf(separateRegions().primary);

    expect(checksOf(template)).toEqual({ Switch: SWITCH });
    expect(checkOfRecords(template)).toEqual(['Switch', 'Switch']);
  });

  test('nothing decides over the standby: what is switched to it stays there', () => {
    const template = recordsOf(separateRegions().standby);

    expect(checksOf(template)).toEqual({});
    expect(checkOfRecords(template)).toEqual([undefined, undefined]);
  });

  test('a routing control takes the place of the switch', () => {
    const routingControlArn = 'arn:aws:route53-recovery-control::111122223333:controlpanel/abc/routingcontrol/def';
    const template = recordsOf(separateRegions().primary, { mode: FailoverMode.manual({ routingControlArn }) });

    expect(checksOf(template)).toEqual({
      RoutingControl: { Type: 'RECOVERY_CONTROL', RoutingControlArn: routingControlArn, Inverted: false },
    });
    expect(checkOfRecords(template)).toEqual(['RoutingControl', 'RoutingControl']);
  });
});

describe('automatic', () => {
  const health = (region: string) => ({
    Type: 'HTTPS',
    FullyQualifiedDomainName: `${region}.pay.example.com`,
    Port: 443,
    ResourcePath: '/health/region',
    EnableSNI: true,
    RequestInterval: 10,
    FailureThreshold: 3,
    Inverted: false,
    MeasureLatency: false,
  });
  const automatic = (side: 'primary' | 'standby', mode = FailoverMode.automatic()) =>
    recordsOf(sharedRegions()[side], { mode });

  test("over the primary decide its own word, believed slowly after a long absence, and the switch: one 'no' is enough", () => {
    const template = automatic('primary');

    const { Decision, ...children } = checksOf(template);
    expect(children).toEqual({
      HealthCheck: health(PRIMARY),
      SlowHealthCheck: { ...health(PRIMARY), RequestInterval: 30, FailureThreshold: 10 },
      Switch: SWITCH,
    });
    expect(Decision).toMatchObject({ Type: 'CALCULATED', HealthThreshold: 3 });
    expect(JSON.stringify(Decision).match(/Failover(HealthCheck|SlowHealthCheck|Switch)/g)).toHaveLength(3);
    expect(checkOfRecords(template)).toEqual(['Decision', 'Decision']);
  });

  test('over the standby decides its own word', () => {
    const template = automatic('standby');

    expect(checksOf(template)).toEqual({ HealthCheck: health(STANDBY) });
    expect(checkOfRecords(template)).toEqual(['HealthCheck', 'HealthCheck']);
  });

  test('interval and threshold can be set', () => {
    const mode = FailoverMode.automatic({ requestInterval: Duration.seconds(30), failureThreshold: 5 });

    expect(checksOf(automatic('primary', mode)).HealthCheck).toMatchObject({
      RequestInterval: 30,
      FailureThreshold: 5,
    });
  });

  test.each([
    ['an interval that Route 53 does not have', { requestInterval: Duration.seconds(20) }, 'request-interval'],
    ['a threshold too high', { failureThreshold: 11 }, 'number-out-of-range'],
  ])('%s is refused', (_, props, code) => {
    expect(() => automatic('primary', FailoverMode.automatic(props))).toThrow(`[${code}]`);
  });

  function withTable(store: (stack: Stack) => PaymentStore): QrPaymentApi {
    const stack = regionalStack(new App(), PRIMARY);
    return apiIn(stack, { service: serviceIn(stack, { paymentStore: store(stack) }), ...namesIn(stack, PRIMARY) });
  }
  const imported = (consistency?: TableConsistency) => (stack: Stack) =>
    PaymentStore.fromTable(TableV2.fromTableName(stack, 'T', 'payments'), { consistency });

  test.each([
    [
      'payments that reach the other Region later',
      () => sharedRegions({ consistency: TableConsistency.EVENTUAL }).primary,
    ],
    ['the replica of such payments', () => sharedRegions({ consistency: TableConsistency.EVENTUAL }).standby],
    ['a table in one Region', () => separateRegions().primary],
    ['a table of which nothing is known', () => withTable(imported())],
    ['a table that is said to be eventual', () => withTable(imported(TableConsistency.EVENTUAL))],
  ])('%s would be captured twice, and is refused', (_, api) => {
    expect(() => recordsOf(api(), { mode: FailoverMode.automatic() })).toThrow(
      /set mode: FailoverMode\.manual\(\).*\[automatic-without-strong\]/,
    );
  });

  test('a table that is said to be strongly consistent is believed', () => {
    const api = withTable(imported(TableConsistency.STRONG));

    expect(() => recordsOf(api, { mode: FailoverMode.automatic() })).not.toThrow();
  });

  test('a service that is none of ours is for its makers to judge', () => {
    const stack = regionalStack(new App(), PRIMARY);
    const vpcLinkTarget = NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(stack, 'Own', {
      loadBalancerArn: `arn:aws:elasticloadbalancing:${PRIMARY}:${ACCOUNT}:loadbalancer/net/own/1`,
    });
    const keys = new PaymentKeys(stack, 'Keys');
    const service = Object.assign(keys, { vpcLinkTarget, endpointUrl: 'https://own.example.com', keys });
    const api = apiIn(stack, { service, ...namesIn(stack, PRIMARY) });

    expect(() => recordsOf(api, { mode: FailoverMode.automatic() })).not.toThrow();
  });
});

test.each([
  ['one Region twice', { standbyRegion: PRIMARY }, 'same-region-twice'],
  ['a stack in neither Region', { primaryRegion: 'eu-west-1', standbyRegion: 'eu-west-2' }, 'failover-region'],
])('%s is refused', (_, props, code) => {
  expect(() => recordsOf(separateRegions().primary, props)).toThrow(`[${code}]`);
});

test('a stack without a Region is refused, with the fix', () => {
  expect(() => recordsOf(apiIn(agnosticStack()))).toThrow(
    "give the stack its Region: env: { region: 'us-east-1' } [failover-region]",
  );
});

test.each(['sharedDomainName', 'both'])('an API without %s is refused', (missing) => {
  const none = { sharedDomainName: undefined, ...(missing === 'both' && { regionalDomainName: undefined }) };

  expect(() => recordsOf(regionalApi(new App(), PRIMARY, none))).toThrow(
    /api has not both names.*sharedDomainName, regionalDomainName.*\[failover-without-names\]/,
  );
});

test("the API of another Region's stack is refused", () => {
  const { primary, standby } = separateRegions();
  const props = { api: standby, primaryRegion: PRIMARY, standbyRegion: STANDBY };

  expect(() => new RegionalFailoverRecords(Stack.of(primary), 'Failover', props)).toThrow('[other-region]');
});
