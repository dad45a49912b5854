/**
 * JSON lines from an allow-list of fields. There is no way to log a body, a header or a key from here: what is not named below cannot be
 * passed, and of an error only its kind and its place go out, for messages quote what they choke on. No payment's id either, for whoever
 * holds one may pay it: a payment's events name the request, and the request is here. Only one that people have to look at is named.
 *
 * A request's line is put together by hand and waits for others: a logging library was measured to take five times the CPU time.
 */
import { LIMITS } from './domain/limits';

/** Each is made of characters that JSON takes as they are; `requestLine` relies on that. */
export interface RequestFields {
  /** A UUID. */
  readonly requestId: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly method: string;
  /** Path template, never the path. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly merchantId?: string;
  readonly code?: string;
  /** A saved answer was given again. */
  readonly replayed?: boolean;
  /** A long poll that waited: its duration is the client's wish. */
  readonly parked?: boolean;
}

export interface EventFields {
  readonly requestId?: string;
  readonly error?: unknown;
  readonly address?: string;
  readonly region?: string;
  readonly store?: string;
  readonly connector?: string;
  readonly count?: number;
  readonly paymentId?: string;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

export interface Logger {
  request(fields: RequestFields): void;
  info(message: string, fields?: EventFields): void;
  warn(message: string, fields?: EventFields): void;
  error(message: string, fields?: EventFields): void;
  /** A line of figures, whole as it is. */
  metrics(line: string): void;
  /** Writes what waits: the last thing to do. */
  flush(): void;
}

export function createLogger(level: LogLevel, stream: NodeJS.WritableStream = process.stdout): Logger {
  const lines = new Lines(stream);
  const isOn = (of: LogLevel) => LEVELS.indexOf(of) >= LEVELS.indexOf(level);
  const logsRequests = isOn('info');
  // What happens seldom goes out at once, and with it all that came before.
  const event = (of: LogLevel) => (message: string, fields?: EventFields) => {
    if (!isOn(of)) return;
    lines.add(`${JSON.stringify({ level: of, time: new Date().toISOString(), ...allowed(fields), msg: message })}\n`);
    lines.flush();
  };
  return {
    request: (fields) => {
      if (logsRequests) lines.add(requestLine(fields));
    },
    info: event('info'),
    warn: event('warn'),
    error: event('error'),
    metrics: (line) => lines.add(`${line}\n`),
    flush: () => lines.flush(),
  };
}

/** Lines on their way out: written many at a time, since a write costs more than a line. On a pipe Node writes before it goes on. */
class Lines {
  private pending = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly stream: NodeJS.WritableStream) {}

  add(line: string): void {
    this.pending += line;
    if (this.pending.length >= LIMITS.logFlushChars) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LIMITS.logFlushMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    this.stream.write(text);
  }
}

function requestLine(fields: RequestFields): string {
  const { requestId, traceId, method, route, status, durationMs, merchantId, code, replayed, parked } = fields;
  let line = `{"level":"info","time":"${isoNow()}","requestId":"${requestId}","traceId":"${traceId}","method":"${method}"`;
  line += `,"route":"${route}","status":${status},"durationMs":${durationMs}`;
  if (merchantId !== undefined) line += `,"merchantId":"${merchantId}"`;
  if (code !== undefined) line += `,"code":"${code}"`;
  if (replayed === true) line += ',"replayed":true';
  if (parked === true) line += ',"parked":true';
  return `${line},"msg":"request"}\n`;
}

let lastMs = 0;
let lastIso = '';

/** Many requests end within a millisecond, and to write a date costs more than the rest of their line. */
function isoNow(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastIso = new Date(now).toISOString();
  }
  return lastIso;
}

function allowed({ error, requestId, address, region, store, connector, count, paymentId }: EventFields = {}) {
  return {
    requestId,
    address,
    region,
    store,
    connector,
    count,
    paymentId,
    ...(error !== undefined && { error: describe(error) }),
  };
}

/** Of an error's code and kind, only what looks like a name. */
const NAME = /^[\w.-]{1,64}$/;

function describe(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { name, cause } = error;
  return {
    kind: NAME.test(name) ? name : 'Error',
    code: 'code' in error && typeof error.code === 'string' && NAME.test(error.code) ? error.code : undefined,
    at: placesOf(error),
    ...(cause instanceof Error && depth < LIMITS.causes && { cause: describe(cause, depth + 1) }),
  };
}

/** Where it happened. What stands before the places is the message, which may hold lines that look like one. */
function placesOf({ message, stack = '' }: Error): string[] {
  const head = stack.indexOf(message);
  if (head < 0) return [];
  const lines = stack.slice(head + message.length).split('\n');
  const places = lines.filter((line) => /^\s+at /.test(line)).slice(0, LIMITS.stackLines);
  return places.map((line) => line.trim());
}
