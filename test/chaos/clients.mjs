// Merchants and wallets that live through the faults: each makes payments, takes them to some end, repeats with the same key what
// has no definite answer, sends duplicates, tries wrong bodies, and now and then walks away.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { digest, outcomeOf } from './history.mjs';
import { MERCHANTS } from './world.mjs';

const MERCHANT_SCOPES = 'payments:read payments:write payments:refund';
const WALLET_SCOPES = 'payments:authorize';
/** Stands in every key and token, so that a search finds them where they must not be. */
export const CANARY = 'canary';

export class Clients {
  /** Until when a request is repeated; the run sets it when the faults end. */
  deadline = Number.POSITIVE_INFINITY;
  stopping = false;
  #agent = new Agent({ connections: 64, pipelining: 1 });

  constructor(world, history, random) {
    this.world = world;
    this.history = history;
    this.random = random;
  }

  run(count) {
    return Promise.all(Array.from({ length: count }, (_, at) => this.#live(this.random.fork(`client-${at}`))));
  }

  close() {
    return this.#agent.destroy();
  }

  async #live(random) {
    while (!this.stopping) await new Life(this, random).run();
  }

  /** Once, to one of the handlers; where a load balancer that has not noticed would send it, too. */
  async attempt(call, random) {
    const { op, method = 'POST', path, caller, scopes = MERCHANT_SCOPES, key, body, payment } = call;
    const requestId = random.uuid();
    const slot = random.pick(this.world.handlers);
    const attempt = this.history.invoke({ op, caller, payment, key, body, requestId, handler: slot.at });
    const reply = {};
    try {
      const response = await request(`${slot.child.url}${path}`, {
        method,
        dispatcher: this.#agent,
        headers: {
          'x-merchant-id': caller,
          'x-scopes': scopes,
          'x-request-id': requestId,
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(random.chance(0.8) ? 6_000 : 25_000),
      });
      const text = await response.body.text();
      const seen = text === '' ? {} : JSON.parse(text);
      const replayed = response.headers['idempotent-replayed'] === 'true';
      Object.assign(reply, { status: response.statusCode, code: seen.code, replayed, hash: digest(text) });
      if (response.statusCode < 300) reply.seen = viewOf(seen);
    } catch (error) {
      reply.error = typeof error.code === 'string' ? error.code : error.name;
    }
    this.history.complete(attempt, reply);
    return attempt;
  }

  /** The same request until the answer is definite. @returns undefined where the client has walked away, or time was up */
  async drive(call, random, givesUp = 0.02) {
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      const attempt = await this.attempt(call, random);
      const outcome = outcomeOf(attempt);
      if (outcome !== 'unknown' && outcome !== 'later') return attempt;
      if (random.chance(givesUp)) {
        this.history.abandon(attempt);
        return undefined;
      }
      if (performance.now() > this.deadline) return undefined;
      await sleep(pauseMs * random.between(0.5, 1.5));
    }
  }
}

const viewOf = ({ operations = [], qr, ...rest }) => ({
  id: rest.id,
  merchantId: rest.merchantId,
  status: rest.status,
  version: rest.version,
  amount: rest.amount?.value,
  authorized: rest.authorized?.value,
  captured: rest.captured?.value,
  refunded: rest.refunded?.value,
  expiresAt: rest.expiresAt,
  qr: qr && digest(qr.payload),
  operations: operations.length,
});

/** One payment, from its creation to some end. */
class Life {
  #done = [];

  constructor(clients, random) {
    this.clients = clients;
    this.random = random;
    this.merchant = random.pick(MERCHANTS);
    this.wallet = `w_${random.whole(1, 20)}`;
    this.amount = random.whole(100, 5_000);
    this.manual = random.chance(0.6);
  }

