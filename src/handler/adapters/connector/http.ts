/**
 * A bank's own service behind two calls, `PUT` and `GET {url}/operations/{opKey}`. Each call is one try; asking again is the caller's
 * business.
 */
import type { KeyObject } from 'node:crypto';
import type { BankOperation, Clock, Connector } from '../../app/ports';
import { readAnswer } from './answer';
import { Connections } from './connections';
import { type ExchangeResult, exchange } from './exchange';
import { signRequest } from './standard-webhooks';

export interface ConnectorKeys {
  /** Signs every request. */
  readonly signing: KeyObject;
  /** PEM of certificate, chain and private key. */
  readonly clientCertificate?: string;
}

export interface HttpConnectorOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly certificateAuthority?: string;
  readonly proxyUrl?: string;
  /** Read anew for each request, for they rotate while the process runs. */
  readonly keys: () => ConnectorKeys;
  readonly clock: Clock;
}

export function createHttpConnector(options: HttpConnectorOptions): Connector & { close(): Promise<void> } {
  const { url, keys, clock } = options;
  const { origin, pathname } = new URL(url);
  const base = pathname === '/' ? '' : pathname;
  const connections = new Connections({ ...options, origin });

  function call(
    method: 'PUT' | 'GET',
    { opKey, trace }: BankOperation,
    body: string,
    signal: AbortSignal,
  ): Promise<ExchangeResult> {
    const { signing, clientCertificate } = keys();
    const headers = {
      accept: 'application/json',
      ...(body !== '' && { 'content-type': 'application/json' }),
      ...trace,
      ...signRequest(signing, opKey, clock.now(), body),
    };
    const path = `${base}/operations/${encodeURIComponent(opKey)}`;
    return exchange(connections.dispatcher(clientCertificate), { method, path, headers, body }, signal);
  }

  return {
    async put(operation, signal) {
      const reply = await call('PUT', operation, JSON.stringify(requestBody(operation)), signal);
      if (reply === 'not-sent') return { result: 'not-sent' };
      if (reply === 'lost') return { result: 'unknown' };
      if (reply.status === 409) return { result: 'conflict' };
      return reply.status === 200 ? readAnswer(reply.text, operation) : { result: 'unknown' };
    },
    async get(operation, signal) {
      const reply = await call('GET', operation, '', signal);
      if (reply === 'not-sent' || reply === 'lost') return { result: 'unknown' };
      if (reply.status === 404) return { result: 'absent' };
      return reply.status === 200 ? readAnswer(reply.text, operation) : { result: 'unknown' };
    },
    close: () => connections.close(),
  };
}

function requestBody({ kind, paymentId, merchantId, amount, payerToken, originalOpKey }: BankOperation) {
  return { kind, paymentId, merchantId, amount, payerToken, originalOpKey };
}
