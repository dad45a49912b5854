/** One JSON line a call in the access log: who, what, how, how long. Never a path, query, header or body: they may hold anything. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  type AccessLogDestinationConfig,
  AccessLogField,
  AccessLogFormat,
  type IAccessLogDestination,
  type IStage,
} from 'aws-cdk-lib/aws-apigateway';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/** The path is the one in the document, `/v1/payments/{id}`. */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    extendedRequestId: AccessLogField.contextExtendedRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    httpMethod: AccessLogField.contextHttpMethod(),
    resourcePath: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    errorType: AccessLogField.contextErrorResponseType(),
    callerAccountId: AccessLogField.contextIdentityAccountId(),
    callerArn: AccessLogField.contextIdentityUserArn(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    domainName: AccessLogField.contextDomainName(),
    protocol: AccessLogField.contextProtocol(),
    tlsVersion: '$context.tlsVersion',
    cipherSuite: '$context.cipherSuite',
    responseLength: AccessLogField.contextResponseLength(),
    responseLatencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    wafResponseCode: AccessLogField.contextWafResponseCode(),
  }),
);

/** API Gateway keeps the ARN without the `:*` that aws-cdk-lib's own destination writes by default: a drift for ever. */
export class AccessLogDestination implements IAccessLogDestination {
  constructor(private readonly logGroup: ILogGroup) {}

  bind(_stage: IStage): AccessLogDestinationConfig {
    const destinationArn = Stack.of(this.logGroup).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { destinationArn };
  }
}
