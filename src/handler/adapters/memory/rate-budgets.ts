/** Rate budgets of this process: a token bucket for each caller and kind, which holds what one second brings. */
import type { BudgetKind, Clock, RateBudgets } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { Lru } from './lru';

/** Requests a second of each caller; unset: as many as it likes. */
export type CallerRates = Readonly<Partial<Record<BudgetKind, number>>>;

export interface MemoryRateBudgets extends RateBudgets {
  take(callerId: string, kind: BudgetKind): number;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was true, by the clock's `elapsedMs`. */
  at: number;
}

/** @param share of the budget that this process may give away, as of now: 0 to 1 */
export function createMemoryRateBudgets(
  rates: CallerRates,
  clock: Pick<Clock, 'elapsedMs'>,
  share: () => number = () => 1,
): MemoryRateBudgets {
  const buckets = {
    writes: new Lru<Bucket>(LIMITS.rateBudgetCallers),
    reads: new Lru<Bucket>(LIMITS.rateBudgetCallers),
  };

  return {
    take(callerId, kind) {
      const budget = rates[kind];
      if (budget === undefined) return 0;
      const perSecond = budget * share();
      const burst = Math.max(1, perSecond);
      const now = clock.elapsedMs();
      const known = buckets[kind].get(callerId);
      const bucket = known ?? { tokens: burst, at: now };
      if (known === undefined) buckets[kind].set(callerId, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
      bucket.tokens -= 1;
      return 0;
    },
  };
}
