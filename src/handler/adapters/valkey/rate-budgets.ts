/**
 * Rate budgets that processes share. Each takes tokens out of the caller's bucket in the cache, some at a time and ahead of need, and gives
 * them out by itself: a request waits only where none is in hand, and then for moments. Without the cache each process has its share.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, RateBudgets } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { Lru } from '../memory/lru';
import { type CallerRates, createMemoryRateBudgets } from '../memory/rate-budgets';
import type { Cache } from './cache';
import { LeasedBucket } from './leased-bucket';
import { COUNT_PROCESSES } from './scripts';

export function createValkeyRateBudgets(
  cache: Cache,
  namespace: string,
  rates: CallerRates,
  clock: Clock,
): RateBudgets {
  const buckets = {
    writes: new Lru<LeasedBucket>(LIMITS.rateBudgetCallers),
    reads: new Lru<LeasedBucket>(LIMITS.rateBudgetCallers),
  };
  const countProcesses = createProcessCount(cache, namespace, clock);
  const alone = createMemoryRateBudgets(rates, clock, () => 1 / (countProcesses() ?? 1));

  return {
    take(callerId, kind) {
      const perSecond = rates[kind];
      if (perSecond === undefined) return 0;
      const known = buckets[kind].get(callerId);
      if (known !== undefined) return known.take();
      const key = `${namespace}${kind}:${callerId}`;
      const takeAlone = () => alone.take(callerId, kind);
      const bucket = new LeasedBucket({ cache, clock, key, perSecond, countProcesses, takeAlone });
      buckets[kind].set(callerId, bucket);
      return bucket.take();
    },
  };
}

/** Counts the processes that share the cache: `undefined` until it has answered once. Never waits; asks again when the count is old. */
function createProcessCount(cache: Cache, namespace: string, clock: Clock): () => number | undefined {
  const key = `${namespace}processes`;
  const process = randomUUID();
  let count: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    const answer = await cache.call(key, ['EVAL', COUNT_PROCESSES, '1', key, process, String(LIMITS.processSeenMs)]);
    if (typeof answer === 'number') count = Math.min(Math.max(answer, 1), LIMITS.processesMax);
  }

  return () => {
    const now = clock.elapsedMs();
    if (now - askedAt > LIMITS.processSeenMs / 3 && cache.isUp) {
      askedAt = now;
      void ask();
    }
    return count;
  };
}
