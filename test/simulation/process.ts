/**
 * One handler process. Everything it awaits comes back to it through here, and so this is where it dies, stands still and comes back: a
 * dead process's promises never resolve, and the next life starts with nothing but what the store holds.
 */
import { createSecretKey } from 'node:crypto';
import type { Deps } from '../../src/handler/app/context';
import type { Clock, Connectors } from '../../src/handler/app/ports';
import { sweepForEver } from '../../src/handler/app/resume';
import { InFlight } from '../../src/handler/app/settle';
import { Problem } from '../../src/handler/domain/errors';
import { qrKey } from '../../src/qr';
import { BankLink } from './bank-link';
import { CacheLink } from './cache';
import { type Ground, START_MS } from './ground';
import { StoreLink } from './store-link';
import type { Surroundings } from './surroundings';

const PAYMENT_ID_KEY = createSecretKey(Buffer.alloc(32, 1));
const QR_KEYS = [qrKey('k1', Buffer.alloc(32, 7))];
const HOUR_MS = 3_600_000;

/** Gives a process what it asked for, some time later; the outcome is made when it arrives, and may throw. */
export type Answer<T> = (afterMs: number, outcome: () => T) => void;

/** A process from its start to its crash. */
export class Life {
  alive = true;
  readonly deps: Deps;
  readonly cache: CacheLink;
  private readonly stopping = new AbortController();
  private readonly bornMs: number;
  /** Of a process that stands still: what has come in meanwhile. */
  private held: (() => void)[] | undefined;

  constructor(
    /** Unlike any other life's. */
    readonly name: string,
    private readonly process: Process,
    private readonly ground: Ground,
    surroundings: Surroundings,
  ) {
    this.bornMs = ground.scheduler.nowMs;
    this.cache = new CacheLink(this, ground, surroundings);
    this.deps = {
      store: new StoreLink(this, ground, surroundings.table),
      connectors: this.connectors(surroundings),
      observer: {
        changed: () => ground.count('observed change'),
        replayed: () => ground.count('observed replay'),
      },
      wakeUps: this.cache,
      clock: this.clock(),
      paymentIdKey: PAYMENT_ID_KEY,
      qrKeys: () => QR_KEYS,
      homeRegion: 'local',
      inFlight: new InFlight(),
    };
  }

  begin(): void {
    void sweepForEver(this.deps, this.stopping.signal, (error) => this.sweepFailed(error));
  }

  /** Something that the process awaits. Nothing comes back to the dead. */
  ask<T>(what: string, begin: (answer: Answer<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.alive || this.crashes(`before ${what}`)) return;
      begin((afterMs, outcome) => {
        this.later(afterMs, what, () => {
          try {
            resolve(outcome());
          } catch (error) {
            reject(error);
          }
        });
      });
      this.crashes(`after ${what}`);
    });
  }

  /** @returns takes it back */
  later(afterMs: number, what: string, run: () => void): () => void {
    return this.ground.scheduler.in(afterMs, () => this.go(what, run));
  }

  wakeUp(): void {
    const waiting = this.held ?? [];
    this.held = undefined;
    for (const run of waiting) this.ground.scheduler.in(0, run);
  }

  /** No more sweeps: the world is about to end. */
  stop(): void {
    this.stopping.abort();
  }

  die(): void {
    this.alive = false;
    this.held = undefined;
    this.stop();
  }

  private go(what: string, run: () => void): void {
    if (!this.alive) return;
    const { faults, random, scheduler, trace } = this.ground;
    if (this.held === undefined && faults.hits('process-pause')) {
      const pauseMs = random.int(100, 20_000);
      trace(() => `${this.process.name} stands still for ${pauseMs} ms`);
      this.held = [];
      scheduler.in(pauseMs, () => this.wakeUp());
    }
    if (this.held !== undefined) {
      this.held.push(() => this.go(what, run));
      return;
    }
    if (!this.crashes(`at ${what}`)) run();
  }

  private crashes(when: string): boolean {
    if (!this.ground.faults.hits('process-crash')) return false;
    this.process.crash(when);
    return true;
  }

  private clock(): Clock {
    const { scheduler } = this.ground;
    return {
      now: () => new Date(START_MS + scheduler.nowMs + this.process.skewMs()),
      elapsedMs: () => scheduler.nowMs - this.bornMs,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const stop = () => {
            cancel();
            reject(signal?.reason);
          };
          const cancel = this.later(ms, 'timer', () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          });
          signal?.addEventListener('abort', stop, { once: true });
        }),
    };
  }

  private connectors({ banks, table }: Surroundings): Connectors {
    const links = new Map(banks.map((bank) => [bank.name, new BankLink(this, this.ground, bank, table)]));
    return {
      routeFor: () => banks.map(({ name }) => name),
      find: (name) => links.get(name),
    };
  }

  private sweepFailed(error: unknown): void {
    if (error instanceof Problem) return; // the store could not be reached; the next sweep comes
    this.ground.violate('I35', `the sweep of ${this.process.name} failed: ${error}`);
  }
}

export class Process {
  life: Life | undefined;
  private lives = 0;
  private skew = 0;

  constructor(
    readonly name: string,
    private readonly ground: Ground,
    private readonly surroundings: Surroundings,
  ) {
    if (ground.faults.has('clock-step')) this.stepClock();
  }

  start(): void {
    if (this.life !== undefined) return;
    this.ground.trace(() => `${this.name} starts`);
    this.life = new Life(`${this.name}.${++this.lives}`, this, this.ground, this.surroundings);
    this.life.begin();
  }

  crash(when: string): void {
    const { scheduler, random, trace } = this.ground;
    trace(() => `${this.name} crashes ${when}`);
    this.life?.die();
    this.life = undefined;
    this.surroundings.onCrash(this);
    scheduler.in(random.int(50, 8_000), () => this.start());
  }

  /** How wrong its clock is, now: somebody may set it at any moment. */
  skewMs(): number {
    if (this.ground.faults.hits('clock-step')) this.stepClock();
    return this.skew;
  }

  private stepClock(): void {
    const { random, trace } = this.ground;
    const most = random.pick([20, 2_000, 8_000, 70_000, HOUR_MS]);
    this.skew = random.int(-most, most);
    trace(() => `the clock of ${this.name} is ${this.skew} ms ahead`);
  }
}
