/** The cache: made, given or none; who may use it and by which way. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { SessionCache } from '../src';
import { agnosticStack, containerOf, type Resource, serviceIn, serviceTemplate } from './private/stacks';

const CACHE = 'AWS::ElastiCache::ServerlessCache';

function variablesOf(template: Template): Record<string, unknown> {
  const variables = containerOf(template).Environment as { Name: string; Value: unknown }[];
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

describe('made', () => {
  const template = serviceTemplate({ sessionCache: SessionCache.valkeyServerless() });
  const [cache] = Object.values(template.findResources(CACHE)) as [Resource];
  const name = cache.Properties.ServerlessCacheName;

  test('is Valkey, bounded, encrypted with the key of the service, in the subnets of the tasks', () => {
    expect(cache.Properties).toMatchObject({
      Engine: 'valkey',
      MajorEngineVersion: '8',
      CacheUsageLimits: { DataStorage: { Unit: 'GB', Maximum: 1 }, ECPUPerSecond: { Maximum: 5000 } },
      KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^ServiceKeysKey/), 'Arn'] },
      SubnetIds: [{ Ref: expect.stringMatching(/PrivateSubnet1/) }, { Ref: expect.stringMatching(/PrivateSubnet2/) }],
    });
    expect(name).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });

  test('knows one user, who proves itself with IAM and has no dangerous command', () => {
    template.hasResourceProperties('AWS::ElastiCache::User', {
      UserId: name,
      UserName: name,
      AuthenticationMode: { Type: 'iam' },
      AccessString: Match.stringLikeRegexp('^on ~\\* .*-@all .*-@dangerous$'),
    });
    template.hasResourceProperties('AWS::ElastiCache::UserGroup', { UserIds: [name] });
  });

  test('the tasks are told where it is and may connect as that user, to that cache', () => {
    expect(variablesOf(template)).toMatchObject({
      CACHE_URL: {
        'Fn::Join': ['', ['valkeys://', { 'Fn::GetAtt': [expect.anything(), 'Endpoint.Address'] }, ':6379']],
      },
      CACHE_USER: name,
      CACHE_NAME: name,
    });
    const arn = (resource: string) => ({ 'Fn::Join': ['', Match.arrayWith([`:${resource}:${name}`])] });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Sid: 'Cache',
            Effect: 'Allow',
            Action: 'elasticache:Connect',
            Resource: [arn('serverlesscache'), arn('user')],
          },
        ]),
      },
    });
  });

  test('lets in the tasks and nobody else', () => {
    const groups = template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { FromPort: 6379 } });

    expect(Object.values(groups)).toHaveLength(1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 6379,
      ToPort: 6379,
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('CacheSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('TaskSecurityGroup'), 'GroupId'] },
    });
  });

  test('has the bounds that it is given', () => {
    const sessionCache = SessionCache.valkeyServerless({ maximumStorageGb: 5, maximumEcpuPerSecond: 20_000 });

    serviceTemplate({ sessionCache }).hasResourceProperties(CACHE, {
      CacheUsageLimits: { DataStorage: { Maximum: 5 }, ECPUPerSecond: { Maximum: 20_000 } },
    });
  });

  test.each([{ maximumStorageGb: 0 }, { maximumStorageGb: 5001 }, { maximumEcpuPerSecond: 999 }])(
    'refuses %j',
    (props) => {
      const sessionCache = SessionCache.valkeyServerless(props);

      expect(() => serviceTemplate({ sessionCache })).toThrow(/maximum.*\[number-out-of-range\]/);
    },
  );

  test('two services of one stack have caches of their own', () => {
    const stack = agnosticStack();
    const sessionCache = SessionCache.valkeyServerless();
    for (const id of ['One', 'Two']) serviceIn(stack, { sessionCache }, id);

    const caches = Object.values(Template.fromStack(stack).findResources(CACHE));
    expect(new Set(caches.map(({ Properties }) => Properties.ServerlessCacheName)).size).toBe(2);
  });
});

describe('given', () => {
  test('is found where it is, with the user that it knows, through its security group', () => {
    const stack = agnosticStack();
    const vpc = new Vpc(stack, 'Vpc');
    const securityGroup = new SecurityGroup(stack, 'CacheGroup', { vpc });
    const url = 'valkeys://cache.internal:6380';
    serviceIn(stack, {
      vpc,
      sessionCache: SessionCache.fromEndpoint({ url, userName: 'pay', cacheName: 'pay-cache', securityGroup }),
    });
    const template = Template.fromStack(stack);

    expect(variablesOf(template)).toMatchObject({ CACHE_URL: url, CACHE_USER: 'pay', CACHE_NAME: 'pay-cache' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 6380,
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CacheGroup'), 'GroupId'] },
    });
  });

  test('needs no right without a user', () => {
    const template = serviceTemplate({
      sessionCache: SessionCache.fromEndpoint({ url: 'redis://cache.internal:6379' }),
    });

    expect(variablesOf(template)).not.toHaveProperty('CACHE_USER');
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('elasticache');
  });

  test.each([
    [{ url: 'https://cache.internal' }, 'cache-url'],
    [{ url: 'valkeys://user:password@cache.internal' }, 'cache-url'],
    [{ url: 'valkeys://cache.internal', userName: 'pay' }, 'cache-iam-incomplete'],
    [{ url: 'valkeys://cache.internal', cacheName: 'pay' }, 'cache-iam-incomplete'],
  ])('refuses %j', (props, code) => {
    expect(() => SessionCache.fromEndpoint(props)).toThrow(`[${code}]`);
  });
});

test('none: nothing is made, and the handler has its own', () => {
  const template = serviceTemplate({ sessionCache: SessionCache.none() });

  template.resourceCountIs(CACHE, 0);
  expect(variablesOf(template)).not.toHaveProperty('CACHE_URL');
});
