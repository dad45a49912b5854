/** How the error catalogue looks over HTTP: one status a code, RFC 9457 bodies. */
import { PROBLEM_TYPE_PREFIX } from '../../contract';
import { ERROR_TITLES, type ErrorCode, type Problem } from '../domain/errors';

export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = {
  'invalid-request': 400,
  'invalid-json': 400,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  'card-data-refused': 400,
  unauthenticated: 401,
  'payment-declined': 402,
  'insufficient-scope': 403,
  'access-denied': 403,
  'not-found': 404,
  'payment-not-found': 404,
  'merchant-not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'merchant-not-configured': 409,
  'operation-in-progress': 409,
  'idempotency-in-progress': 409,
  'operation-limit': 409,
  'needs-reconciliation': 409,
  'payment-state': 409,
  'payment-not-payable': 410,
  'version-mismatch': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'wrong-home-region': 421,
  'idempotency-mismatch': 422,
  'qr-invalid': 422,
  'qr-mismatch': 422,
  'amount-mismatch': 422,
  'amount-exceeded': 422,
  'currency-mismatch': 422,
  'rate-limited': 429,
  'headers-too-large': 431,
  internal: 500,
  overloaded: 503,
  'store-unavailable': 503,
  'writes-frozen': 503,
  'gateway-timeout': 504,
};

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Written once, so that a saved answer is the same bytes again. */
  readonly body: string;
}

/** @param requestId of the request being answered; a saved refusal keeps the first one's in its body */
export function presentProblem({ code, detail, options }: Problem, requestId: string): ProblemReply {
  const status = ERROR_STATUS[code];
  const body = {
    type: `${PROBLEM_TYPE_PREFIX}${code}`,
    title: ERROR_TITLES[code],
    status,
    detail,
    code,
    requestId: options.requestId ?? requestId,
    ...(options.errors !== undefined && { errors: options.errors }),
  };
  return {
    status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      'cache-control': 'no-store',
      ...(options.retryAfterSeconds !== undefined && { 'retry-after': String(options.retryAfterSeconds) }),
      ...(options.replayed === true && { 'idempotent-replayed': 'true' }),
      ...(options.allow !== undefined && { allow: options.allow.join(', ') }),
    },
    body: JSON.stringify(body),
  };
}
