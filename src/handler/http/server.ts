/**
 * The HTTP server: one route an operation of the document, and in front of each of them the same steps in the same order.
 * who calls → may they → is it JSON → card numbers → does it fit the document → the route.
 */
import { type IncomingMessage, METHODS } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { TrustedHeader } from '../../contract';
import type { Caller } from '../app/context';
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import type { Logger, RequestFields } from '../logger';
import { authorizeCaller, identifyCaller } from './caller';
import { presentProblem } from './errors';
import { createListener, type TlsIdentity } from './listener';
import type { Load } from './load';
import { document, type OpenApiOperation, operationsOf } from './openapi';
import { spendBudget } from './rate-budget';
import { answerBrokenClient } from './refusals';
import { requestIdOf } from './request-id';
import type { Route, RouteContext, RouteReply, Routes } from './route';
import { parseStrictJson } from './strict-json';
import { type Trace, traceOf } from './trace';
import { createValidators, type RequestValidator, refuseCardData } from './validation';

export interface ServerOptions extends RouteContext {
  readonly routes: Routes;
  /** Whether nobody but this machine can connect; then a caller without headers is a developer. */
  readonly loopback: boolean;
  /** What the scopes of callers begin with; empty for nothing. */
  readonly scopePrefix: string;
  /** Of what went wrong inside. */
  readonly logger: Logger;
  /** Is told of every request once it is over. */
  readonly onReply: (fields: RequestFields) => void;
  readonly load: Load;
  /** Without it, plain HTTP. */
  readonly tls?: TlsIdentity;
  /** Aborts when the process is to stop: parked requests answer at once. */
  readonly stopping: AbortSignal;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    errorCode?: string;
    trace?: Trace;
    parked: boolean;
    /** Path as in the document; `none` where no operation has this path. */
    template: string;
  }
}

const JSON_IN_UTF8 = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
/** A payload there may hold a merchant's account number, and such a number can look like a card's. */
const QR_PATHS = '/v1/qr/';
const UNKNOWN_PATH = 'No operation has this path.';

export function createServer(options: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    serverFactory: (handle) =>
      createListener(handle, {
        ...options,
        isDraining: () => options.health.isDraining,
        onRefused: (requestId, request) => options.onReply(refusedFields(requestId, request)),
      }),
    routerOptions: { maxParamLength: LIMITS.headerBytes },
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    clientErrorHandler: answerBrokenClient,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(request, reply, toProblem(error, options.logger, request.id)),
    return503OnClosing: false, // while it drains it serves whoever still comes, and closes the connection
  });
  app.decorateRequest('caller', undefined);
  app.decorateRequest('errorCode', undefined);
  app.decorateRequest('trace');
  app.decorateRequest('parked', false);
  app.decorateRequest('template', 'none');

  takeEveryMethod(app);
  parseJsonStrictly(app);
  stampReplies(app, options);
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(request, reply, toProblem(error, options.logger, request.id)),
  );
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, new Problem('not-found', UNKNOWN_PATH)));
  addRoutes(app, options);
  return app;
}

function addRoutes(app: FastifyInstance, options: ServerOptions): void {
  const operations = operationsOf(document);
  const validators = createValidators(operations);
  for (const operation of operations) {
    const route = options.routes[operation.operationId];
    if (route === undefined) throw new Error(`no route for operation ${operation.operationId}`);
    addRoute(app, options, operation, validators.get(operation.operationId)!, route);
  }
  for (const path of new Set(operations.map((operation) => operation.path))) {
    refuseOtherMethods(
      app,
      path,
      operations.filter((operation) => operation.path === path).map(({ method }) => method),
    );
  }
}

function addRoute(
  app: FastifyInstance,
  options: ServerOptions,
  operation: OpenApiOperation,
  validator: RequestValidator,
  route: Route,
): void {
  const open = operation.scopes.length === 0;
  const nobody = (requestId: string): Caller => ({ id: '', scopes: new Set(), requestId });
  app.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request) => {
      request.template = operation.path;
      const caller = open ? nobody(request.id) : identifyCaller(request.raw, request.id, options);
      // What reads does not ask the bank for anything.
      request.caller = operation.method === 'GET' ? caller : { ...caller, trace: request.trace?.context() };
      if (!open) await spendBudget(options.sessionCache.rateBudgets, caller, operation);
      authorizeCaller(request.caller, operation);
    },
    handler: async (request, reply) => {
      refuseCardData(request.params);
      if (!operation.path.startsWith(QR_PATHS)) refuseCardData(withoutQrPayload(request.body));
      validator.body(request.body);
      const answer = await route(
        {
          caller: request.caller!,
          route: `${operation.method} ${operation.path}`,
          params: request.params as Record<string, string>,
          query: validator.query(request.query as Record<string, unknown>),
          body: request.body,
          headers: request.headers,
          untilGone: () => park(request, reply, options),
        },
        options,
      );
      return send(reply, answer);
    },
  });
}

