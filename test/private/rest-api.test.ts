/** The REST API's reach and the limits of its operations. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AllowFrom, ApiEndpointType, type QrPaymentApiProps } from '../../src';
import { agnosticStack, apiIn } from './stacks';

const API = 'AWS::ApiGateway::RestApi';
const STAGE = 'AWS::ApiGateway::Stage';

function templateOf(props?: Partial<QrPaymentApiProps>): Template {
  const stack = agnosticStack();
  apiIn(stack, props);
  return Template.fromStack(stack);
}

describe('a private API', () => {
  const endpoint = AllowFrom.vpcEndpoints('vpce-0123456789abcdef0');

  function privateTemplate(props: Partial<QrPaymentApiProps> = {}): Template {
    return templateOf({ endpointType: ApiEndpointType.PRIVATE, allowFrom: [endpoint], ...props });
  }

  test('is reached through VPC endpoints, and each of them is named in its policy', () => {
    const template = privateTemplate();

    template.hasResourceProperties(API, { EndpointConfiguration: { Types: ['PRIVATE'] } });
    const statements = Object.values(template.findResources(API))[0]!.Properties.Policy.Statement;
    const sourceVpce = { 'aws:SourceVpce': ['vpce-0123456789abcdef0'] };
    expect(statements).toContainEqual(
      expect.objectContaining({
        Sid: 'AllowFromVpcEndpoint',
        Condition: expect.objectContaining({ StringEquals: sourceVpce }),
      }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({ Sid: 'DenyOthers', Condition: { StringNotEquals: sourceVpce } }),
    );
  });

  test('gives endpoints of its own DNS names', () => {
    const stack = agnosticStack();
    const vpcEndpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
      vpcEndpointId: 'vpce-0123456789abcdef0',
      port: 443,
    });
    apiIn(stack, { endpointType: ApiEndpointType.PRIVATE, allowFrom: [endpoint], vpcEndpoints: [vpcEndpoint] });

    Template.fromStack(stack).hasResourceProperties(API, {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123456789abcdef0'] },
    });
  });

  test.each([
    ['addresses', { allowFrom: [AllowFrom.cidrs('203.0.113.0/24')] }, 'allow-from-private-cidr'],
    ['a domain name', { regionalDomainName: 'pay.example.com' }, 'private-with-name'],
  ])('%s are refused', (_, props, code) => {
    expect(() => privateTemplate(props)).toThrow(`[${code}]`);
  });

  test('VPC endpoints of a regional API are refused', () => {
    expect(() => templateOf({ vpcEndpoints: [] })).toThrow('[vpc-endpoints-regional]');
  });
});

describe('limits of single operations', () => {
  test('are of the operation alone, and log as little as the rest', () => {
    const operationThrottling = { 'POST /v1/payments/{id}/refunds': { rateLimit: 20, burstLimit: 10 } };

    templateOf({ operationThrottling }).hasResourceProperties(STAGE, {
      MethodSettings: Match.arrayWith([
        {
          ResourcePath: '/~1v1~1payments~1{id}~1refunds',
          HttpMethod: 'POST',
          ThrottlingRateLimit: 20,
          ThrottlingBurstLimit: 10,
          LoggingLevel: 'OFF',
          DataTraceEnabled: false,
          MetricsEnabled: false,
          CachingEnabled: false,
        },
      ]),
    });
  });

  test.each([
    [{ 'POST /v1/refunds': { rateLimit: 1, burstLimit: 1 } }, 'unknown-operation'],
    [{ 'POST /v1/payments': { rateLimit: 0, burstLimit: 1 } }, 'number-out-of-range'],
    [{ 'POST /v1/payments': { rateLimit: 1, burstLimit: 5001 } }, 'number-out-of-range'],
  ])('refused: %j', (operationThrottling, code) => {
    expect(() => templateOf({ operationThrottling })).toThrow(new RegExp(`operationThrottling.*fix: .*\\[${code}\\]`));
  });
});
