/** What a route is to the rest: a request that has been checked in, a reply out. Routes parse, call one use case and present. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Deps } from '../app/context';
import type { SessionCache } from '../app/ports';
import type { Health } from './health';

export interface RouteContext {
  readonly deps: Deps;
  readonly health: Health;
  readonly sessionCache: Pick<SessionCache, 'pictures' | 'rateBudgets'>;
  readonly publicUrl: string;
}

export interface RouteRequest {
  /** Of a route without scopes nobody is asked for. */
  readonly caller: Caller;
  /** `<method> <path template>` */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  /** Checked, with types and defaults of the document. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Checked against the document. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  /** For who waits: aborts when the client has gone or the process is to stop. Made when asked for, since few wait. */
  readonly untilGone: () => AbortSignal;
}

export interface RouteReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON. */
  readonly body?: object | string | Buffer;
}

export type Route = (request: RouteRequest, context: RouteContext) => Promise<RouteReply> | RouteReply;
/** By operationId of the document. */
export type Routes = Readonly<Record<string, Route>>;

export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['idempotency-key'];
  return typeof value === 'string' ? value : undefined;
}
