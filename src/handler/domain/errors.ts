/**
 * The error catalogue: every code that a caller can meet, with its title. No HTTP here; `http/errors.ts` maps codes to statuses.
 * `docs/errors.md` explains each one, and a test holds the three together.
 */
export const ERROR_TITLES = {
  'invalid-request': 'The request does not have the form that this operation takes',
  'invalid-json': 'The body is not valid JSON',
  'idempotency-key-missing': 'The Idempotency-Key header is missing',
  'idempotency-key-invalid': 'The Idempotency-Key header is malformed',
  'card-data-refused': 'Card numbers are not accepted in any field',
  unauthenticated: 'The caller is not known',
  'insufficient-scope': 'The caller lacks the scope for this operation',
  'access-denied': 'The gateway does not let this caller in',
  'payment-declined': 'The bank declined the payment',
  'not-found': 'There is nothing at this path',
  'payment-not-found': 'There is no such payment',
  'merchant-not-found': 'There is no such merchant',
  'method-not-allowed': 'The path does not take this method',
  'not-acceptable': 'None of the accepted media types can be produced',
  'merchant-not-configured': 'The merchant has no profile to make a QR code from',
  'operation-in-progress': 'Another operation of this payment is still in progress',
  'idempotency-in-progress': 'A request with this idempotency key is still in progress',
  'operation-limit': 'The payment takes no more operations',
  'needs-reconciliation': "The bank's record differs from ours; the payment waits for reconciliation",
  'payment-state': 'The payment is not in a state that allows this operation',
  'payment-not-payable': 'The payment can no longer be paid',
  'version-mismatch': 'The payment is not at the version that the request expects',
  'body-too-large': 'The body is larger than 16 KiB',
  'headers-too-large': 'The headers are larger than 8 KiB',
  'unsupported-media-type': 'The body is not application/json in UTF-8',
  'wrong-home-region': 'The payment belongs to another Region',
  'idempotency-mismatch': 'The idempotency key was used with another request',
  'qr-invalid': 'The QR payload is invalid',
  'qr-mismatch': 'The scanned QR code is not the code of this payment',
  'amount-mismatch': 'The amount is not the amount of this payment',
  'amount-exceeded': 'The amount is more than is left',
  'currency-mismatch': 'The currency is not the currency of this payment',
  'rate-limited': 'Too many requests',
  overloaded: 'The service is at its limit',
  'store-unavailable': 'The store cannot be reached',
  'writes-frozen': 'The store was restored and takes no writes yet',
  internal: 'Something went wrong on our side',
  'gateway-timeout': 'The service did not answer the gateway in time',
} as const;

export type ErrorCode = keyof typeof ERROR_TITLES;

/** One invalid member: `pointer` is a JSON pointer into the body, `path` a data object of a QR code; `code` is the codec's. */
export type FieldError =
  | { readonly pointer: string; readonly code?: string; readonly message: string }
  | { readonly path: string; readonly code: string; readonly message: string };

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** For codes that go away by themselves. */
  readonly retryAfterSeconds?: number;
  /** The first request's id, where the answer is one that was saved. */
  readonly requestId?: string;
  readonly replayed?: boolean;
  /** Methods the path does take. */
  readonly allow?: readonly string[];
  readonly cause?: unknown;
}

/** An answer other than success, in the words of the catalogue. `detail` says what, got, allowed, fix. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
  }
}
