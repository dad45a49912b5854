/** Each way of knowing callers, as the rendered API has it, and what it refuses. */

import type { Stack } from 'aws-cdk-lib';
import { App, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AllowFrom, ApiAuthorization, type QrPaymentApiProps, WebAcl } from '../src';
import { bundledDocument, endpointsOf } from '../src/private/openapi';
import { ACCOUNT, agnosticStack, apiIn, namesIn, PRIMARY, regionalStack, serviceIn } from './private/stacks';

const API = 'AWS::ApiGateway::RestApi';
const ANY = 'x-amazon-apigateway-any-method';

function render(stack: Stack, props: Partial<QrPaymentApiProps>) {
  apiIn(stack, props);
  const template = Template.fromStack(stack);
  const [api] = Object.values(template.findResources(API));
  const body = api!.Properties.Body;
  return { template, body, create: body.paths['/v1/payments'].post, scheme: body.components.securitySchemes?.caller };
}

function mappings(method: Record<string, Record<string, Record<string, string>>>) {
  return method['x-amazon-apigateway-integration']!.requestParameters!;
}

function authorizerIn(stack: Stack): LambdaFunction {
  const code = Code.fromInline('exports.handler = () => {}');
  return new LambdaFunction(stack, 'Authorizer', { code, handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
}

test('IAM: a signature, the account, and the scopes of the method', () => {
  const { create, scheme } = render(agnosticStack(), { authorization: ApiAuthorization.iam() });

  expect(scheme['x-amazon-apigateway-authtype']).toBe('awsSigv4');
  expect(create.security).toEqual([{ caller: [] }]);
  expect(mappings(create)).toMatchObject({
    'integration.request.header.x-merchant-id': 'context.identity.accountId',
    'integration.request.header.x-scopes': "'payments:write'",
  });
});

describe('Cognito', () => {
  function cognito(props: Partial<QrPaymentApiProps> = {}, scopePrefix: string | undefined = 'payments/') {
    const stack = agnosticStack();
    const userPool = UserPool.fromUserPoolArn(stack, 'Pool', `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/p_1`);
    const authorization = ApiAuthorization.cognito({ userPool, resourceServerIdentifier: 'payments' });
    return render(stack, { authorization, service: serviceIn(stack, { scopePrefix }), ...props });
  }

  test("an access token with one of the method's scopes", () => {
    const { body, scheme } = cognito();

    expect(scheme).toMatchObject({
      'x-amazon-apigateway-authtype': 'cognito_user_pools',
      'x-amazon-apigateway-authorizer': {
        type: 'cognito_user_pools',
        providerARNs: [`arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/p_1`],
      },
    });
    for (const { path, method, scopes } of endpointsOf(bundledDocument())) {
      const { security } = body.paths[path][method];
      expect(security).toEqual(scopes.length === 0 ? [] : [{ caller: scopes.map((scope) => `payments/${scope}`) }]);
    }
  });

  test('no method takes a token without scopes, which would be an identity token', () => {
    const { body } = cognito();
    const others = Object.values<Record<string, { security: Record<string, string[]>[] }>>(body.paths)
      .map((item) => item[ANY]!)
      .filter(({ security }) => security.length > 0);

    expect(others.length).toBeGreaterThan(10);
    for (const { security } of others) expect(security[0]!.caller).toContain('payments/payments:read');
  });

  test("the client's own account and scopes go to the service", () => {
    expect(mappings(cognito().create)).toMatchObject({
      'integration.request.header.x-merchant-id': 'context.authorizer.claims.client_id',
      'integration.request.header.x-scopes': 'context.authorizer.claims.scope',
    });
  });

  test('a wrong method still has no scope', () => {
    const { body } = cognito();

    expect(mappings(body.paths['/v1/payments'][ANY])['integration.request.header.x-scopes']).toBe("'none'");
  });

  test('the service takes the prefix off', () => {
    cognito().template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'SCOPE_PREFIX', Value: 'payments/' }]) }),
      ],
    });
  });

  test.each([undefined, 'payments', 'other/'])('a service that takes %p off is refused', (prefix) => {
    const stack = agnosticStack();
    const userPool = new UserPool(stack, 'Pool');
    const authorization = ApiAuthorization.cognito({ userPool, resourceServerIdentifier: 'payments' });
    const service = serviceIn(stack, { scopePrefix: prefix });

    expect(() => apiIn(stack, { authorization, service })).toThrow(/scopePrefix: 'payments\/'.*\[scope-prefix\]/);
  });

  test('takes callers from everywhere', () => {
    expect(() => cognito({ allowFrom: [AllowFrom.cidrs('0.0.0.0/0')] })).not.toThrow();
  });

  test('takes no accounts: a token does not say which one it comes from', () => {
    expect(() => cognito({ allowFrom: [AllowFrom.accounts(ACCOUNT)] })).toThrow('[allow-from-unsigned]');
  });

  test('an identifier with a space is refused', () => {
    const userPool = new UserPool(agnosticStack(), 'Pool');

    expect(() => ApiAuthorization.cognito({ userPool, resourceServerIdentifier: 'our payments' })).toThrow(
      '[resource-server]',
    );
  });
});

