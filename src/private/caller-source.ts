/**
 * Where API Gateway learns who calls, and what it asks of every method for that: the security scheme of the document.
 *
 * A source is one of a parameter mapping: `context.…`, or a constant in quotation marks.
 */
import { type Duration, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Json, JsonObject } from './openapi';

/** In place of a source: the scopes of the method that is called. */
export const STATIC_SCOPES = 'static';

interface CallerSourceBase {
  /** Source of the account that calls. */
  readonly merchantId: string;
  /** Source of its scopes. */
  readonly scopes: string;
}

export interface Truststore {
  readonly bucket: s3.IBucket;
  readonly key: string;
  readonly version?: string;
}

export type CallerSource = CallerSourceBase &
  (
    | { readonly kind: 'iam' | 'none' }
    | { readonly kind: 'cognito'; readonly userPoolArn: string; readonly scopePrefix: string }
    | {
        readonly kind: 'lambda';
        readonly authorizer: lambda.IFunction;
        readonly resultsCacheTtl: Duration;
        /** None where the certificate says who calls. */
        readonly identitySource?: string;
        readonly truststore?: Truststore;
      }
  );

const SCHEME = 'caller';

/** `components.securitySchemes`, nothing where nobody is asked. */
export function securitySchemes(scope: Construct, source: CallerSource): JsonObject {
  switch (source.kind) {
    case 'none':
      return {};
    case 'iam':
      return scheme('awsSigv4');
    case 'cognito':
      return scheme('cognito_user_pools', { type: 'cognito_user_pools', providerARNs: [source.userPoolArn] });
    case 'lambda':
      return scheme('custom', {
        type: 'request',
        authorizerUri: authorizerUri(scope, source.authorizer),
        authorizerResultTtlInSeconds: source.resultsCacheTtl.toSeconds(),
        ...(source.identitySource !== undefined && { identitySource: source.identitySource }),
      });
  }
}

/**
 * What a method asks for.
 *
 * @param scopes any of which is enough. Cognito takes an access token, which has scopes, only where a method names some
 */
export function securityOf(source: CallerSource, scopes: readonly string[]): Json {
  if (source.kind === 'none') return [];
  return [{ [SCHEME]: source.kind === 'cognito' ? scopes.map((each) => `${source.scopePrefix}${each}`) : [] }];
}

/** Lets this API, and no other, ask the function. */
export function allowAuthorizer(scope: Construct, source: CallerSource, restApiId: string): void {
  if (source.kind !== 'lambda') return;
  new CfnPermission(scope, 'AuthorizerPermission', {
    action: 'lambda:InvokeFunction',
    functionName: source.authorizer.functionArn,
    principal: 'apigateway.amazonaws.com',
    sourceArn: Stack.of(scope).formatArn({
      service: 'execute-api',
      resource: restApiId,
      resourceName: 'authorizers/*',
    }),
  });
}

function scheme(type: string, authorizer?: JsonObject): JsonObject {
  return {
    [SCHEME]: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': type,
      ...(authorizer !== undefined && { 'x-amazon-apigateway-authorizer': authorizer }),
    },
  };
}

function authorizerUri(scope: Construct, { functionArn }: lambda.IFunction): string {
  const { partition, region } = Stack.of(scope);
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