  async run() {
    const created = await this.#send(this.#call('create', { captureMethod: this.manual ? 'manual' : 'automatic' }));
    if (created?.seen === undefined) return;
    this.payment = created.seen.id;
    if (this.random.chance(0.05)) await this.#send(this.#call('cancel', {}));
    await this.#authorize();
    if (this.manual) await this.#captureOrCancel();
    await this.#refund();
    if (this.random.chance(0.3)) await this.#read();
    if (this.#done.length > 0 && this.random.chance(0.3)) await this.#send(this.random.pick(this.#done), true);
  }

  async #authorize() {
    const wrong = this.random.chance(0.05) && { amount: { currency: 'SGD', value: this.amount + 1 } };
    if (wrong) await this.#send(this.#call('authorize', { payer: { token: this.#token(true) }, ...wrong }));
    // A declined payment may be tried again.
    for (const approved of this.random.chance(0.1) ? [false, true] : [true]) {
      await this.#send(this.#call('authorize', { payer: { token: this.#token(approved) } }));
    }
    // Another wallet that has the same code.
    if (this.random.chance(0.05)) {
      this.wallet = 'w_late';
      await this.#send(this.#call('authorize', { payer: { token: this.#token(true) } }));
    }
  }

  async #captureOrCancel() {
    const part = this.random.chance(0.3) && { amount: { currency: 'SGD', value: this.random.whole(1, this.amount) } };
    const capture = this.#call('capture', part || {});
    const cancel = this.#call('cancel', {});
    if (this.random.chance(0.15)) await Promise.all([capture, cancel].map((call) => this.#send(call)));
    else await this.#send(this.random.chance(0.2) ? cancel : capture);
  }

  async #refund() {
    const count = this.random.whole(0, 3);
    const calls = Array.from({ length: count }, () => {
      const value = this.random.whole(1, this.amount);
      return this.#call('refund', this.random.chance(0.2) ? {} : { amount: { currency: 'SGD', value } });
    });
    if (this.random.chance(0.3)) await Promise.all(calls.map((call) => this.#send(call)));
    else for (const call of calls) await this.#send(call);
  }

  #read() {
    const path = `/v1/payments/${this.payment}`;
    return this.clients.attempt(
      { op: 'read', method: 'GET', path, caller: this.merchant, payment: this.payment },
      this.random,
    );
  }

  /** To its definite answer; at times as several at once, again afterwards, or with another body under the same key. */
  async #send(call, repeated = false) {
    if (this.clients.stopping && !repeated && this.#done.length > 0) return undefined; // what has begun is finished, no more
    const twins = this.random.chance(0.1) ? this.random.whole(2, 4) : 1;
    const replies = await Promise.all(Array.from({ length: twins }, () => this.clients.drive(call, this.random)));
    const reply = replies.find((each) => each !== undefined);
    if (reply === undefined) return undefined;
    this.#done.push(call);
    if (this.random.chance(0.05)) await this.clients.drive(call, this.random, 1);
    if (this.random.chance(0.05)) await this.clients.attempt({ ...call, body: this.#otherBody(call) }, this.random);
    return reply;
  }

  #call(op, body) {
    const key = `key-${CANARY}-${this.random.word(20)}`;
    if (op === 'create') {
      const expiresInSeconds = this.random.chance(0.1) ? 60 : 900;
      const amount = { currency: 'SGD', value: this.amount };
      const whole = { amount, reference: `order-${this.random.word(8)}`, expiresInSeconds, ...body };
      return { op, path: '/v1/payments', caller: this.merchant, key, body: whole };
    }
    const path = `/v1/payments/${this.payment}/${op === 'refund' ? 'refunds' : op}`;
    if (op !== 'authorize') return { op, path, caller: this.merchant, payment: this.payment, key, body };
    return { op, path, caller: this.wallet, scopes: WALLET_SCOPES, payment: this.payment, key, body };
  }

  #otherBody({ op, body }) {
    if (op === 'create') return { ...body, reference: 'another order' };
    if (op === 'authorize') return { ...body, payer: { token: this.#token(true) } };
    return { amount: { currency: 'SGD', value: this.amount + 7 } };
  }

  #token(approved) {
    return `tok_${approved ? 'yes' : 'no'}_${CANARY}_${this.random.word(12)}`;
  }
}
