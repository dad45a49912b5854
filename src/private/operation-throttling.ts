/** Limits of single operations: `POST /v1/payments` in the props, `/v1/payments/POST` to the stage. */
import { type MethodDeploymentOptions, MethodLoggingLevel } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import type { OperationThrottling } from '../qr-payment-api-props';
import { bundledDocument, endpointsOf } from './openapi';
import { checkInteger, refuse } from './validation';

/** Quotas of an account in most Regions. */
export const RATE_LIMIT = 10_000;
export const BURST_LIMIT = 5000;

export function checkOperationThrottling(
  where: IConstruct,
  throttling: Readonly<Record<string, OperationThrottling>> = {},
): void {
  const operations = endpointsOf(bundledDocument()).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  for (const [operation, { rateLimit, burstLimit }] of Object.entries(throttling)) {
    if (!operations.includes(operation)) {
      refuse(where, {
        code: 'unknown-operation',
        what: 'operationThrottling names an operation that the API does not have',
        got: operation,
        allowed: operations.join(', '),
        fix: 'write method and path as they stand in the document',
      });
    }
    const prop = `operationThrottling['${operation}']`;
    checkInteger(where, rateLimit, { prop: `${prop}.rateLimit`, min: 1, max: RATE_LIMIT });
    checkInteger(where, burstLimit, { prop: `${prop}.burstLimit`, min: 1, max: BURST_LIMIT });
  }
}

/** A method with options of its own has none of the stage's, so that what is off there is said again. */
export function methodOptions(
  throttling: Readonly<Record<string, OperationThrottling>> = {},
): Record<string, MethodDeploymentOptions> | undefined {
  const entries = Object.entries(throttling).map(([operation, { rateLimit, burstLimit }]) => {
    const [method, path] = operation.split(' ');
    const options: MethodDeploymentOptions = {
      throttlingRateLimit: rateLimit,
      throttlingBurstLimit: burstLimit,
      loggingLevel: MethodLoggingLevel.OFF,
      dataTraceEnabled: false,
      metricsEnabled: false,
      cachingEnabled: false,
    };
    return [`${path}/${method}`, options] as const;
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
