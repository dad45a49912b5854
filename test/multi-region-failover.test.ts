import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  FailoverMode,
  FailoverSwitch,
  MultiRegionFailover,
  type MultiRegionFailoverProps,
  PaymentStore,
  TableConsistency,
} from '../src';
import {
  ownedTable,
  type Regions,
  replicaOfTable,
  SHARED_NAME,
  separateRegions,
  sharedRegions,
} from './private/failover-stacks';
import { apiIn, namesIn, PRIMARY, regionalApi, regionalStack, STANDBY, serviceIn } from './private/stacks';

const { STRONG, EVENTUAL } = TableConsistency;

function failover(regions: Regions, props: Partial<MultiRegionFailoverProps> = {}): MultiRegionFailover {
  const { app, ...given } = regions;
  return new MultiRegionFailover(app, 'Failover', { ...given, ...props });
}

describe.each([
  ['manual', FailoverMode.manual()],
  ['automatic', FailoverMode.automatic()],
])('%s', (_, mode) => {
  test("each Region's records are in its own stack", () => {
    const regions = sharedRegions();

    failover(regions, { mode });

    for (const [api, Failover] of [
      [regions.primary, 'PRIMARY'],
      [regions.standby, 'SECONDARY'],
    ] as const) {
      Template.fromStack(Stack.of(api)).resourcePropertiesCountIs('AWS::Route53::RecordSet', { Failover }, 2);
    }
  });

  test('there is no edge between the Regions: no dependency, no export or import, no custom resource', () => {
    const regions = sharedRegions();
    failover(regions, { mode, globalStack: new Stack(regions.app, 'Global', { env: { region: 'us-east-1' } }) });

    const assembly = regions.app.synth();

    expect(assembly.stacks).toHaveLength(4);
    for (const { dependencies, template } of assembly.stacks) {
      expect(dependencies.filter((artifact) => assembly.stacks.some(({ id }) => id === artifact.id))).toEqual([]);
      expect(JSON.stringify(template)).not.toMatch(
        /Fn::ImportValue|Fn::GetStackOutput|Custom::|AWS::CloudFormation::CustomResource|AWS::Lambda::Function/,
      );
      expect(template).not.toHaveProperty('Outputs');
    }
  });
});

test('a Stage is as good a scope', () => {
  const stage = new Stage(new App(), 'Production');
  const [primary, standby] = [PRIMARY, STANDBY].map((region) => {
    const stack = new Stack(stage, region, { env: { region } });
    return apiIn(stack, namesIn(stack, region));
  });

  expect(() => new MultiRegionFailover(stage, 'Failover', { primary: primary!, standby: standby! })).not.toThrow();
});

describe('the switch', () => {
  test("is made in the standby's Region where nothing stands in its way", () => {
    const regions = separateRegions();

    const { failoverSwitch } = failover(regions);

    expect(failoverSwitch).toMatchObject({ region: STANDBY, sharedDomainName: SHARED_NAME });
    const AlarmName = 'failover-switch-pay.example.com';
    Template.fromStack(Stack.of(regions.standby)).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmName }, 1);
    Template.fromStack(Stack.of(regions.primary)).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmName }, 0);
  });

  test('is the one that is given', () => {
    const regions = sharedRegions();

    expect(failover(regions).failoverSwitch).toBe(regions.failoverSwitch);
    Template.fromStack(Stack.of(regions.standby)).resourceCountIs('AWS::CloudWatch::Alarm', 1); // the rollback alarm
  });

  const routed = FailoverMode.manual({
    routingControlArn: 'arn:aws:route53-recovery-control::111122223333:controlpanel/abc/routingcontrol/def',
  });

  test('is not made beside a routing control, and refused there', () => {
    const regions = sharedRegions();

    expect(() => failover(regions, { mode: routed })).toThrow('[two-switches]');
    expect(failover(separateRegions(), { mode: routed })).not.toHaveProperty('failoverSwitch', expect.anything());
  });

  test('is refused where it could not be deployed before both services', () => {
    const regions = sharedRegions();

    expect(() => failover(regions, { failoverSwitch: undefined })).toThrow(
      /new FailoverSwitch\(foundationStack, 'Switch', \{ sharedDomainName: 'pay\.example\.com' \}\) in a stack of us-west-2.*\[switch-order\]/,
    );
  });

  test.each([
    ['another Region', PRIMARY, SHARED_NAME],
    ['another name', STANDBY, 'other.example.com'],
  ])('of %s is refused', (_, region, sharedDomainName) => {
    const regions = sharedRegions();
    const stack = new Stack(regions.app, 'Other', { env: { region } });
    const failoverSwitch = new FailoverSwitch(stack, 'Switch', { sharedDomainName });

    expect(() => failover(regions, { failoverSwitch })).toThrow('[other-switch]');
  });
});

test('Route 53 is watched where there is a stack for it, and nowhere else', () => {
  const regions = sharedRegions();
  const globalStack = new Stack(regions.app, 'Global', { env: { region: 'us-east-1' } });

  const { watch } = failover(regions, { globalStack });

  expect(watch?.alarms).toHaveLength(2);
  for (const region of [PRIMARY, STANDBY]) {
    Template.fromStack(globalStack).hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: Match.objectLike({ FullyQualifiedDomainName: `${region}.pay.example.com` }),
    });
  }
  expect(failover(sharedRegions()).watch).toBeUndefined();
});

