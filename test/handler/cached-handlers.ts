/** Handlers beside a cache, and a client of theirs that says how long each reply took. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Writable } from 'node:stream';
import { type RunningHandler, startHandler } from '../../src/handler/start';
import { until } from './adapters/valkey/redis';

const KEY = Buffer.alloc(32, 7).toString('base64');
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

export interface Handler {
  readonly url: string;
  readonly log: string[];
  /** Whether it is connected to its cache. */
  readonly isCached: () => boolean;
}

const running: RunningHandler[] = [];
afterEach(() => Promise.all(running.splice(0).map((handler) => handler.close())));

/** Started with the same keys each, and stopped after the test. */
export async function start(environment: NodeJS.ProcessEnv): Promise<Handler> {
  const log: string[] = [];
  const sink = new Writable({
    write: (chunk, _, done) => {
      log.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
  const handler = await startHandler({ PORT: '0', PAYMENT_ID_KEY: KEY, QR_KEYS: KEY, ...environment }, { log: sink });
  running.push(handler);
  const isCached = () => /cache connected/.test(log.findLast((line) => line.includes('"cache ')) ?? '');
  if (environment.CACHE_URL !== undefined) await until(isCached);
  return { url: handler.url, log, isCached };
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly ms: number;
}

export function call(
  handler: Handler,
  method: string,
  path: string,
  body?: object,
  headers: object = {},
): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const sending = request(
      `${handler.url}${path}`,
      {
        method,
        agent,
        headers: {
          ...(content !== undefined && { 'content-type': 'application/json' }),
          ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), ms: performance.now() - begun }),
        );
      },
    );
    sending.on('error', reject);
    sending.end(content);
  });
}

export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly captured: { readonly value: number };
}

export const paymentIn = ({ body }: Answer): Payment => JSON.parse(body.toString());
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
