/** What clients do in a world: some shops, wallets and bystanders, each with a mind of its own, all about the same few payments. */
import type { Reply, Request } from './front';
import type { Ground } from './ground';
import type { Network } from './network';
import {
  amountBody,
  authorizeBody,
  CASHIER,
  createBody,
  isOpen,
  type Known,
  RIVAL,
  SHOP,
  spoil,
  UNKNOWN_SHOP,
  WALLETS,
  type Who,
} from './shop';

const POSTS = ['authorizePayment', 'capturePayment', 'cancelPayment', 'refundPayment'] as const;
type Post = (typeof POSTS)[number];

export class Scenario {
  private readonly known: Known[] = [];
  /** Requests with a key that were sent for a payment, for those that come back to them. */
  private readonly sent = new Map<string, Request[]>();
  private keys = 0;
  private tokens = 0;
  private busy = 0;

  constructor(
    private readonly ground: Ground,
    private readonly network: Network,
    /** Nobody begins anything new after that. */
    private readonly endMs: number,
  ) {}

  start(): void {
    const { random } = this.ground;
    const payments = random.pick([1, 1, 2, 2, 3]);
    for (let n = 0; n < payments; n++) this.spawn(() => this.checkout());
    if (random.chance(0.05)) this.spawn(() => this.post(UNKNOWN_SHOP, 'createPayment', undefined, createBody(random)));
  }

  /** Everybody has the last answer they wanted. */
  get isOver(): boolean {
    return this.busy === 0;
  }

  private spawn(act: () => Promise<unknown>): void {
    this.busy++;
    act().finally(() => {
      this.busy--;
    });
  }

  private get goesOn(): boolean {
    return this.ground.scheduler.nowMs < this.endMs;
  }

  /** A shop makes a payment, and things happen to it. */
  private async checkout(): Promise<void> {
    const { random } = this.ground;
    await this.pause(5_000);
    const key = this.newKey();
    const body = createBody(random);
    if (random.chance(0.2)) this.spawn(() => this.post(SHOP, 'createPayment', undefined, body, key));
    const other = { ...createBody(random), reference: 'another order' };
    if (random.chance(0.05)) this.spawn(() => this.post(SHOP, 'createPayment', undefined, other, key));
    if (random.chance(0.1)) this.spawn(() => this.post(RIVAL, 'createPayment', undefined, body, key));
    const reply = await this.post(SHOP, 'createPayment', undefined, body, key);
    if (reply?.status !== 201) return;
    const { id, amount, qr, version } = JSON.parse(reply.body);
    const known: Known = { id, value: amount.value, qrPayload: qr.payload, version };
    this.known.push(known);
    this.spawn(() => this.mainLine(known));
    for (let others = random.int(0, 3); others > 0; others--) this.spawn(() => this.bystander(known));
    if (random.chance(0.3)) this.spawn(() => this.race(known));
    if (random.chance(0.02)) this.spawn(() => this.stubbornPayer(known));
  }

  /** As it is meant: paid, captured, and some of it given back. */
  private async mainLine(known: Known): Promise<void> {
    const { random } = this.ground;
    for (let tries = 0; tries < 3; tries++) {
      await this.pause(10_000);
      const reply = await this.act(random.pick(WALLETS), 'authorizePayment', known);
      if (reply?.status === 200) break;
    }
    for (const step of ['capturePayment', 'refundPayment', 'refundPayment', 'refundPayment'] as const) {
      await this.pause(15_000);
      await this.act(SHOP, random.chance(0.15) ? 'cancelPayment' : step, known);
    }
  }

  /** Does whatever comes to its mind. */
  private async bystander(known: Known): Promise<void> {
    const { random } = this.ground;
    for (let steps = random.int(2, 6); steps > 0; steps--) {
      await this.pause(20_000);
      if (!this.goesOn) return;
      switch (random.weighted({ post: 5, read: 4, repeat: 3, steal: 1, spoil: 1.5, wait: 1 })) {
        case 'post':
          await this.anything(known);
          break;
        case 'read':
          await this.read(known);
          break;
        case 'repeat':
          await this.repeat(known);
          break;
        case 'steal':
          await this.steal(known);
          break;
        case 'spoil':
          await this.network.send(spoil(random, this.request(SHOP, random.pick(POSTS), known)), 25_000);
          break;
        case 'wait':
          await this.longPoll(known);
          break;
      }
    }
  }

  /** Many at once, of one kind or mixed. */
  private async race(known: Known): Promise<void> {
    const { random } = this.ground;
    await this.pause(30_000);
    const kinds = random.chance(0.5) ? [random.pick(POSTS)] : POSTS;
    for (let runners = random.int(2, 6); runners > 0; runners--) {
      const kind = random.pick(kinds);
      this.spawn(() => this.act(this.whoFor(kind), kind, known));
    }
  }

  /** Until the payment takes no more of it. */
  private async stubbornPayer(known: Known): Promise<void> {
    const body = { payer: { token: 'tok_secret_stubborn' }, amount: { currency: 'USD', value: 1 } };
    for (let tries = 0; tries < 90 && this.goesOn; tries++) {
      const reply = await this.post(WALLETS[0], 'authorizePayment', known.id, body);
      if (reply?.body.includes('operation-limit')) return;
    }
  }

  private anything(known: Known): Promise<Reply | undefined> {
    const kind = this.ground.random.pick(POSTS);
    return this.act(this.whoFor(kind), kind, known);
  }

