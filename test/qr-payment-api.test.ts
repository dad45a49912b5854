import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AccountLogging, AllowFrom, ApiAuthorization, ApiScope, QrPaymentApi, type QrPaymentApiProps } from '../src';
import { bundledDocument, endpointsOf } from '../src/private/openapi';
import { agnosticStack, apiIn, PRIMARY, regionalStack, STANDBY, serviceIn } from './private/stacks';

const API = 'AWS::ApiGateway::RestApi';
const STAGE = 'AWS::ApiGateway::Stage';
const ACCOUNT_SETTING = 'AWS::ApiGateway::Account';
const DEPLOYMENT = 'AWS::ApiGateway::Deployment';

function templateOf(props?: Partial<QrPaymentApiProps>): Template {
  const stack = agnosticStack();
  apiIn(stack, props);
  return Template.fromStack(stack);
}

describe('REST API', () => {
  test('is regional, made of the document, with an explicit TLS policy that health checkers speak', () => {
    const template = templateOf();

    template.hasResourceProperties(API, {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      DisableExecuteApiEndpoint: false,
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      BinaryMediaTypes: ['image/png'],
      Body: { openapi: '3.0.1', paths: { '/v1/payments': Match.anyValue() } },
    });
  });

  test("reaches the service's load balancer by a VPC link and in no other way", () => {
    const template = templateOf();

    template.hasResourceProperties('AWS::ApiGateway::VpcLink', {
      TargetArns: [{ Ref: Match.stringLikeRegexp('^ServiceLoadBalancer') }],
    });
    const [api] = Object.values(template.findResources(API));
    const { post } = api!.Properties.Body.paths['/v1/payments'];
    expect(post['x-amazon-apigateway-integration']).toMatchObject({
      connectionType: 'VPC_LINK',
      connectionId: { Ref: expect.stringMatching(/^ApiVpcLink/) },
      uri: {
        'Fn::Join': [
          '',
          ['http://', { 'Fn::GetAtt': [expect.stringMatching(/^ServiceLoadBalancer/), 'DNSName'] }, '/v1/payments'],
        ],
      },
    });
  });

  test('has a resource policy, whose statements no feature flag joins', () => {
    const statements = Object.values(templateOf().findResources(API))[0]!.Properties.Policy.Statement as {
      Sid: string;
    }[];

    expect(statements.map(({ Sid }) => Sid)).toEqual(['RegionHealth', 'AllowFromCidr', 'DenyOthers', 'OwnAccountOnly']);
  });

  test('a change of the document, of allowFrom or of the authorization makes a new deployment', () => {
    const idOf = (props?: Partial<QrPaymentApiProps>) => Object.keys(templateOf(props).findResources(DEPLOYMENT))[0];

    const ids = [
      idOf(),
      idOf({ allowFrom: [AllowFrom.cidrs('198.51.100.0/24')] }),
      idOf({ authorization: ApiAuthorization.none({ merchantId: 'm_1' }) }),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(idOf()).toBe(ids[0]);
  });

  test('sandboxes may do without authorization', () => {
    const [api] = Object.values(
      templateOf({ authorization: ApiAuthorization.none({ merchantId: 'm_1' }) }).findResources(API),
    );

    expect(api!.Properties.Body.paths['/v1/payments'].post).toMatchObject({
      security: [],
      'x-amazon-apigateway-integration': { requestParameters: { 'integration.request.header.x-merchant-id': "'m_1'" } },
    });
  });
});

describe('stage', () => {
  test('logs every call as JSON with its TLS version, and never what was sent', () => {
    const template = templateOf();

    template.hasResourceProperties(STAGE, {
      StageName: 'prod',
      MethodSettings: [
        Match.objectLike({
          DataTraceEnabled: false,
          LoggingLevel: 'OFF',
          CachingEnabled: false,
          HttpMethod: '*',
          ResourcePath: '/*',
        }),
      ],
      TracingEnabled: false,
    });
    const [stage] = Object.values(template.findResources(STAGE));
    const format = JSON.parse(stage!.Properties.AccessLogSetting.Format);
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      tlsVersion: '$context.tlsVersion',
      callerAccountId: '$context.identity.accountId',
    });
    expect(Object.values(format)).not.toContain('$context.path');
    expect(JSON.stringify(stage!.Properties.AccessLogSetting.DestinationArn)).not.toContain(':*');
  });

  test.each([
    [{}, 1000, 500],
    [{ throttlingRateLimit: 50, throttlingBurstLimit: 20 }, 50, 20],
  ])('throttles: %p', (props, ThrottlingRateLimit, ThrottlingBurstLimit) => {
    templateOf(props).hasResourceProperties(STAGE, {
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit, ThrottlingBurstLimit })],
    });
  });

  test.each([{ throttlingRateLimit: 0 }, { throttlingRateLimit: 10_001 }, { throttlingBurstLimit: 5001 }])(
    'refuses %p',
    (props) => {
      expect(() => templateOf(props)).toThrow(/throttling.*\[number-out-of-range\]/);
    },
  );

  test.each([
    [{}, 365],
    [{ logRetention: RetentionDays.TWO_YEARS }, 731],
  ])("keeps its access log, encrypted with the service's key: %p", (props, RetentionInDays) => {
    const groups = Object.entries(templateOf(props).findResources('AWS::Logs::LogGroup'));

    const [, group] = groups.find(([id]) => id.startsWith('Api'))!;
    expect(group).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { RetentionInDays, KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^ServiceKeysKey/), 'Arn'] } },
    });
  });

  test('takes another key for its access log', () => {
    const stack = agnosticStack();
    apiIn(stack, { encryptionKey: new Key(stack, 'LogKey') });

    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', {
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LogKey'), 'Arn'] },
    });
  });
});

