/**
 * The way through an HTTP proxy: CONNECT, and then TLS with the bank itself, so that the proxy sees no payment. undici has a ProxyAgent, which
 * dials a proxy that hangs up again and again, thousands of times a second; here one request is one try.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { LIMITS } from '../../domain/limits';

export function throughProxy(proxy: URL, connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    openTunnel(proxy, targetOf(options)).then(
      (httpSocket) => {
        if (options.protocol === 'https:') connect({ ...options, httpSocket }, callback);
        else callback(null, httpSocket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

function openTunnel(proxy: URL, target: string): Promise<Socket> {
  const { request } = proxy.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asking = request(proxy, {
      method: 'CONNECT',
      path: target,
      headers: { host: target },
      agent: false,
      signal: AbortSignal.timeout(LIMITS.connectorConnectMs),
    });
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy answers CONNECT with ${statusCode}`));
    });
    asking.once('error', reject);
    asking.end();
  });
}

/** Host, with brackets where it is IPv6, and port. */
function targetOf({ host, hostname, port, protocol }: buildConnector.Options): string {
  return `${host ?? hostname}${port ? '' : protocol === 'https:' ? ':443' : ':80'}`;
}
