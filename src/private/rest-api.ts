/** The REST API itself: made of the rendered document, with its resource policy and its one stage. */
import { Names, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { AccountLogging, ApiEndpointType, type QrPaymentApiProps } from '../qr-payment-api-props';
import { ACCESS_LOG_FORMAT, AccessLogDestination } from './access-log';
import { createAccountLogging } from './account-logging';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';
import { tlsOptions } from './api-domains';
import { type CallerSource, securitySchemes } from './caller-source';
import { BINARY_MEDIA_TYPES, renderGatewayDocument } from './gateway-document';
import { endpointsOf, type OpenApiDocument } from './openapi';
import { methodOptions } from './operation-throttling';
import { checkPolicyLength, renderResourcePolicy } from './resource-policy';

export interface RestApiProps extends QrPaymentApiProps {
  readonly document: OpenApiDocument;
  readonly caller: CallerSource;
  readonly vpcLinkId: string;
  readonly accessLogGroup: logs.ILogGroup;
}

export const STAGE_NAME = 'prod';
const DEFAULT_RATE = 1000;
const DEFAULT_BURST = 500;

export function createRestApi(scope: Construct, props: RestApiProps): apigateway.SpecRestApi {
  const restApi = new apigateway.SpecRestApi(scope, 'RestApi', {
    // Metrics carry the name, so that no two APIs may share it.
    restApiName: Names.uniqueResourceName(scope, { maxLength: 64, separator: '-' }),
    apiDefinition: apigateway.ApiDefinition.fromInline(renderBody(scope, props)),
    binaryMediaTypes: [...BINARY_MEDIA_TYPES],
    policy: renderPolicy(scope, props),
    endpointConfiguration: endpointConfiguration(props),
    disableExecuteApiEndpoint: props.regionalDomainName !== undefined,
    cloudWatchRole: false, // it would bring a policy for every log group, and whatever AWS adds to it
    deployOptions: stageOptions(props),
  });
  if (props.accountLogging === AccountLogging.CREATE) {
    restApi.deploymentStage.node.addDependency(createAccountLogging(scope));
  }
  // An output that nobody asked for, of a name that may be off.
  restApi.node.tryRemoveChild('Endpoint');
  const resource = restApi.node.defaultChild;
  if (resource instanceof apigateway.CfnRestApi) Object.assign(resource, tlsOptions(isMutualTls(props)));
  acknowledge(ACKNOWLEDGED.IMPORTED_API, resource);
  const { EXECUTION_LOG, RESPONSE_CACHE, CLIENT_CERTIFICATE, TRACING } = ACKNOWLEDGED;
  for (const rule of [EXECUTION_LOG, RESPONSE_CACHE, CLIENT_CERTIFICATE, TRACING]) {
    acknowledge(rule, restApi.deploymentStage);
  }
  return restApi;
}

function renderBody(scope: Construct, { document, service, vpcLinkId, caller }: RestApiProps): object {
  return renderGatewayDocument(document, {
    endpointUrl: service.endpointUrl,
    vpcLinkId,
    caller,
    securitySchemes: securitySchemes(scope, caller),
  });
}

function renderPolicy(scope: Construct, { document, allowFrom, caller }: RestApiProps) {
  const policy = renderResourcePolicy({
    allowFrom,
    endpoints: endpointsOf(document),
    account: Stack.of(scope).account,
    isIam: caller.kind === 'iam',
  });
  checkPolicyLength(scope, policy);
  return policy;
}

function endpointConfiguration({ endpointType, vpcEndpoints }: RestApiProps): apigateway.EndpointConfiguration {
  return endpointType === ApiEndpointType.PRIVATE
    ? { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints }
    : { types: [apigateway.EndpointType.REGIONAL] };
}

function isMutualTls({ caller }: RestApiProps): boolean {
  return caller.kind === 'lambda' && caller.truststore !== undefined;
}

/**
 * The access log alone: the execution log quotes what does not match a schema, which may be a card number, into a log group that is
 * API Gateway's own.
 */
function stageOptions(props: RestApiProps): apigateway.StageOptions {
  return {
    stageName: STAGE_NAME,
    accessLogDestination: new AccessLogDestination(props.accessLogGroup),
    accessLogFormat: ACCESS_LOG_FORMAT,
    loggingLevel: apigateway.MethodLoggingLevel.OFF,
    dataTraceEnabled: false,
    metricsEnabled: false,
    tracingEnabled: false,
    cachingEnabled: false,
    throttlingRateLimit: props.throttlingRateLimit ?? DEFAULT_RATE,
    throttlingBurstLimit: props.throttlingBurstLimit ?? DEFAULT_BURST,
    methodOptions: methodOptions(props.operationThrottling),
  };
}
