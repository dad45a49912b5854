// The figures of a run, from its history.
import { outcomeOf } from './history.mjs';

export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Of what was answered definitely and was invoked in that time. */
export function latency(attempts, from, to) {
  const tookMs = attempts
    .filter((attempt) => attempt.invokedAt >= from && attempt.invokedAt < to)
    .filter((attempt) => ['done', 'refused'].includes(outcomeOf(attempt)))
    .map(({ invokedAt, completedAt }) => completedAt - invokedAt);
  return { count: tookMs.length, p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99) };
}

export function countBy(items, nameOf) {
  const counts = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
