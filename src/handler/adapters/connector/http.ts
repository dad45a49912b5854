/**
 * A bank's own service behind two calls, `PUT` and `GET {url}/operations/{opKey}`. An answer is believed only if it is whole and speaks of
 * this operation and this amount; anything else is `unknown`, and asking again is the caller's business.
 */
import type { KeyObject } from 'node:crypto';
import { Pool } from 'undici';
import type { BankAnswer, BankOperation, Clock, Connector } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { signRequest } from './standard-webhooks';

export interface HttpConnectorOptions {
  /** Without a slash at the end. */
  readonly url: string;
  /** Read anew for each request, for it rotates while the process runs. */
  readonly key: () => KeyObject;
  readonly clock: Clock;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

export function createHttpConnector({ url, key, clock }: HttpConnectorOptions): Connector & { close(): Promise<void> } {
  const { origin, pathname } = new URL(url);
  const base = pathname === '/' ? '' : pathname;
  const pool = new Pool(origin, {
    connections: LIMITS.connectorConnections,
    connectTimeout: LIMITS.connectorAttemptMs,
  });

  async function call(
    method: 'PUT' | 'GET',
    opKey: string,
    body: string,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    try {
      const response = await pool.request({
        method,
        path: `${base}/operations/${encodeURIComponent(opKey)}`,
        headers: {
          accept: 'application/json',
          ...(body !== '' && { 'content-type': 'application/json' }),
          ...signRequest(key(), opKey, clock.now(), body),
        },
        body: body === '' ? null : body,
        signal,
      });
      return { status: response.statusCode, text: await readBounded(response.body) };
    } catch {
      return undefined; // timed out, reset, refused: nobody knows
    }
  }

  return {
    async put(operation, signal) {
      const answer = await call('PUT', operation.opKey, JSON.stringify(requestBody(operation)), signal);
      if (answer?.status === 409) return { result: 'conflict' };
      return believe(answer, operation);
    },
    async get(operation, signal) {
      const answer = await call('GET', operation.opKey, '', signal);
      if (answer?.status === 404) return { result: 'absent' };
      return believe(answer, operation);
    },
    close: () => pool.destroy(),
  };
}

function requestBody({ kind, paymentId, merchantId, amount, payerToken, originalOpKey }: BankOperation) {
  return { kind, paymentId, merchantId, amount, payerToken, originalOpKey };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LIMITS.bodyBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const UNKNOWN: BankAnswer = { result: 'unknown' };
const CODE_LENGTH = 64;

function believe(answer: Answer | undefined, { opKey, amount }: BankOperation): BankAnswer {
  if (answer?.status !== 200) return UNKNOWN;
  const body = parse(answer.text);
  if (body === undefined) return UNKNOWN;
  const { result, code, connectorReference } = body;
  if (result !== 'approved' && result !== 'declined') return UNKNOWN;
  if (body.opKey !== opKey || !isAmount(body.amount, amount)) return { result: 'mismatch' };
  return { result, code: short(code), reference: short(connectorReference) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isAmount(given: unknown, expected: BankOperation['amount']): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const { currency, value } = given as Record<string, unknown>;
  return currency === expected.currency && value === expected.value;
}

/** The bank's own words go into the item: bounded, and nothing where it says nothing. */
function short(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, CODE_LENGTH) : '';
}
