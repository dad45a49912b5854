/**
 * What may go wrong, and how often in one world. Each world draws which faults it has at all: faults of every kind at once hide each
 * other, and a world without any must be right too.
 */
import type { Random } from './random';
import type { Scheduler } from './scheduler';

/** The highest rate a world may draw, per chance that the fault gets. */
const MOST = {
  // The store
  'store-throttled': 0.2,
  'store-request-lost': 0.1,
  'store-reply-lost': 0.2,
  'store-write-late': 0.1,
  'store-reply-lost-and-retried': 0.3,
  'store-slow': 0.3,
  'store-down': 0.02,
  'index-stale': 0.5,
  // The bank
  'bank-declines': 0.3,
  'bank-request-lost': 0.3,
  'bank-reply-lost': 0.4,
  'bank-reset-before': 0.3,
  'bank-reset-after': 0.3,
  'bank-5xx-before': 0.3,
  'bank-5xx-after': 0.3,
  'bank-wrong-answer': 0.3,
  'bank-put-late': 0.3,
  'bank-put-twice': 0.3,
  'bank-not-connected': 0.3,
  'bank-slow': 0.4,
  'bank-knows-other-body': 0.1,
  'bank-changes-its-mind': 1,
  'bank-down': 0.05,
  // Processes and their clocks
  'process-crash': 0.02,
  'process-pause': 0.01,
  'clock-step': 0.02,
  // The cache
  'cache-lost': 0.7,
  'cache-late': 0.5,
  'cache-poisoned': 0.3,
  // The way from the client
  'client-reply-lost': 0.2,
  'client-impatient': 0.2,
  'client-sends-twice': 0.3,
} as const;

export type Fault = keyof typeof MOST;
export const FAULTS = Object.keys(MOST) as readonly Fault[];

export class Faults {
  private readonly rates = new Map<Fault, number>();
  private readonly until = new Map<Fault, number>();
  private over = false;

  constructor(
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    withFaults: boolean,
    private readonly count: (what: string) => void,
  ) {
    const some = withFaults ? random.pick([0, 0.1, 0.3, 0.6]) : 0;
    for (const fault of FAULTS) {
      const rate = MOST[fault] * random.pick([0.1, 0.3, 1]);
      if (random.chance(some)) this.rates.set(fault, rate);
    }
  }

  /** Whether this world has the fault at all. */
  has(fault: Fault): boolean {
    return this.rates.has(fault);
  }

  /** Whether it happens now. */
  hits(fault: Fault): boolean {
    const rate = this.over ? undefined : this.rates.get(fault);
    if (rate === undefined || !this.random.chance(rate)) return false;
    this.count(`fault ${fault}`);
    return true;
  }

  /** Of a fault that lasts for a while once it has hit: whether it does now. */
  lasts(fault: Fault, leastMs: number, mostMs: number): boolean {
    if (this.over) return false;
    const { nowMs } = this.scheduler;
    if ((this.until.get(fault) ?? 0) > nowMs) return true;
    if (!this.hits(fault)) return false;
    this.until.set(fault, nowMs + this.random.int(leastMs, mostMs));
    return true;
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.over = true;
  }
}