test.each([
  [AccountLogging.EXISTING, 0],
  [AccountLogging.CREATE, 1],
])("API Gateway's account setting is made only where it is asked for: %s", (accountLogging, count) => {
  templateOf({ accountLogging }).resourceCountIs(ACCOUNT_SETTING, count);
});

describe('allowFrom', () => {
  test.each([
    ['nobody', [], {}, 'allow-from-empty'],
    ['a VPC endpoint', [AllowFrom.vpcEndpoints('vpce-0123456789abcdef0')], {}, 'allow-from-vpc-endpoint'],
    [
      'accounts without IAM',
      [AllowFrom.accounts('111122223333')],
      { authorization: ApiAuthorization.none({ merchantId: 'm' }) },
      'allow-from-unsigned',
    ],
    [
      'an organization without IAM',
      [AllowFrom.organization('o-a1b2c3d4e5')],
      { authorization: ApiAuthorization.none({ merchantId: 'm' }) },
      'allow-from-unsigned',
    ],
    [
      'the world without IAM',
      [AllowFrom.cidrs('0.0.0.0/0')],
      { authorization: ApiAuthorization.none({ merchantId: 'm' }) },
      'allow-from-everywhere',
    ],
    [
      'the IPv6 world without IAM',
      [AllowFrom.cidrs('::/0')],
      { authorization: ApiAuthorization.none({ merchantId: 'm' }) },
      'allow-from-everywhere',
    ],
  ])('refuses %s', (_, allowFrom, props, code) => {
    expect(() => templateOf({ allowFrom, ...props })).toThrow(
      new RegExp(`Stack/Api: allowFrom .*fix: .*\\[${code}\\]`),
    );
  });

  test('takes the world under IAM', () => {
    expect(() => templateOf({ allowFrom: [AllowFrom.cidrs('0.0.0.0/0')] })).not.toThrow();
  });
});

describe('grantInvoke', () => {
  function grantedTo(...scopes: ApiScope[]): string[] {
    const stack = agnosticStack();
    const role = new iam.Role(stack, 'Merchant', { assumedBy: new iam.AccountRootPrincipal() });
    apiIn(stack).grantInvoke(role, ...scopes);
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Merchant') }] },
    });
    const [policy] = Object.values(policies);
    const [{ Action, Resource }] = policy!.Properties.PolicyDocument.Statement;
    expect(Action).toBe('execute-api:Invoke');
    return [Resource].flat().map((arn: unknown) => /"\/prod\/(.*?)"/.exec(JSON.stringify(arn))![1]!);
  }

  test('gives the operations of the scopes, and no others', () => {
    expect(grantedTo(ApiScope.PAYMENTS_REFUND)).toEqual(['POST/v1/payments/*/refunds']);
    expect(grantedTo(ApiScope.PAYMENTS_WRITE, ApiScope.QR_READ)).toEqual([
      'POST/v1/payments',
      'POST/v1/payments/*/capture',
      'POST/v1/payments/*/cancel',
      'POST/v1/qr/encode',
      'POST/v1/qr/decode',
    ]);
  });

  test('no scope is refused', () => {
    expect(() => grantedTo()).toThrow('[grant-without-scope]');
  });

  test('its scopes are those of the document', () => {
    const scopes = endpointsOf(bundledDocument()).flatMap((endpoint) => endpoint.scopes);

    expect(new Set(Object.values(ApiScope))).toEqual(new Set(scopes));
  });
});

test('the URL is that of the stage, without a trailing slash', () => {
  const stack = agnosticStack();

  expect(stack.resolve(apiIn(stack).url)).toEqual({
    'Fn::Join': [
      '',
      [
        'https://',
        { Ref: expect.stringMatching(/^ApiRestApi/) },
        '.execute-api.',
        { Ref: 'AWS::Region' },
        '.',
        { Ref: 'AWS::URLSuffix' },
        '/prod',
      ],
    ],
  });
});

test('metrics are of the stage', () => {
  const api = apiIn(agnosticStack());

  const metrics = [api.metricCount(), api.metricLatency(), api.metricClientError(), api.metricServerError()];

  expect(metrics.map(({ metricName }) => metricName)).toEqual(['Count', 'Latency', '4XXError', '5XXError']);
  for (const { dimensions } of metrics) expect(dimensions).toHaveProperty('Stage');
});

test('two APIs of one stack have names, and so metrics, of their own', () => {
  const stack = agnosticStack();
  const service = serviceIn(stack);

  const props = { service, allowFrom: [AllowFrom.cidrs('203.0.113.0/24')], accountLogging: AccountLogging.EXISTING };
  for (const id of ['One', 'Two']) new QrPaymentApi(stack, id, props);

  const names = Object.values(Template.fromStack(stack).findResources(API)).map(({ Properties }) => Properties.Name);
  expect(new Set(names).size).toBe(2);
});

test('a service of another Region is refused', () => {
  const app = new App();
  const service = serviceIn(regionalStack(app, STANDBY));

  expect(() => apiIn(regionalStack(app, PRIMARY), { service })).toThrow(
    /service is in another Region.*\[other-region\]/,
  );
});