test('two tables behind one name are warned of', () => {
  const regions = separateRegions();
  failover(regions);

  Annotations.fromStack(Stack.of(regions.standby)).hasWarning('*', Match.stringLikeRegexp('a table of its own'));

  const shared = sharedRegions();
  failover(shared);
  Annotations.fromStack(Stack.of(shared.standby)).hasNoWarning('*', Match.anyValue());
});

describe('refuses', () => {
  test('a stack as scope', () => {
    const { app, primary, standby } = separateRegions();

    expect(() => new MultiRegionFailover(regionalStack(app, 'eu-west-1'), 'Failover', { primary, standby })).toThrow(
      /\[failover-scope\]/,
    );
  });

  test('a Region-agnostic stack', () => {
    const regions = separateRegions();
    const stack = new Stack(regions.app, 'Agnostic');

    expect(() => failover(regions, { standby: apiIn(stack) })).toThrow(
      /the stack of standby has no Region.*Agnostic.*env: \{ region: 'us-east-1' \}.*\[region-agnostic-stack\]/,
    );
  });

  test('one Region twice', () => {
    const regions = separateRegions();
    const stack = new Stack(regions.app, 'Again', { env: { region: PRIMARY } });
    const names = { ...namesIn(stack, PRIMARY), regionalDomainName: 'again.pay.example.com' };

    expect(() => failover(regions, { standby: apiIn(stack, names) })).toThrow('[same-region-twice]');
  });

  test('two accounts', () => {
    const app = new App();
    const [primary, standby] = [
      { region: PRIMARY, account: '111122223333' },
      { region: STANDBY, account: '444455556666' },
    ].map((env) => {
      const stack = new Stack(app, env.region, { env });
      return apiIn(stack, namesIn(stack, env.region));
    });

    expect(() => failover({ app, primary: primary!, standby: standby! })).toThrow('[failover-accounts]');
  });

  test.each([
    ['two shared names', { sharedDomainName: 'other.example.com' }, 'shared-names-differ'],
    ['one regional name', { regionalDomainName: `${PRIMARY}.pay.example.com` }, 'regional-names-equal'],
  ])('%s', (_, standbyNames, code) => {
    expect(() => failover(sharedRegions({ standbyNames }))).toThrow(`[${code}]`);
  });

  test('two hosted zones', () => {
    const regions = separateRegions();
    const stack = new Stack(regions.app, 'Zoned', { env: { region: STANDBY } });
    const zone = { hostedZoneId: 'Z2', zoneName: 'example.com' };
    const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Other', zone);

    expect(() => failover(regions, { standby: apiIn(stack, { ...namesIn(stack, STANDBY), hostedZone }) })).toThrow(
      '[hosted-zones-differ]',
    );
  });

  test('a name outside its zone', () => {
    expect(() => regionalApi(new App(), STANDBY, { sharedDomainName: 'pay.example.org' })).toThrow(
      '[domain-outside-zone]',
    );
  });

  test('APIs without names', () => {
    const app = new App();
    const none = { sharedDomainName: undefined, regionalDomainName: undefined };

    expect(() =>
      failover({ app, primary: regionalApi(app, PRIMARY, none), standby: regionalApi(app, STANDBY, none) }),
    ).toThrow('[failover-without-names]');
  });

  test.each([
    ['fewer tasks', { primary: { minTaskCount: 3, maxTaskCount: 8 }, standby: { minTaskCount: 2, maxTaskCount: 8 } }],
    ['less room', { primary: { maxTaskCount: 8 }, standby: { maxTaskCount: 6 } }],
    ['smaller tasks', { primary: { cpu: 1024, memoryLimitMiB: 2048 } }],
  ])('a standby with %s', (_, capacities) => {
    expect(() => failover(sharedRegions(capacities))).toThrow('[standby-capacity]');
  });

  test('no standby with more', () => {
    expect(() => failover(sharedRegions({ standby: { minTaskCount: 4 } }))).not.toThrow();
  });

  test.each([
    ['two tables', STRONG, { paymentStore: replicaOfTable(STRONG, 'others') }],
    ['a replica on one side only', STRONG, { paymentStore: PaymentStore.dynamoDb() }],
    ['two opinions on consistency', EVENTUAL, { paymentStore: replicaOfTable(STRONG) }],
  ])('%s', (_, consistency, standby) => {
    expect(() => failover(sharedRegions({ consistency, standby }))).toThrow('[tables-differ]');
  });

  test('a table without a replica in the standby', () => {
    const paymentStore = PaymentStore.dynamoDb({
      tableName: 'payments',
      consistency: EVENTUAL,
      replicas: [{ region: 'eu-west-1', encryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/payments' }],
    });

    expect(() => failover(sharedRegions({ consistency: EVENTUAL, primary: { paymentStore } }))).toThrow(
      '[tables-differ]',
    );
  });

  test('automatic failover of payments that arrive later', () => {
    expect(() => failover(sharedRegions({ consistency: EVENTUAL }), { mode: FailoverMode.automatic() })).toThrow(
      '[automatic-without-strong]',
    );
    expect(() => failover(sharedRegions({ consistency: EVENTUAL }))).not.toThrow();
  });
});

test('services may be made in stacks of their own', () => {
  const regions = sharedRegions();
  const services = new Stack(regions.app, 'Services', { env: { region: PRIMARY } });
  const apis = new Stack(regions.app, 'Apis', { env: { region: PRIMARY } });
  const service = serviceIn(services, { paymentStore: ownedTable(EVENTUAL, 'other'), minTaskCount: 5 });
  const primary = apiIn(apis, { service, ...namesIn(apis, PRIMARY) });

  expect(() => failover(regions, { primary })).toThrow('[standby-capacity]');
});
