/**
 * The handler as its users meet it: one handler a test file, over real HTTP, with the store in memory. Every reply
 * is held against the OpenAPI document before a test sees it.
 */
import { randomUUID } from 'node:crypto';
import { Agent, type OutgoingHttpHeaders, type RequestOptions, request } from 'node:http';
import { Writable } from 'node:stream';
import { type RunningHandler, startHandler } from '../../src/handler/start';
import { checkReply } from './http/check-reply';
import { type Amount, type Payment, Reply } from './http/reply';

export { type Amount, type Operation, type Payment, type Problem, Reply } from './http/reply';

export interface Call {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, as application/json. */
  readonly raw?: string | Buffer;
  /** `undefined` takes a header away, a list sends it several times. */
  readonly headers?: OutgoingHttpHeaders;
  /** The Idempotency-Key; a fresh one on every POST under /v1/payments, none where null. */
  readonly key?: string | null;
}

export const newKey = (): string => randomUUID();
export const sgd = (value: number): Amount => ({ currency: 'SGD', value });
export const order = { amount: sgd(1250), reference: 'order-20261122-0042' };
export const approve = { payer: { token: 'tok_approve' } };
export const profile = {
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};
/** A caller that may authorize and not read: knows payments by their ids only. */
export const wallet = { 'x-merchant-id': 'w_wallet', 'x-scopes': 'payments:authorize' };

/** Starts a handler for the tests of this file. */
export function useHandler(environment: NodeJS.ProcessEnv = {}) {
  const log: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let handler: RunningHandler;

  beforeAll(async () => {
    const sink = new Writable({
      write: (chunk, _, done) => {
        log.push(...String(chunk).trimEnd().split('\n'));
        done();
      },
    });
    handler = await startHandler({ PORT: '0', ...environment }, { log: sink });
  });
  afterAll(async () => {
    agent.destroy();
    await handler?.close();
  });

  async function call(method: string, path: string, { body, raw, headers, key }: Call = {}): Promise<Reply> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const needsKey = method === 'POST' && path.startsWith('/v1/payments');
    const sent: OutgoingHttpHeaders = {
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
      ...(needsKey && key !== null && { 'idempotency-key': key ?? newKey() }),
      ...headers,
    };
    for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
    // Not as a URL, which would be tidied up on the way.
    const { hostname, port } = new URL(handler.url);
    const reply = await exchange({ hostname, port, path, method, headers: sent, agent }, content);
    checkReply(method, path, reply);
    return reply;
  }

  async function createPayment(members: object = {}, headers: OutgoingHttpHeaders = {}): Promise<Payment> {
    const reply = await call('POST', '/v1/payments', { body: { ...order, ...members }, headers });
    if (reply.status !== 201) throw new Error(`no payment: ${reply.status} ${reply.text}`);
    return reply.payment;
  }

  /** What happens to a payment, step by step: `await act(payment, 'authorize', approve)`. */
  function act(payment: { readonly id: string }, step: string, body?: object, rest: Omit<Call, 'body'> = {}) {
    return call('POST', `/v1/payments/${payment.id}/${step}`, { body, ...rest });
  }

  /** A payment of SGD 12.50 in that status. */
  async function paymentIn(status: string, headers: OutgoingHttpHeaders = {}): Promise<Payment> {
    const payment = await createPayment({ captureMethod: 'manual' }, headers);
    for (const [step, body] of PATHS_TO[status]) {
      const { status: code, text } = await act(payment, step, body, { headers });
      if (code >= 300) throw new Error(`${step}: ${code} ${text}`);
    }
    return (await read(payment, headers)).payment;
  }

  const read = (payment: { readonly id: string }, headers: OutgoingHttpHeaders = {}) =>
    call('GET', `/v1/payments/${payment.id}`, { headers });

  /** Gives an account a profile; the headers to call as that account, with every scope. */
  async function merchant(id: string, members: object = {}): Promise<OutgoingHttpHeaders> {
    const reply = await call('PUT', `/v1/merchants/${id}`, { body: { ...profile, ...members } });
    if (reply.status !== 200) throw new Error(`no merchant: ${reply.status} ${reply.text}`);
    return { 'x-merchant-id': id };
  }

  const running = () => handler;
  return { call, createPayment, act, paymentIn, read, merchant, log, running };
}

const AUTHORIZE = ['authorize', approve] as const;
const CAPTURE = ['capture', {}] as const;
/** How a payment with manual capture comes into each status. */
const PATHS_TO: Readonly<Record<string, readonly (readonly [step: string, body: object])[]>> = {
  created: [],
  authorized: [AUTHORIZE],
  captured: [AUTHORIZE, CAPTURE],
  partially_refunded: [AUTHORIZE, CAPTURE, ['refunds', { amount: sgd(450) }]],
  refunded: [AUTHORIZE, CAPTURE, ['refunds', {}]],
  cancelled: [['cancel', {}]],
};

function exchange(options: RequestOptions, content?: string | Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve(new Reply(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks))));
    });
    sending.on('error', reject);
    sending.end(content);
  });
}
