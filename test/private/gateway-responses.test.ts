import { ERROR_TITLES, type ErrorCode, Problem } from '../../src/handler/domain/errors';
import { ERROR_STATUS, presentProblem } from '../../src/handler/http/errors';
import { GATEWAY_PROBLEMS, renderGatewayResponses } from '../../src/private/gateway-responses';

/** All that API Gateway has: the valid values of `responseType` in its API reference. */
const TYPES = `DEFAULT_4XX DEFAULT_5XX RESOURCE_NOT_FOUND UNAUTHORIZED INVALID_API_KEY ACCESS_DENIED AUTHORIZER_FAILURE
  AUTHORIZER_CONFIGURATION_ERROR INVALID_SIGNATURE EXPIRED_TOKEN MISSING_AUTHENTICATION_TOKEN INTEGRATION_FAILURE
  INTEGRATION_TIMEOUT API_CONFIGURATION_ERROR UNSUPPORTED_MEDIA_TYPE BAD_REQUEST_PARAMETERS BAD_REQUEST_BODY
  REQUEST_TOO_LARGE THROTTLED QUOTA_EXCEEDED WAF_FILTERED`.split(/\s+/);

interface Rendered {
  readonly statusCode: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}
const rendered = renderGatewayResponses() as unknown as Readonly<Record<string, Rendered>>;
const bodyOf = ({ responseTemplates }: Rendered) => JSON.parse(responseTemplates['application/json']!);

test('every type of answer is there', () => {
  expect(Object.keys(rendered).sort()).toEqual(TYPES.sort());
});

test.each(Object.entries(rendered))('%s is a problem with code, status and request id', (_, response) => {
  const body = bodyOf(response);

  expect(body).toEqual({
    type: `urn:cdk-qr-payments:error:${body.code}`,
    title: expect.any(String),
    status: Number(response.statusCode),
    detail: expect.any(String),
    code: expect.any(String),
    requestId: '$context.requestId',
  });
  expect(response.responseParameters).toMatchObject({
    'gatewayresponse.header.Content-Type': "'application/problem+json'",
    'gatewayresponse.header.x-request-id': 'context.requestId',
  });
});

test('nothing but the request id is filled in: what the caller sent may be a card number', () => {
  for (const response of Object.values(rendered)) {
    const variables = JSON.stringify(response).match(/\$?(context|method|stageVariables|input)\.[\w.]+/g);
    expect(new Set(variables)).toEqual(new Set(['context.requestId', '$context.requestId']));
  }
});

test("a code of the handler's has the handler's status, title and type", () => {
  const own = ['access-denied', 'gateway-timeout'];
  for (const { code, status, title } of Object.values(GATEWAY_PROBLEMS)) {
    if (own.includes(code)) continue;
    expect(Object.keys(ERROR_TITLES)).toContain(code);
    expect([code, status]).toEqual([code, ERROR_STATUS[code as ErrorCode]]);
    expect(title).toBe(ERROR_TITLES[code as ErrorCode]);
    const handlers = JSON.parse(presentProblem(new Problem(code as ErrorCode, ''), 'r').body);
    expect(bodyOf(rendered[typeOf(code)]!).type).toBe(handlers.type);
  }
});

test('429 says when to come back, and no 503 promises that nothing was done', () => {
  for (const { statusCode, responseParameters } of Object.values(rendered)) {
    expect(statusCode).not.toBe('503');
    expect('gatewayresponse.header.Retry-After' in responseParameters).toBe(statusCode === '429');
  }
});

function typeOf(code: string): string {
  return Object.keys(GATEWAY_PROBLEMS).find((type) => GATEWAY_PROBLEMS[type]!.code === code)!;
}
