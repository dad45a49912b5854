// One round of each race: what is sent at once, and who may win.
import { burst } from './burst.mjs';
import { sleep } from './children.mjs';
import { CANARY } from './clients.mjs';
import { outcomeOf } from './history.mjs';
import { MERCHANTS } from './world.mjs';

const AT_ONCE = 50;
const AMOUNT = 1250;
const PART = 100;
const [MERCHANT] = MERCHANTS;
const sgd = (value) => ({ currency: 'SGD', value });

export class RaceTrack {
  /** Rounds whose count was not what it must be. */
  wrong = [];

  constructor(world, history, random) {
    this.world = world;
    this.history = history;
    this.random = random;
  }

  async create(members) {
    const [reply] = await this.#send([
      this.#request('create', undefined, { amount: sgd(AMOUNT), reference: 'race', ...members }),
    ]);
    return reply.body;
  }

  async captureCapture() {
    const payment = await this.#authorized();
    const replies = await this.#send(this.#many(() => this.#request('capture', payment, {})));
    this.#expect('capture against capture', replies, 1, ['operation-in-progress', 'payment-state']);
  }

  async captureCancel() {
    const payment = await this.#authorized();
    const replies = await this.#send(
      this.#many((at) => this.#request(at % 2 === 0 ? 'capture' : 'cancel', payment, {})),
    );
    this.#expect('capture against cancel', replies, 1, ['operation-in-progress', 'payment-state']);
  }

  /** All to their definite answers: as many as fit, and not one more. */
  async refundRefund() {
    const payment = await this.create({ captureMethod: 'automatic' });
    await this.#send([this.#pay(payment)]);
    const requests = this.#many(() => this.#request('refund', payment, { amount: sgd(PART) }));
    const replies = await this.#definite(requests);
    this.#expect('refund against refund', replies, Math.floor(AMOUNT / PART), ['amount-exceeded']);
  }

  async createCreate() {
    const request = this.#request('create', undefined, { amount: sgd(AMOUNT), reference: 'race' });
    const replies = await this.#definite(this.#many((at) => ({ ...request, url: this.#url(at) })));
    const ids = new Set(replies.map(({ body }) => body.id));
    if (ids.size !== 1) this.wrong.push(`create with one key: ${ids.size} payments`);
    this.#expect('create with one key', replies, AT_ONCE, []);
  }

  async payPay() {
    const payment = await this.create({ captureMethod: 'automatic' });
    const replies = await this.#send(this.#many((at) => this.#pay(payment, `w_${at}`)));
    this.#expect('fifty wallets', replies, 1, ['operation-in-progress', 'payment-state']);
  }

  async paySame() {
    const payment = await this.create({ captureMethod: 'automatic' });
    const request = this.#pay(payment);
    const replies = await this.#definite(this.#many((at) => ({ ...request, url: this.#url(at) })));
    this.#expect('pay with one key', replies, AT_ONCE, []);
  }

  /** Fifty wallets around the moment of expiry: one pays before it, nobody after it, and at most one around it. */
  async payAtExpiry(payment, when) {
    const expiresAtMs = Date.parse(payment.expiresAt);
    const [from, to] = { before: [-450, -400], after: [1, 30], around: [-15, 15] }[when];
    await sleep(expiresAtMs - Date.now() - 850);
    const requests = this.#many((at) => ({
      ...this.#pay(payment, `w_${at}`),
      atMs: expiresAtMs + from + ((to - from) * at) / AT_ONCE,
    }));
    const replies = await this.#send(requests);
    const winners = replies.filter(({ status }) => status < 300).length;
    const allowed = { before: [1], after: [0], around: [0, 1] }[when];
    if (!allowed.includes(winners)) this.wrong.push(`pay ${when} expiry: ${winners} paid`);
    this.#expect(`pay ${when} expiry`, replies, winners, ['operation-in-progress', 'payment-state']);
  }

  async #authorized() {
    const payment = await this.create({ captureMethod: 'manual' });
    await this.#send([this.#pay(payment)]);
    return payment;
  }

  #pay(payment, wallet = 'w_payer') {
    const request = this.#request('authorize', payment, {
      payer: { token: `tok_yes_${CANARY}_${this.random.word(12)}` },
    });
    return { ...request, caller: wallet, scopes: 'payments:authorize' };
  }

  #request(op, payment, body) {
    const step = op === 'refund' ? 'refunds' : op;
    const path = payment === undefined ? '/v1/payments' : `/v1/payments/${payment.id}/${step}`;
    const key = `key-${CANARY}-${this.random.word(20)}`;
    const scopes = 'payments:read payments:write payments:refund';
    return {
      op,
      payment: payment?.id,
      path,
      body,
      key,
      caller: MERCHANT,
      scopes,
      url: this.#url(this.random.whole(0, 1)),
    };
  }

  #url(at) {
    return this.world.handlers[at % this.world.handlers.length].child.url;
  }

  #many(make) {
    return Array.from({ length: AT_ONCE }, (_, at) => ({ ...make(at), url: this.#url(at) }));
  }

  /** @param patient whether those that were told to come again will */
  async #send(requests, patient = false) {
    const attempts = requests.map(({ op, payment, key, caller, body }) =>
      this.history.invoke({ op, payment, key, caller, body, requestId: this.random.uuid() }),
    );
    const replies = await burst(
      requests.map((request, at) => ({
        ...request,
        headers: {
          'x-merchant-id': request.caller,
          'x-scopes': request.scopes,
          'x-request-id': attempts[at].requestId,
          'idempotency-key': request.key,
        },
      })),
    );
    replies.forEach(({ body, ...reply }, at) => {
      this.history.complete(attempts[at], {
        ...reply,
        code: body?.code,
        ...(reply.status < 300 && { seen: viewOf(body) }),
      });
    });
    if (!patient) for (const attempt of attempts) this.history.abandon(attempt);
    return replies;
  }

  /** Whoever was told to come again does, all of them at once again. */
  async #definite(requests) {
    const replies = await this.#send(requests, true);
    for (let tries = 0; tries < 200; tries++) {
      const open = replies.flatMap((reply, at) =>
        ['later', 'unknown'].includes(outcomeOf({ ...reply, code: reply.body?.code })) ? [at] : [],
      );
      if (open.length === 0) return replies;
      const more = await this.#send(
        open.map((at) => requests[at]),
        true,
      );
      for (const [n, at] of open.entries()) replies[at] = more[n];
    }
    return replies;
  }

  #expect(race, replies, winners, losers) {
    const won = replies.filter(({ status }) => status < 300);
    const lost = replies.filter(({ status }) => !(status < 300));
    if (won.length !== winners) this.wrong.push(`${race}: ${won.length} won, not ${winners}`);
    for (const { status, error, body } of lost) {
      if (!losers.includes(body?.code)) this.wrong.push(`${race}: a loser was told ${status ?? error} ${body?.code}`);
    }
  }
}

const viewOf = (body) => ({
  id: body.id,
  merchantId: body.merchantId,
  version: body.version,
  amount: body.amount.value,
  authorized: body.authorized.value,
  captured: body.captured.value,
  refunded: body.refunded.value,
  expiresAt: body.expiresAt,
});
