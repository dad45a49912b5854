/**
 * What a client sends and gets, without the sockets: the handler's own checks, routes and presentation, in the order of the server. So
 * replies can be compared byte by byte.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Deps } from '../../src/handler/app/context';
import { Problem } from '../../src/handler/domain/errors';
import { authorizeCaller } from '../../src/handler/http/caller';
import { presentProblem } from '../../src/handler/http/errors';
import { Health } from '../../src/handler/http/health';
import { document, operationsOf } from '../../src/handler/http/openapi';
import { routes } from '../../src/handler/http/routes';
import { createValidators, refuseCardData } from '../../src/handler/http/validation';

const OPERATIONS = operationsOf(document);
const VALIDATORS = createValidators(OPERATIONS);
const BY_ID = new Map(OPERATIONS.map((operation) => [operation.operationId, operation]));

/** Budgets are the gate's business, which is not here; a picture that is not kept is drawn. */
const NO_CACHE = {
  rateBudgets: { take: () => 0 },
  pictures: { get: (_name: string, _keepMs: number, draw: () => Buffer) => draw() },
};

export interface Request {
  readonly operationId: string;
  readonly caller: { readonly id: string; readonly scopes: readonly string[] };
  /** Of the path. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: IncomingHttpHeaders;
  /** Parsed. */
  readonly body?: object;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws whatever is no Problem: nothing that a client may ever meet */
export async function serve(deps: Deps, request: Request, requestId: string, gone: AbortSignal): Promise<Reply> {
  try {
    return await route(deps, request, requestId, gone);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return presentProblem(error, requestId);
  }
}

async function route(deps: Deps, request: Request, requestId: string, gone: AbortSignal): Promise<Reply> {
  const { operationId, id, query = {}, headers = {} } = request;
  const body: unknown = request.body && JSON.parse(JSON.stringify(request.body));
  const operation = BY_ID.get(operationId)!;
  const caller = { id: request.caller.id, scopes: new Set(request.caller.scopes), requestId };
  authorizeCaller(caller, operation);
  const { qrPayload: _, ...rest } = { qrPayload: undefined, ...request.body };
  refuseCardData(rest);
  VALIDATORS.get(operationId)!.body(body);
  const reply = await routes[operationId](
    {
      caller,
      route: `${operation.method} ${operation.path}`,
      params: id === undefined ? {} : { id },
      query: VALIDATORS.get(operationId)!.query(query),
      body,
      headers,
      untilGone: () => gone,
    },
    { deps, health: new Health(deps.store, deps.clock.elapsedMs), sessionCache: NO_CACHE, publicUrl: '' },
  );
  const text = typeof reply.body === 'object' && !Buffer.isBuffer(reply.body) ? JSON.stringify(reply.body) : reply.body;
  return { status: reply.status, headers: reply.headers ?? {}, body: String(text ?? '') };
}
