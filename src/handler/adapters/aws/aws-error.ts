/** What AWS answers, or does not, when a call has no result. */

/** `none`: certainly nothing was done. `unknown`: it may have been done, and the answer was lost. */
export type Effect = 'none' | 'unknown';

export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** Private, so that no logger meets the item in it. */
  readonly #reply: Readonly<Record<string, unknown>>;

  constructor(
    /** AWS's name for it, such as `ThrottlingException`; `NoReply`, `NoCredentials` or `HTTP <status>` where AWS did not name it. */
    readonly code: string,
    private readonly said: string,
    readonly effect: Effect,
    /** Goes away by itself. */
    readonly transient: boolean,
    reply: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(`${code}: ${said}`, { cause });
    this.#reply = reply;
  }

  /** The members of AWS's answer, such as the item that failed the condition. */
  get reply(): Readonly<Record<string, unknown>> {
    return this.#reply;
  }

  /** The same after an earlier attempt whose effect is unknown. */
  afterUnknown(): AwsError {
    if (this.effect === 'unknown') return this;
    return new AwsError(this.code, this.said, 'unknown', this.transient, this.#reply, this.cause);
  }
}

/** Refused before anything was done, for a reason that passes. A conflict with a write in another Region is one of them. */
const PASSING = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ReplicatedWriteConflictException',
  'TransactionConflictException',
]);
/** Passes once the credentials are fetched anew. */
const STALE_CREDENTIALS = new Set(['ExpiredTokenException', 'UnrecognizedClientException']);

export function hasStaleCredentials({ code }: AwsError): boolean {
  return STALE_CREDENTIALS.has(code);
}

export function errorOfReply(status: number, text: string): AwsError {
  const reply = parseObject(text);
  const type = typeof reply.__type === 'string' ? reply.__type : `HTTP ${status}`;
  const code = type.slice(type.indexOf('#') + 1);
  const message = [reply.message, reply.Message].find((each) => typeof each === 'string') ?? 'no message';
  const atFault = status >= 500;
  const transient = atFault || status === 429 || PASSING.has(code) || STALE_CREDENTIALS.has(code);
  return new AwsError(code, String(message), atFault ? 'unknown' : 'none', transient, reply);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
