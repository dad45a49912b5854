/** One caller's budget as one process sees it: tokens leased from the bucket in the cache, given out without asking anybody. */
import type { Clock } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Cache } from './cache';
import { LEASE_TOKENS } from './scripts';

/** Of what one second brings: what the bucket in the cache holds. The rest may be in hands, so that all is never more than the whole. */
const BURST_SHARE = 0.75;
/** What all processes together lease at a time. Each may hold two such batches. */
const BATCH_SHARE = 0.05;
/** How often a request asks whose tokens others have taken from under its hands. */
const TRIES = 3;

export interface LeasedBucketOptions {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly key: string;
  readonly perSecond: number;
  /** How many processes share the budget; `undefined` as long as nobody knows. */
  countProcesses(): number | undefined;
  /** Takes out of this process's own share. */
  takeAlone(): number;
}

export class LeasedBucket {
  private inHand = 0;
  /** Given out without having been in hand; paid back at the next chance. */
  private owed = 0;
  private waiting = 0;
  /** The bucket in the cache is empty until then. */
  private emptyUntil = 0;
  /** A question to the cache: settles with the answer, or when that has been waited for long enough. */
  private asking: Promise<void> | undefined;
  /** The answer takes too long to be waited for, or there was none. */
  private isLate = false;

  constructor(private readonly options: LeasedBucketOptions) {}

  take(): number | Promise<number> {
    const { cache } = this.options;
    if (!cache.isUp) return this.takeOnCredit();
    const emptyMs = this.emptyMs();
    if (this.inHand > 0) {
      this.inHand--;
      if (this.inHand < this.batch() && emptyMs <= 0 && this.asking === undefined) void this.ask();
      return 0;
    }
    if (emptyMs > 0) return emptyMs;
    if (this.isLate && this.asking !== undefined) return this.takeOnCredit();
    return this.waitAndTake();
  }

  private async waitAndTake(): Promise<number> {
    this.waiting++;
    try {
      for (let tries = 0; tries < TRIES; tries++) {
        await (this.asking ?? this.ask());
        if (this.inHand > 0) {
          this.inHand--;
          return 0;
        }
        const emptyMs = this.emptyMs();
        if (emptyMs > 0) return emptyMs;
        if (this.isLate) break;
      }
      return this.takeOnCredit();
    } finally {
      this.waiting--;
    }
  }

  /** By this process's share. What it gives is owed to the others; a debt from a long outage is mostly forgiven. */
  private takeOnCredit(): number {
    const waitMs = this.options.takeAlone();
    if (waitMs <= 0) this.owed = Math.min(this.owed + 1, this.options.perSecond);
    return waitMs;
  }

  private ask(): Promise<void> {
    const answer = this.lease();
    this.asking = new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.isLate = true;
        resolve();
      }, LIMITS.rateBudgetWaitMs);
      void answer.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.asking;
  }

  private async lease(): Promise<void> {
    const { cache, clock, key, perSecond } = this.options;
    const want = Math.max(1, this.batch(), this.waiting);
    const { owed } = this;
    const args = [perSecond, Math.max(1, perSecond * BURST_SHARE), want, owed].map(String);
    const lease = parseLease(await cache.call(key, ['EVAL', LEASE_TOKENS, '1', key, ...args]), want);
    this.asking = undefined;
    this.isLate = lease === undefined;
    if (lease === undefined) return;
    this.inHand += lease.given;
    this.owed -= owed;
    if (lease.given < want) this.emptyUntil = clock.elapsedMs() + Math.max(lease.emptyMs, LIMITS.rateBudgetPauseMs);
  }

  private emptyMs(): number {
    return this.emptyUntil - this.options.clock.elapsedMs();
  }

  /** How many tokens to keep in hand: none while nobody knows how many processes would do so, or where the budget is too small for it. */
  private batch(): number {
    const processes = this.options.countProcesses();
    return processes === undefined ? 0 : Math.floor((this.options.perSecond * BATCH_SHARE) / processes);
  }
}

function parseLease(answer: unknown, want: number): { given: number; emptyMs: number } | undefined {
  if (!Array.isArray(answer)) return undefined;
  const [given, emptyMs]: unknown[] = answer;
  if (!isCount(given) || !isCount(emptyMs) || given > want) return undefined;
  return { given, emptyMs: Math.min(emptyMs, LIMITS.rateBudgetEmptyMs) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
