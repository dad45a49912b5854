/**
 * JSON lines from an allow-list of fields. There is no way to log a body, a header or a key from here: what is not named below cannot be
 * passed, and of an error only its kind and its place go out, for messages quote what they choke on.
 */
import pino from 'pino';

export interface RequestFields {
  readonly requestId: string;
  readonly method: string;
  /** Path template, never the path. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly merchantId?: string;
  readonly code?: string;
}

export interface EventFields {
  readonly requestId?: string;
  readonly error?: unknown;
  readonly address?: string;
  readonly region?: string;
  readonly store?: string;
  readonly connector?: string;
  readonly count?: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  request(fields: RequestFields): void;
  info(message: string, fields?: EventFields): void;
  warn(message: string, fields?: EventFields): void;
  error(message: string, fields?: EventFields): void;
}

export function createLogger(level: LogLevel, stream: pino.DestinationStream = pino.destination(1)): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return {
    request: ({ requestId, method, route, status, durationMs, merchantId, code }) =>
      log.info({ requestId, method, route, status, durationMs, merchantId, code }, 'request'),
    info: (message, fields) => log.info(allowed(fields), message),
    warn: (message, fields) => log.warn(allowed(fields), message),
    error: (message, fields) => log.error(allowed(fields), message),
  };
}

function allowed({ error, requestId, address, region, store, connector, count }: EventFields = {}) {
  return {
    requestId,
    address,
    region,
    store,
    connector,
    count,
    ...(error !== undefined && { error: describe(error) }),
  };
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { name, stack = '', cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  return { kind: name, code, at, ...(cause instanceof Error && { cause: describe(cause) }) };
}
