import { ApiAuthorization } from '../../src';
import { securitySchemes } from '../../src/private/caller-source';
import { BINARY_MEDIA_TYPES, OPEN_OPERATIONS, renderGatewayDocument } from '../../src/private/gateway-document';
import { bundledDocument, endpointsOf, type OpenApiDocument } from '../../src/private/openapi';
import { agnosticStack } from './stacks';

interface Method {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly security: readonly object[];
  readonly requestBody?: object;
  readonly 'x-amazon-apigateway-request-validator'?: string;
  readonly 'x-amazon-apigateway-integration': {
    readonly type: string;
    readonly httpMethod?: string;
    readonly uri?: string;
    readonly requestParameters?: Readonly<Record<string, string>>;
  };
}

const ANY = 'x-amazon-apigateway-any-method';
const OPTIONS = {
  endpointUrl: 'http://nlb',
  vpcLinkId: 'link',
  caller: ApiAuthorization.iam()._source,
  securitySchemes: securitySchemes(agnosticStack(), ApiAuthorization.iam()._source),
};
const document = bundledDocument();
const body = renderGatewayDocument(document, OPTIONS);

function methodsOf(rendered: typeof body): { name: string; path: string; method: Method }[] {
  const paths = rendered.paths as unknown as Readonly<Record<string, Readonly<Record<string, Method>>>>;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, method]) => ({
      name: `${verb === ANY ? 'ANY' : verb.toUpperCase()} ${path}`,
      path,
      method,
    })),
  );
}
const methods = methodsOf(body);
const find = (name: string): Method => methods.find((each) => each.name === name)!.method;
const mappingsOf = (method: Method) => method['x-amazon-apigateway-integration'].requestParameters ?? {};

test('every method but the five open ones has authorization, a validator, its integration and both headers overwritten', () => {
  const closed = methods.filter(({ name }) => !OPEN_OPERATIONS.includes(name));

  for (const { name, path, method } of closed) {
    expect([name, method.security]).toEqual([name, [{ caller: [] }]]);
    expect([name, method['x-amazon-apigateway-request-validator']]).toEqual([name, 'body-and-parameters']);
    expect(method['x-amazon-apigateway-integration']).toMatchObject({
      type: 'http_proxy',
      httpMethod: name.split(' ')[0],
      uri: `http://nlb${path}`,
      connectionType: 'VPC_LINK',
      connectionId: 'link',
    });
    expect(mappingsOf(method)).toMatchObject({
      'integration.request.header.x-merchant-id': 'context.identity.accountId',
      'integration.request.header.x-scopes': expect.stringMatching(/^'[a-z:]+( [a-z:]+)*'$/),
      'integration.request.header.x-request-id': 'context.requestId',
    });
  }
  expect(closed).toHaveLength(methods.length - 5);
});

test('the five are named, and nobody is asked there who calls', () => {
  expect(OPEN_OPERATIONS).toEqual([
    'GET /health/live',
    'GET /health/ready',
    'GET /health/region',
    'GET /openapi.json',
    'ANY /{proxy+}',
  ]);
  for (const name of OPEN_OPERATIONS) expect([name, find(name).security]).toEqual([name, []]);
});

test("a method's scopes are its own, and no caller has any for a method that is not there", () => {
  for (const { path, method, scopes } of endpointsOf(document)) {
    if (scopes.length === 0) continue;
    const mappings = mappingsOf(find(`${method.toUpperCase()} ${path}`));
    expect(mappings['integration.request.header.x-scopes']).toBe(`'${scopes.join(' ')}'`);
  }
  for (const { name, method } of methods) {
    if (!name.startsWith('ANY /') || name.endsWith('{proxy+}')) continue;
    expect(mappingsOf(method)['integration.request.header.x-scopes']).toBe("'none'");
  }
});

test('every operation of the document is there, and every path leads somewhere for every method', () => {
  const names = new Set(methods.map(({ name }) => name));

  for (const { path, method } of endpointsOf(document)) {
    expect(names).toContain(`${method.toUpperCase()} ${path}`);
    expect(names).toContain(`ANY ${path}`);
  }
  for (const path of ['/', '/v1', '/v1/merchants', '/v1/qr', '/health']) expect(names).toContain(`ANY ${path}`);
});

