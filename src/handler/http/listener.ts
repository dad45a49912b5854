/**
 * The server below the routes: sockets, time-outs, and who gets as far as a route. Whatever Node would answer in words of its own, or not
 * at all, is answered here.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../domain/limits';
import type { Load } from './load';
import { refuseForLoad, refuseTunnel } from './refusals';
import { requestIdOf } from './request-id';

/** Key and certificate, PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

export interface ListenerOptions {
  readonly load: Load;
  /** Without it, plain HTTP. */
  readonly tls?: TlsIdentity;
  readonly isDraining: () => boolean;
  /** One request was one too many. */
  readonly onRefused: (requestId: string, request: IncomingMessage) => void;
}

/** Of TLS 1.2, what gives forward secrecy and authenticated encryption; TLS 1.3 has nothing else. */
const TLS_12_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
].join(':');
const TLS_13_CIPHERS = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

const HTTP_OPTIONS: ServerOptions = {
  maxHeaderSize: LIMITS.headerBytes,
  headersTimeout: LIMITS.headersTimeoutMs,
  requestTimeout: LIMITS.requestTimeoutMs,
  connectionsCheckingInterval: LIMITS.slowClientCheckMs,
  keepAliveTimeout: LIMITS.keepAliveMs,
  requireHostHeader: false, // a missing one is answered by the routes
  joinDuplicateHeaders: true, // or the second of two Host headers would go unseen
};

export type ListenerLimits = Readonly<Record<'connectionsMax' | 'connectionsReserved' | 'stalledMs', number>>;

/** Connections beyond `connectionsMax` get nothing but an answer about health. */
export function createListener(
  handle: RequestListener,
  { load, tls, isDraining, onRefused }: ListenerOptions,
  { connectionsMax, connectionsReserved, stalledMs }: ListenerLimits = LIMITS,
): Server {
  const outside = new WeakSet<Duplex>();
  const server = createSocketServer(tls, (request, response) => {
    const isOutside = outside.has(request.socket);
    if (isOutside || isDraining()) response.shouldKeepAlive = false;
    const isHealth = request.url?.startsWith('/health/') === true;
    if (!isHealth && (isOutside || !load.hasRoom())) {
      const requestId = requestIdOf(request);
      onRefused(requestId, request);
      return refuseForLoad(requestId, response);
    }
    load.begin();
    response.once('close', () => load.end(response));
    handle(request, response);
  });
  server.maxConnections = connectionsMax + connectionsReserved;
  server.setTimeout(stalledMs);

  let connections = 0;
  server.on('connection', (socket: Duplex) => {
    connections++;
    socket.once('close', () => {
      connections--;
    });
  });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Duplex) => {
    if (connections > connectionsMax) outside.add(socket);
  });

  // An expectation that nobody here knows is no reason not to serve.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', refuseTunnel);
  return server;
}

function createSocketServer(tls: TlsIdentity | undefined, listener: RequestListener): Server {
  if (tls === undefined) return createServer(HTTP_OPTIONS, listener);
  return createTlsServer(
    {
      ...HTTP_OPTIONS,
      ...tls,
      minVersion: 'TLSv1.2',
      ciphers: `${TLS_13_CIPHERS}:${TLS_12_CIPHERS}`,
      handshakeTimeout: LIMITS.headersTimeoutMs,
    },
    listener,
  );
}
