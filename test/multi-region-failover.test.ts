import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MultiRegionFailover, type MultiRegionFailoverProps, type QrPaymentApi } from '../src';
import { apiIn, namesIn, PRIMARY, regionalApi, regionalStack, STANDBY } from './private/stacks';

interface Pair {
  readonly app: App;
  readonly primary: QrPaymentApi;
  readonly standby: QrPaymentApi;
}

function pair(): Pair {
  const app = new App();
  return { app, primary: regionalApi(app, PRIMARY), standby: regionalApi(app, STANDBY) };
}

function failover({ app, primary, standby }: Pair, props: Partial<MultiRegionFailoverProps> = {}): MultiRegionFailover {
  return new MultiRegionFailover(app, 'Failover', { primary, standby, ...props });
}

test("each Region's records and health check are in its own stack", () => {
  const regions = pair();

  failover(regions);

  for (const [api, Failover] of [
    [regions.primary, 'PRIMARY'],
    [regions.standby, 'SECONDARY'],
  ] as const) {
    const template = Template.fromStack(Stack.of(api));
    template.resourceCountIs('AWS::Route53::HealthCheck', 1);
    template.resourcePropertiesCountIs('AWS::Route53::RecordSet', { Failover }, 2);
  }
});

test('there is no edge between the Regions: no dependency, no export or import, no custom resource, no name of the other', () => {
  const regions = pair();
  failover(regions);

  const assembly = regions.app.synth();

  expect(assembly.stacks).toHaveLength(2);
  for (const { dependencies, template, stackName } of assembly.stacks) {
    const text = JSON.stringify(template);
    const other = stackName.endsWith(PRIMARY) ? STANDBY : PRIMARY;
    expect(dependencies.filter((artifact) => assembly.stacks.some(({ id }) => id === artifact.id))).toEqual([]);
    expect(text).not.toMatch(
      /Fn::ImportValue|Fn::GetStackOutput|Custom::|AWS::CloudFormation::CustomResource|AWS::Lambda::Function/,
    );
    expect(text).not.toContain(other);
    expect(template).not.toHaveProperty('Outputs');
  }
});

test('a Stage is as good a scope', () => {
  const stage = new Stage(new App(), 'Production');
  const apis = [PRIMARY, STANDBY].map((region) => {
    const stack = new Stack(stage, region, { env: { region } });
    return apiIn(stack, namesIn(stack, region));
  });

  expect(() => new MultiRegionFailover(stage, 'Failover', { primary: apis[0]!, standby: apis[1]! })).not.toThrow();
});

test('settings go to both Regions', () => {
  const regions = pair();

  failover(regions, { requestInterval: Duration.seconds(30), failureThreshold: 2 });

  for (const api of [regions.primary, regions.standby]) {
    Template.fromStack(Stack.of(api)).hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: Match.objectLike({ RequestInterval: 30, FailureThreshold: 2 }),
    });
  }
});

describe('refuses', () => {
  test('a stack as scope', () => {
    const { app, primary, standby } = pair();

    expect(() => new MultiRegionFailover(regionalStack(app, 'eu-west-1'), 'Failover', { primary, standby })).toThrow(
      /\[failover-scope\]/,
    );
  });

  test('a Region-agnostic stack', () => {
    const regions = pair();
    const stack = new Stack(regions.app, 'Agnostic');

    expect(() => failover(regions, { standby: apiIn(stack) })).toThrow(
      /the stack of standby has no Region.*Agnostic.*env: \{ region: 'us-east-1' \}.*\[region-agnostic-stack\]/,
    );
  });

  test('one Region twice', () => {
    const regions = pair();
    const stack = new Stack(regions.app, 'Again', { env: { region: PRIMARY } });
    const names = { ...namesIn(stack, PRIMARY), regionalDomainName: 'again.pay.example.com' };

    expect(() => failover(regions, { standby: apiIn(stack, names) })).toThrow('[same-region-twice]');
  });

  test('two accounts', () => {
    const app = new App();
    const apis = [
      { region: PRIMARY, account: '111122223333' },
      { region: STANDBY, account: '444455556666' },
    ].map((env) => {
      const stack = new Stack(app, env.region, { env });
      return apiIn(stack, namesIn(stack, env.region));
    });

    expect(() => new MultiRegionFailover(app, 'Failover', { primary: apis[0]!, standby: apis[1]! })).toThrow(
      '[failover-accounts]',
    );
  });

  test.each([
    [{ sharedDomainName: 'other.example.com' }, 'shared-names-differ'],
    [{ regionalDomainName: `${PRIMARY}.pay.example.com` }, 'regional-names-equal'],
  ])('names that do not fit together: %p', (names, code) => {
    const app = new App();
    const regions = { app, primary: regionalApi(app, PRIMARY), standby: regionalApi(app, STANDBY, names) };

    expect(() => failover(regions)).toThrow(`[${code}]`);
  });

  test('APIs without names', () => {
    const app = new App();
    const none = { sharedDomainName: undefined, regionalDomainName: undefined };

    expect(() =>
      failover({ app, primary: regionalApi(app, PRIMARY, none), standby: regionalApi(app, STANDBY, none) }),
    ).toThrow('[failover-without-names]');
  });
});