/** Who cannot wait, since too many do already, gets its answer at once. */
function park(request: FastifyRequest, reply: FastifyReply, { load, stopping }: ServerOptions): AbortSignal {
  if (!load.park(reply.raw)) return AbortSignal.abort();
  request.parked = true;
  return AbortSignal.any([goneSignal(reply), stopping]);
}

/** Aborts when the client has its answer or does not wait for one any more. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

/** The code is compared with ours and not kept, and the run of digits that a code is can look like anything. */
function withoutQrPayload(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { qrPayload: _, ...rest } = body as Record<string, unknown>;
  return rest;
}

function refuseOtherMethods(app: FastifyInstance, path: string, allow: readonly string[]): void {
  app.route({
    method: app.supportedMethods.filter((method) => !allow.includes(method)),
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request) => {
      request.template = path;
      throw new Problem('method-not-allowed', `This path takes ${allow.join(', ')}.`, { allow });
    },
    handler: () => undefined,
  });
}

/** So that a method nobody has heard of gets 405 or 404 like any other. */
function takeEveryMethod(app: FastifyInstance): void {
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
}

function parseJsonStrictly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_IN_UTF8, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new Problem('unsupported-media-type', 'Bodies are taken without content encoding.');
    }
    return body.length === 0 ? undefined : parseStrictJson(body);
  });
}

function stampReplies(app: FastifyInstance, { health, onReply }: ServerOptions): void {
  app.addHook('onRequest', async (request) => {
    const { raw, params } = request;
    request.trace = traceOf(raw.headers, request.id);
    checkFraming(raw);
    if (Object.values(params as object).includes('')) throw new Problem('not-found', UNKNOWN_PATH);
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header(TrustedHeader.REQUEST_ID, request.id);
    reply.header('x-content-type-options', 'nosniff');
    // What a route does not say may be kept is nobody else's to keep.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (health.isDraining) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    onReply({
      requestId: request.id,
      traceId: (request.trace ?? traceOf(request.headers, request.id)).id, // what cannot be routed has not been through the hooks
      method: request.method,
      route: request.template,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      merchantId: request.caller?.id || undefined,
      code: request.errorCode,
      replayed: reply.hasHeader('idempotent-replayed'),
      parked: request.parked,
    });
  });
}

function refusedFields(requestId: string, { headers, method = '' }: IncomingMessage): RequestFields {
  const { id: traceId } = traceOf(headers, requestId);
  return { requestId, traceId, method, route: 'none', status: 503, durationMs: 0, code: 'overloaded' };
}

/** What two readers could understand in two ways, which is how a request is smuggled past one of them (RFC 9112). */
function checkFraming({ headers, httpVersion }: IncomingMessage): void {
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new Problem('invalid-request', 'The Host header is missing.');
  }
  if (headers.host?.includes(',')) throw new Problem('invalid-request', 'The Host header is there twice.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new Problem('invalid-request', 'Transfer-Encoding may only be chunked.');
  }
}

function send(reply: FastifyReply, { status, headers = {}, body }: RouteReply): FastifyReply {
  reply.code(status).headers(headers);
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, headers, body } = presentProblem(problem, request.id);
  request.errorCode = problem.code;
  return reply.code(status).headers(headers).header(TrustedHeader.REQUEST_ID, request.id).send(body);
}

function toProblem(error: Error & { code?: string; statusCode?: number }, logger: Logger, requestId: string): Problem {
  if (error instanceof Problem) {
    if (error.code === 'internal') logger.error('request failed', { requestId, error });
    return error;
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', `Bodies have at most ${LIMITS.bodyBytes} bytes.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', 'Send the body as application/json in UTF-8.');
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new Problem('invalid-request', 'The request is not one that HTTP allows.');
  }
  logger.error('request failed', { requestId, error });
  return new Problem('internal', 'Send the same request with the same Idempotency-Key again.', { cause: error });
}