describe('Lambda', () => {
  test('the function is asked, and nobody else may have it asked', () => {
    const stack = agnosticStack();
    const { template, create, scheme } = render(stack, {
      authorization: ApiAuthorization.lambdaAuthorizer({ handler: authorizerIn(stack) }),
    });

    expect(scheme).toMatchObject({
      name: 'Authorization',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': {
        type: 'request',
        identitySource: 'method.request.header.Authorization',
        authorizerResultTtlInSeconds: 0,
      },
    });
    expect(JSON.stringify(scheme['x-amazon-apigateway-authorizer'].authorizerUri)).toMatch(
      /:lambda:path\/2015-03-31\/functions\/.*Authorizer.*\/invocations/,
    );
    expect(create.security).toEqual([{ caller: [] }]);
    expect(mappings(create)).toMatchObject({
      'integration.request.header.x-merchant-id': 'context.authorizer.merchantId',
      'integration.request.header.x-scopes': 'context.authorizer.scopes',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^ApiRestApi') }, '/authorizers/*'])],
      },
    });
  });

  test('another header, and answers that hold', () => {
    const stack = agnosticStack();
    const { scheme } = render(stack, {
      authorization: ApiAuthorization.lambdaAuthorizer({
        handler: authorizerIn(stack),
        identityHeader: 'x-api-token',
        resultsCacheTtl: Duration.minutes(5),
      }),
    });

    expect(scheme['x-amazon-apigateway-authorizer']).toMatchObject({
      identitySource: 'method.request.header.x-api-token',
      authorizerResultTtlInSeconds: 300,
    });
  });

  test('answers that hold longer than API Gateway keeps them are refused', () => {
    const handler = authorizerIn(agnosticStack());

    expect(() => ApiAuthorization.lambdaAuthorizer({ handler, resultsCacheTtl: Duration.hours(2) })).toThrow(
      /got 7200.*\[results-cache-ttl\]/,
    );
  });
});

describe('mutual TLS', () => {
  function mutualTls(props: Partial<QrPaymentApiProps> = {}, truststoreVersion?: string) {
    const stack = regionalStack(new App(), PRIMARY);
    const authorization = ApiAuthorization.mutualTls({
      handler: authorizerIn(stack),
      truststoreBucket: Bucket.fromBucketName(stack, 'Trust', 'trust-bucket'),
      truststoreKey: 'ca.pem',
      truststoreVersion,
    });
    return render(stack, { ...namesIn(stack, PRIMARY), authorization, ...props });
  }

  test('the shared name asks for a certificate, the other does not', () => {
    const { template } = mutualTls({}, 'v7');

    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'pay.example.com',
      MutualTlsAuthentication: { TruststoreUri: 's3://trust-bucket/ca.pem', TruststoreVersion: 'v7' },
      SecurityPolicy: 'TLS_1_2',
      EndpointAccessMode: Match.absent(),
    });
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: `${PRIMARY}.pay.example.com`,
      MutualTlsAuthentication: Match.absent(),
      SecurityPolicy: 'TLS_1_2',
    });
    template.hasResourceProperties(API, {
      SecurityPolicy: 'TLS_1_2',
      EndpointAccessMode: Match.absent(),
      DisableExecuteApiEndpoint: true,
    });
  });

  test('every other name serves nothing but the health of the Region', () => {
    const { template } = mutualTls();
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));

    const rule = acl!.Properties.Rules.find(({ Name }: { Name: string }) => Name === 'OtherNamesHealthOnly');
    expect(rule).toMatchObject({ Action: { Block: {} } });
    const [notShared, notHealth] = rule.Statement.AndStatement.Statements;
    expect(notShared.NotStatement.Statement.ByteMatchStatement).toMatchObject({
      FieldToMatch: { SingleHeader: { Name: 'host' } },
      PositionalConstraint: 'EXACTLY',
      SearchString: 'pay.example.com',
    });
    expect(JSON.stringify(notHealth)).toContain('/health/region');
  });

  test('the function is asked each time, for a certificate is no header', () => {
    const authorizer = mutualTls().scheme['x-amazon-apigateway-authorizer'];

    expect(authorizer).toMatchObject({ type: 'request', authorizerResultTtlInSeconds: 0 });
    expect(authorizer).not.toHaveProperty('identitySource');
  });

  test.each([
    ['no shared name', { sharedDomainName: undefined }, 'domain-incomplete'],
    ['no firewall', { webAcl: WebAcl.none() }, 'mutual-tls-firewall'],
    [
      "a firewall of somebody else's",
      { webAcl: WebAcl.fromArn(`arn:aws:wafv2:us-east-1:${ACCOUNT}:regional/webacl/a/1`) },
      'mutual-tls-firewall',
    ],
  ])('%s is refused', (_, props, code) => {
    expect(() => mutualTls(props)).toThrow(`[${code}]`);
  });
});

test('none: a merchant for everybody, and nobody is asked', () => {
  const { create, scheme } = render(agnosticStack(), { authorization: ApiAuthorization.none({ merchantId: 'm_1' }) });

  expect(scheme).toBeUndefined();
  expect(create.security).toEqual([]);
  expect(mappings(create)['integration.request.header.x-merchant-id']).toBe("'m_1'");
});

test('none: a merchant with a space is refused', () => {
  expect(() => ApiAuthorization.none({ merchantId: 'my merchant' })).toThrow(/got 'my merchant'.*\[merchant-id\]/);
});
