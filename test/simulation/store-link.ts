/** A process's way to the store, and what happens on it. Keeps the promise of the port about what an error means. */
import type { ListQuery, PaymentStore, PendingQuery, WriteResult } from '../../src/handler/app/ports';
import { Problem } from '../../src/handler/domain/errors';
import type { Merchant } from '../../src/handler/domain/merchant';
import type { Payment } from '../../src/handler/domain/payment';
import { type Ground, latency } from './ground';
import type { Answer, Life } from './process';
import type { Table } from './table';

/** How long the adapter tries before it gives up. */
const GIVES_UP_MS = 3_000;

export class StoreLink implements PaymentStore {
  constructor(
    private readonly life: Life,
    private readonly ground: Ground,
    private readonly table: Table,
  ) {}

  create(payment: Payment): Promise<WriteResult> {
    return this.write(payment, () => this.table.store.create(payment));
  }

  replace(payment: Payment): Promise<WriteResult> {
    return this.write(payment, () => this.table.store.replace(payment));
  }

  get(id: string): Promise<Payment | undefined> {
    return this.read('get', () => this.table.store.get(id));
  }

  getMany(ids: readonly string[]): Promise<Payment[]> {
    return this.read('getMany', () => this.table.store.getMany(ids));
  }

  list(query: ListQuery) {
    return this.read('list', async () => this.fromIndex(await this.table.store.list(query)));
  }

  listPending(query: PendingQuery) {
    return this.read('listPending', async () => this.fromIndex(await this.table.store.listPending(query)));
  }

  getMerchant(id: string): Promise<Merchant | undefined> {
    return this.read('getMerchant', () => this.table.store.getMerchant(id));
  }

  putMerchant(merchant: Merchant): Promise<void> {
    return this.read('putMerchant', () => this.table.store.putMerchant(merchant));
  }

  createMerchant(merchant: Merchant): Promise<boolean> {
    return this.read('createMerchant', () => this.table.store.createMerchant(merchant));
  }

  isFrozen(): boolean {
    return this.table.store.isFrozen();
  }

  ping(): Promise<void> {
    return this.read('ping', () => this.table.store.ping());
  }

  async close(): Promise<void> {}

  /** An index may lag behind: then it does not show what is new. */
  private fromIndex<T>(entries: readonly T[]): readonly T[] {
    if (!this.ground.faults.hits('index-stale')) return entries;
    return entries.filter(() => this.ground.random.chance(0.5));
  }

  private read<T>(what: string, run: () => Promise<T>): Promise<T> {
    return this.life.ask(`${what}`, (answer: Answer<T>) => {
      const { faults, random, scheduler } = this.ground;
      if (faults.hits('store-throttled')) return answer(latency(this.ground), unavailable);
      if (this.isDown() || faults.hits('store-request-lost')) return answer(GIVES_UP_MS, unavailable);
      scheduler.in(this.wayMs(), () => {
        const extraMs = faults.hits('store-slow') ? random.int(50, 2_000) : 0;
        this.deliver(run(), extraMs, answer);
      });
    });
  }

  private write(payment: Payment, run: () => Promise<WriteResult>): Promise<WriteResult> {
    const { id } = payment.facts;
    const what = `write of ${id} r${payment.revision} ${payment.events.at(-1)?.type}`;
    const apply = () => this.table.write(payment, this.life.name, run);
    return this.life.ask(what, (answer: Answer<WriteResult>) => {
      const { faults, random, scheduler } = this.ground;
      if (faults.hits('store-throttled')) return answer(latency(this.ground), unavailable);
      if (this.isDown()) return answer(GIVES_UP_MS, random.chance(0.5) ? unavailable : unknown);
      if (faults.hits('store-request-lost')) return answer(GIVES_UP_MS, unknown);
      if (faults.hits('store-write-late')) {
        scheduler.in(GIVES_UP_MS + random.int(0, 8_000), () => void apply().catch(() => undefined));
        return answer(GIVES_UP_MS, unknown);
      }
      scheduler.in(this.wayMs(), () => {
        const done = apply();
        if (faults.hits('store-reply-lost')) {
          done.catch(() => undefined);
          return answer(GIVES_UP_MS, unknown);
        }
        if (faults.hits('store-reply-lost-and-retried')) {
          done.catch(() => undefined);
          scheduler.in(random.int(10, 2_000), () => this.deliver(apply(), 0, answer));
          return;
        }
        this.deliver(done, faults.hits('store-slow') ? random.int(50, 2_000) : 0, answer);
      });
    });
  }

  private wayMs(): number {
    return latency(this.ground);
  }

  private isDown(): boolean {
    return this.ground.faults.lasts('store-down', 500, 20_000);
  }

  private deliver<T>(result: Promise<T>, extraMs: number, answer: Answer<T>): void {
    const backMs = this.wayMs() + extraMs;
    result.then(
      (value) => answer(backMs, () => value),
      (error: unknown) =>
        answer(backMs, () => {
          throw error;
        }),
    );
  }
}

function unavailable(): never {
  throw new Problem('store-unavailable', 'The store cannot be reached.', { retryAfterSeconds: 1 });
}

function unknown(): never {
  throw new Problem('internal', 'Nobody knows whether the store did it.');
}