test('path parameters are passed on, on every method that has them', () => {
  for (const { path, method } of methods.filter(({ path }) => path.includes('{') && !path.includes('+'))) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    expect(method.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(names);
    for (const name of names)
      expect(mappingsOf(method)[`integration.request.path.${name}`]).toBe(`method.request.path.${name}`);
  }
});

test('an unknown path gets 404 as a problem, and reaches nobody', () => {
  const integration = find('ANY /{proxy+}')['x-amazon-apigateway-integration'];

  expect(integration).toMatchObject({
    type: 'mock',
    passthroughBehavior: 'never', // or a body that is no JSON would be 500
    requestTemplates: { 'application/json': '{"statusCode":404}' },
    responses: {
      default: {
        statusCode: '404',
        responseParameters: { 'method.response.header.Content-Type': "'application/problem+json'" },
        responseTemplates: { 'application/json': expect.stringContaining('"code":"not-found"') },
      },
    },
  });
  expect(integration).not.toHaveProperty('uri');
});

test('the only parameter that a caller can leave out is the idempotency key: what the answer to a missing one says', () => {
  const required = methods.flatMap(({ method }) =>
    method.parameters.filter((parameter) => parameter.required && parameter.in !== 'path'),
  );

  expect(new Set(required.map(({ name }) => name))).toEqual(new Set(['Idempotency-Key']));
});

test('bodies that must be there are validated at the edge', () => {
  const validated = methods.filter(({ method }) => method.requestBody !== undefined).map(({ name }) => name);

  expect(validated).toEqual([
    'PUT /v1/merchants/{merchantId}',
    'POST /v1/payments',
    'POST /v1/payments/{id}/authorize',
    'POST /v1/qr/encode',
    'POST /v1/qr/decode',
  ]);
  expect(body['x-amazon-apigateway-request-validators']).toEqual({
    'body-and-parameters': { validateRequestBody: true, validateRequestParameters: true },
  });
});

test('pictures are binary, and nothing else', () => {
  expect(BINARY_MEDIA_TYPES).toEqual(['image/png']);
  expect(body['x-amazon-apigateway-binary-media-types']).toEqual(['image/png']);
});

test('nothing is left of what API Gateway does not import', () => {
  expect(JSON.stringify(body)).not.toMatch(/"(x-required-scopes|examples?|tags|servers|nullable|summary)":/);
});

test('callers sign with Signature Version 4 under IAM, and only there', () => {
  const caller = ApiAuthorization.none({ merchantId: 'm_sandbox' })._source;
  const open = renderGatewayDocument(document, { ...OPTIONS, caller, securitySchemes: {} });

  expect(body.components).toMatchObject({
    securitySchemes: { caller: { 'x-amazon-apigateway-authtype': 'awsSigv4' } },
  });
  expect(open.components).not.toHaveProperty('securitySchemes');
  for (const { method } of methodsOf(open)) expect(method.security).toEqual([]);
  const create = methodsOf(open).find(({ name }) => name === 'POST /v1/payments')!.method;
  expect(mappingsOf(create)['integration.request.header.x-merchant-id']).toBe("'m_sandbox'");
});

test('pure: the same twice, and the document is left as it was', () => {
  const before = JSON.stringify(document);

  expect(renderGatewayDocument(document, OPTIONS)).toEqual(body);
  expect(JSON.stringify(document)).toBe(before);
});

test.each([
  ['an operation without scopes that is not one of the open ones', '/v1/open', []],
  ['an open one with scopes', '/health/live', ['payments:read']],
])('a document with %s is a mistake of ours', (_, path, scopes) => {
  const operation = { operationId: 'x', 'x-required-scopes': scopes, responses: { '200': {} } };
  const wrong: OpenApiDocument = { ...document, paths: { [path]: { get: operation } } };

  expect(() => renderGatewayDocument(wrong, OPTIONS)).toThrow(
    `GET ${path} must have scopes or be one of the open operations`,
  );
});
