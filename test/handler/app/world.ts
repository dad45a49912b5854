/** A small world for use cases: the real memory store, a bank that follows a script, and a clock that runs as fast as the test. */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { oneConnector } from '../../../src/handler/adapters/connector/routing';
import { createMemoryStore } from '../../../src/handler/adapters/memory/payment-store';
import { createMemoryWakeUps } from '../../../src/handler/adapters/memory/wake-ups';
import type { Caller, Deps } from '../../../src/handler/app/context';
import { type CreatePaymentRequest, createPayment } from '../../../src/handler/app/create-payment';
import { putMerchant } from '../../../src/handler/app/merchants';
import type { OperationCommand } from '../../../src/handler/app/operate';
import type { BankAnswer, BankOperation, Clock, Connector } from '../../../src/handler/app/ports';
import { Sweep } from '../../../src/handler/app/resume';
import { InFlight } from '../../../src/handler/app/settle';
import type { Payment } from '../../../src/handler/domain/payment';
import { qrKey } from '../../../src/qr';

export const START = '2026-11-22T12:00:00.000Z';

/** Time passes only when everybody waits for it: then it jumps to the next moment that somebody waits for. */
export class VirtualClock implements Clock {
  private time = Date.parse(START);
  private elapsed = 0;
  private waiting: { readonly at: number; readonly wake: () => void }[] = [];
  private ticking = false;

  now(): Date {
    return new Date(this.time);
  }

  /** As an operator would set it, backwards too. */
  set(iso: string): void {
    this.time = Date.parse(iso);
  }

  advance(ms: number): void {
    this.time += ms;
    this.elapsed += ms;
  }

  elapsedMs(): number {
    return this.elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.waiting = this.waiting.filter((each) => each !== waiter);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiter = { at: this.elapsed + ms, wake };
      this.waiting.push(waiter);
      signal?.addEventListener('abort', giveUp);
      this.tick();
    });
  }

  private tick(): void {
    if (this.ticking) return;
    this.ticking = true;
    setImmediate(() => {
      this.ticking = false;
      const next = this.waiting.sort((one, other) => one.at - other.at).shift();
      if (next === undefined) return;
      this.advance(Math.max(next.at - this.elapsed, 0));
      next.wake();
      this.tick();
    });
  }
}

export type Answer = BankAnswer | { readonly result: 'absent' } | 'silence';

/** Answers from its script, one answer a call, and then the last one again; keeps what it was asked. */
export class ScriptedBank implements Connector {
  readonly calls: string[] = [];
  readonly operations: BankOperation[] = [];
  script: Answer[] = [APPROVED];

  put(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    return this.answer('PUT', operation, signal) as Promise<BankAnswer>;
  }

  get(operation: BankOperation, signal: AbortSignal) {
    return this.answer('GET', operation, signal);
  }

  private answer(
    method: string,
    operation: BankOperation,
    signal: AbortSignal,
  ): Promise<BankAnswer | { result: 'absent' }> {
    this.calls.push(`${method} ${operation.opKey.slice(operation.paymentId.length + 1)}`);
    this.operations.push(operation);
    const answer = this.script.length > 1 ? this.script.shift()! : this.script[0];
    if (answer !== 'silence') return Promise.resolve(answer);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ result: 'unknown' })));
  }
}

export const APPROVED: BankAnswer = { result: 'approved', code: 'approved', reference: 'ref-1' };
export const DECLINED: BankAnswer = { result: 'declined', code: 'do_not_honor', reference: 'ref-2' };
export const UNKNOWN: BankAnswer = { result: 'unknown' };
export const MISMATCH: BankAnswer = { result: 'mismatch' };
export const ABSENT = { result: 'absent' } as const;

export const NOT_SENT: BankAnswer = { result: 'not-sent' };
export const CONFLICT: BankAnswer = { result: 'conflict' };

/** What a bank's own record says after a conflict. */
export function held(result: 'approved' | 'declined', value: number, currency = 'SGD'): BankAnswer {
  return { result: 'mismatch', record: { result, code: 'theirs', reference: 'ref-3', amount: { currency, value } } };
}

export class World {
  readonly clock = new VirtualClock();
  readonly bank = new ScriptedBank();
  /** Types of the events that the observer was told of, oldest first. */
  readonly told: (string | undefined)[] = [];
  readonly sweepErrors: unknown[] = [];
  replays = 0;
  deps: Deps;

  constructor(store = createMemoryStore()) {
    this.deps = {
      store,
      connectors: oneConnector(this.bank),
      observer: {
        changed: ({ events }) => void this.told.push(events.at(-1)?.type),
        replayed: () => {
          this.replays++;
        },
      },
      wakeUps: createMemoryWakeUps(),
      clock: this.clock,
      paymentIdKey: createSecretKey(randomBytes(32)),
      qrKeys: () => [qrKey('k1', Buffer.alloc(32, 7))],
      homeRegion: 'local',
      inFlight: new InFlight(),
    };
  }

  /** Another process on the same store, bank and clock; this one is thought dead. */
  restart(): void {
    this.deps = this.another();
  }

  /** Another process beside this one. */
  another(): Deps {
    return { ...this.deps, inFlight: new InFlight(), wakeUps: createMemoryWakeUps() };
  }

  /** Several banks instead of the one; every payment may go to all of them, in this order. */
  useBanks<Name extends string>(...names: readonly Name[]): { [name in Name]: ScriptedBank } {
    const banks = new Map(names.map((name) => [name as string, new ScriptedBank()]));
    this.deps = { ...this.deps, connectors: { routeFor: () => names, find: (name) => banks.get(name) } };
    return Object.fromEntries(banks) as { [name in Name]: ScriptedBank };
  }

  /** One look of the sweep, with all that it drives. @returns how many operations that were */
  async sweep(deps = this.deps): Promise<number> {
    const driven = await new Sweep(deps, (error) => this.sweepErrors.push(error)).once();
    await deps.inFlight.idle();
    return driven;
  }

  caller(id = 'm_1', scopes = ['payments:read', 'payments:write', 'payments:authorize', 'payments:refund']): Caller {
    return { id, scopes: new Set(scopes), requestId: randomUUID() };
  }

  async payment(request: Partial<CreatePaymentRequest> = {}, key: string = randomUUID()): Promise<Payment> {
    const accounts = [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '1' } }];
    const profile = { name: 'Shop', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD', accounts };
    await putMerchant(this.deps, 'm_1', profile);
    const body = { amount: { currency: 'SGD', value: 1000 }, reference: 'order-1', ...request };
    return (await createPayment(this.deps, this.caller(), body, key, 'POST /v1/payments')).payment;
  }

  async stored(id: string): Promise<Payment> {
    return (await this.deps.store.get(id))!;
  }
}

/** @param verb as in the path; the rest of the route goes into the request's hash */
export function command<Body>(
  paymentId: string,
  verb: string,
  body: Body,
  more: Partial<OperationCommand> = {},
): OperationCommand & { body: Body } {
  return { paymentId, route: `POST /v1/payments/{id}/${verb}`, idempotencyKey: randomUUID(), ...more, body };
}

export const types = ({ events }: Payment): string[] => events.map(({ type }) => type);

/** Lets everything go on that waits for nothing but its turn. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

export const PAY = { payer: { token: 'tok_of_the_payer' } };