  private whoFor(kind: Post): Who {
    const { random } = this.ground;
    return kind === 'authorizePayment' || random.chance(0.05) ? random.pick([SHOP, ...WALLETS]) : SHOP;
  }

  private act(who: Who, operationId: Post, known: Known): Promise<Reply | undefined> {
    return this.insist(this.request(who, operationId, known), known);
  }

  private request(who: Who, operationId: Post, known: Known): Request {
    const { random } = this.ground;
    const other = this.known.find(({ id }) => id !== known.id);
    const body = {
      authorizePayment: () => authorizeBody(random, known, other, ++this.tokens),
      capturePayment: () => amountBody(random, known),
      cancelPayment: () => ({}),
      refundPayment: () => ({ ...amountBody(random, known), ...(random.chance(0.2) && { reason: 'cold' }) }),
    }[operationId]();
    const ifMatch = random.chance(0.1) ? { 'if-match': `"${known.version + random.pick([0, 0, 1])}"` } : {};
    const headers = { 'idempotency-key': this.newKey(), ...ifMatch };
    return { operationId, caller: who, id: known.id, headers, body };
  }

  private post(
    who: Who,
    operationId: string,
    id: string | undefined,
    body: object,
    key = this.newKey(),
  ): Promise<Reply | undefined> {
    return this.insist({ operationId, caller: who, id, body, headers: { 'idempotency-key': key } });
  }

  /** Sends a request again and again with its key, as long as there is hope and patience. */
  private async insist(request: Request, known?: Known): Promise<Reply | undefined> {
    const { random, scheduler } = this.ground;
    if (!this.goesOn) return undefined;
    const id = request.id ?? '';
    this.sent.set(id, [...(this.sent.get(id) ?? []), request]);
    for (let tries = random.int(1, 8); tries > 0; tries--) {
      const reply = await this.network.send(request, this.patienceMs());
      if (reply !== undefined && known !== undefined) learn(known, reply);
      if (!isOpen(reply)) return reply;
      await scheduler.sleep(random.int(20, 3_000));
      if (!this.goesOn) return reply;
    }
    return undefined;
  }

  /** A request that was sent before: as it was, with another body, or to another route. */
  private async repeat(known: Known): Promise<void> {
    const { random } = this.ground;
    const earlier = this.sent.get(known.id);
    if (earlier === undefined) return;
    const request = random.pick(earlier);
    const how = random.weighted({ same: 4, body: 1, route: 1, caller: 1 });
    const { headers, body } = request;
    const other = this.request(request.caller, random.pick(POSTS), known);
    const again: Readonly<Record<typeof how, Request>> = {
      same: { ...request, body: body && Object.fromEntries(Object.entries(body).reverse()) },
      body: { ...request, body: this.request(request.caller, request.operationId as Post, known).body },
      route: { ...other, headers },
      caller: { ...request, caller: random.pick([SHOP, ...WALLETS]) },
    };
    await this.insist(again[how], known);
  }

  /** Somebody who has no business with the payment, and perhaps the right key. */
  private async steal(known: Known): Promise<void> {
    const { random } = this.ground;
    const earlier = this.sent.get(known.id) ?? [];
    const own = this.request(RIVAL, random.pick(POSTS), known);
    const request = earlier.length > 0 && random.chance(0.5) ? { ...random.pick(earlier), caller: RIVAL } : own;
    const thief = random.pick([request, { ...own, caller: CASHIER }, { ...own, caller: WALLETS[0] }]);
    await this.network.send(thief, 25_000);
    await this.network.send({ operationId: 'getPayment', caller: RIVAL, id: known.id }, 25_000);
  }

  private async read(known: Known): Promise<void> {
    const { random } = this.ground;
    const operationId = random.pick(['getPayment', 'getPayment', 'listPaymentEvents', 'getPaymentQr', 'listPayments']);
    const caller = operationId === 'getPayment' ? random.pick([SHOP, ...WALLETS]) : SHOP;
    const headers = operationId === 'getPaymentQr' ? { accept: 'text/plain' } : {};
    const query: Record<string, string> =
      operationId === 'listPayments' && random.chance(0.5) ? { status: 'expired' } : {};
    const id = operationId === 'listPayments' ? undefined : known.id;
    const reply = await this.network.send({ operationId, caller, id, headers, query }, this.patienceMs());
    if (reply !== undefined && operationId === 'getPayment') learn(known, reply);
  }

  private async longPoll(known: Known): Promise<void> {
    const { random } = this.ground;
    const headers = { 'if-none-match': `"${known.version}"` };
    const query = { wait: String(random.int(1, 25)) };
    await this.network.send({ operationId: 'getPayment', caller: SHOP, id: known.id, headers, query }, 40_000);
  }

  private patienceMs(): number {
    const { random, faults } = this.ground;
    return faults.hits('client-impatient') ? random.int(5, 3_000) : 45_000;
  }

  private pause(mostMs: number): Promise<void> {
    const { random, scheduler } = this.ground;
    return scheduler.sleep(random.chance(0.3) ? random.int(0, 5) : random.int(0, mostMs));
  }

  private newKey(): string {
    return `key-of-the-client-${++this.keys}`;
  }
}

function learn(known: Known, { status, body }: Reply): void {
  if (status < 300 && status !== 304) known.version = Math.max(known.version, JSON.parse(body).version ?? 0);
}
