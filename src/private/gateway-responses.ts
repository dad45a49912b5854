/**
 * What API Gateway answers by itself, in the form that the handler answers in: RFC 9457 with code and request id.
 *
 * The templates know simple variables only, and nothing of the request is quoted in them: it may be a card number.
 */
import { PROBLEM_TYPE_PREFIX, TrustedHeader } from '../contract';
import type { Json, JsonObject } from './openapi';

export interface GatewayProblem {
  readonly status: number;
  /** Of the handler's catalogue, or of ours. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

const INTERNAL: GatewayProblem = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong on our side',
  detail: 'Send the same request again, with the same Idempotency-Key if it had one.',
};
/** The handler may have begun, so that it is not 503, which promises that nothing was done. */
const NO_ANSWER: GatewayProblem = {
  status: 504,
  code: 'gateway-timeout',
  title: 'The service did not answer in time',
  detail: 'The request may have been carried out. Send it again with the same Idempotency-Key.',
};
const UNAUTHENTICATED: GatewayProblem = {
  status: 401,
  code: 'unauthenticated',
  title: 'The caller is not known',
  detail: 'The request has no valid credentials. Sign it with Signature Version 4 for the service execute-api.',
};
const ACCESS_DENIED: GatewayProblem = {
  status: 403,
  code: 'access-denied',
  title: 'The caller may not call this operation from here',
  detail: "The caller's IAM policy or the API's resource policy does not allow this operation.",
};
const INVALID_REQUEST: GatewayProblem = {
  status: 400,
  code: 'invalid-request',
  title: 'The request does not have the form that this operation takes',
  detail: 'The body is not as /openapi.json says for this operation.',
};
const RATE_LIMITED: GatewayProblem = {
  status: 429,
  code: 'rate-limited',
  title: 'Too many requests',
  detail: 'Nothing was done. Send the request again after the time in Retry-After.',
  retryAfterSeconds: 1,
};
export const NOT_FOUND: GatewayProblem = {
  status: 404,
  code: 'not-found',
  title: 'There is nothing at this path',
  detail: 'The paths of this API are in /openapi.json.',
};

/** Every type that API Gateway has. */
export const GATEWAY_PROBLEMS: Readonly<Record<string, GatewayProblem>> = {
  ACCESS_DENIED,
  API_CONFIGURATION_ERROR: INTERNAL,
  AUTHORIZER_CONFIGURATION_ERROR: INTERNAL,
  AUTHORIZER_FAILURE: INTERNAL,
  BAD_REQUEST_BODY: INVALID_REQUEST,
  // The only parameter that may be missing: a test holds the document to that.
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    code: 'idempotency-key-missing',
    title: 'The Idempotency-Key header is missing',
    detail: 'Send an Idempotency-Key of your own for this step, a UUID for instance.',
  },
  DEFAULT_4XX: { ...INVALID_REQUEST, detail: 'The request is not as /openapi.json says.' },
  DEFAULT_5XX: INTERNAL,
  EXPIRED_TOKEN: UNAUTHENTICATED,
  INTEGRATION_FAILURE: NO_ANSWER,
  INTEGRATION_TIMEOUT: NO_ANSWER,
  INVALID_API_KEY: UNAUTHENTICATED,
  INVALID_SIGNATURE: UNAUTHENTICATED,
  MISSING_AUTHENTICATION_TOKEN: UNAUTHENTICATED,
  QUOTA_EXCEEDED: RATE_LIMITED,
  REQUEST_TOO_LARGE: {
    status: 413,
    code: 'body-too-large',
    title: 'The body is larger than 16 KiB',
    detail: 'A body may have 16384 bytes.',
  },
  RESOURCE_NOT_FOUND: NOT_FOUND,
  THROTTLED: RATE_LIMITED,
  UNAUTHORIZED: UNAUTHENTICATED,
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported-media-type',
    title: 'The body is not application/json in UTF-8',
    detail: 'Send Content-Type: application/json.',
  },
  WAF_FILTERED: ACCESS_DENIED,
};

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The extension `x-amazon-apigateway-gateway-responses`. */
export function renderGatewayResponses(): JsonObject {
  return Object.fromEntries(
    Object.entries(GATEWAY_PROBLEMS).map(([type, problem]): [string, Json] => [
      type,
      {
        statusCode: String(problem.status),
        responseParameters: Object.fromEntries(
          Object.entries(problemHeaders(problem)).map(([name, source]) => [`gatewayresponse.header.${name}`, source]),
        ),
        // Found under this key whatever the caller accepts; the header above says what it is.
        responseTemplates: { 'application/json': problemTemplate(problem) },
      },
    ]),
  );
}

/** Sources of parameter mappings by header. */
export function problemHeaders({ retryAfterSeconds }: GatewayProblem): Record<string, string> {
  return {
    'Content-Type': `'${PROBLEM_MEDIA_TYPE}'`,
    'Cache-Control': "'no-store'",
    [TrustedHeader.REQUEST_ID]: 'context.requestId',
    ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
  };
}

export function problemTemplate({ code, title, status, detail }: GatewayProblem): string {
  return JSON.stringify({
    type: `${PROBLEM_TYPE_PREFIX}${code}`,
    title,
    status,
    detail,
    code,
    requestId: '$context.requestId',
  });
}
