/**
 * The HTTP server: one route an operation of the document, and in front of each of them the same steps in the same order.
 * who calls → may they → is it JSON → card numbers → does it fit the document → the route.
 */
import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { TrustedHeader } from '../../contract';
import type { Caller } from '../app/context';
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import type { Logger } from '../logger';
import { authorizeCaller, identifyCaller } from './caller';
import { presentProblem } from './errors';
import { document, type OpenApiOperation, operationsOf } from './openapi';
import type { Route, RouteContext, RouteReply, Routes } from './route';
import { parseStrictJson } from './strict-json';
import { createValidators, type RequestValidator, refuseCardData } from './validation';

export interface ServerOptions extends RouteContext {
  readonly routes: Routes;
  /** Whether nobody but this machine can connect; then a caller without headers is a developer. */
  readonly loopback: boolean;
  readonly logger: Logger;
  /** Aborts when the process is to stop: parked requests answer at once. */
  readonly stopping: AbortSignal;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Requests that have begun and have not been answered to the end. */
    requestsInFlight(): number;
  }
  interface FastifyRequest {
    caller?: Caller;
    errorCode?: string;
  }
}

const JSON_IN_UTF8 = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A payload there may hold a merchant's account number, and such a number can look like a card's. */
const QR_PATHS = '/v1/qr/';
const UNKNOWN_PATH = 'No operation has this path.';

export function createServer(options: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    keepAliveTimeout: LIMITS.keepAliveMs,
    requestTimeout: LIMITS.requestTimeoutMs,
    // Node would answer a missing Host itself, in words of its own.
    http: { maxHeaderSize: LIMITS.headerBytes, headersTimeout: LIMITS.headersTimeoutMs, requireHostHeader: false },
    routerOptions: { maxParamLength: LIMITS.headerBytes },
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdFrom(headers[TrustedHeader.REQUEST_ID]),
    clientErrorHandler: answerBrokenClient,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(request, reply, toProblem(error, options.logger, request.id)),
    return503OnClosing: false, // while it drains it serves whoever still comes, and closes the connection
  });
  app.server.maxConnections = LIMITS.connectionsMax;
  app.decorateRequest('caller', undefined);
  app.decorateRequest('errorCode', undefined);

  countRequests(app);
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
      request.caller = open ? nobody(request.id) : identifyCaller(request.raw, request.id, options.loopback);
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
          untilGone: () => AbortSignal.any([goneSignal(reply), options.stopping]),
        },
        options,
      );
      return send(reply, answer);
    },
  });
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
    onRequest: async () => {
      throw new Problem('method-not-allowed', `This path takes ${allow.join(', ')}.`, { allow });
    },
    handler: () => undefined,
  });
}

/** At the server itself: it also sees the end of a request whose client has gone. */
function countRequests(app: FastifyInstance): void {
  let inFlight = 0;
  app.server.on('request', (_request, response) => {
    inFlight++;
    response.once('close', () => {
      inFlight--;
    });
  });
  app.decorate('requestsInFlight', () => inFlight);
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

function stampReplies(app: FastifyInstance, { health, logger }: ServerOptions): void {
  app.addHook('onRequest', async ({ raw, params }) => {
    if (raw.headers.host === undefined && raw.httpVersion === '1.1') {
      throw new Problem('invalid-request', 'The Host header is missing.');
    }
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
    logger.request({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? 'none',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      merchantId: request.caller?.id || undefined,
      code: request.errorCode,
    });
  });
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

/** Only an id that looks like the gateway's own is taken over; anything else could carry anything into the logs. */
function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && UUID.test(header) ? header : randomUUID();
}

/** What is not HTTP never reaches a route; it gets the same kind of answer all the same. */
function answerBrokenClient(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers-too-large', `Headers have at most ${LIMITS.headerBytes} bytes together.`)
      : new Problem('invalid-request', 'This is not a complete HTTP/1.1 request.');
  const requestId = randomUUID();
  const { status, headers, body } = presentProblem(problem, requestId);
  const head = Object.entries({
    ...headers,
    [TrustedHeader.REQUEST_ID]: requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  socket.end(
    `HTTP/1.1 ${status} ${problem.code}\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
  );
}
