/** Exponential back-off with full jitter: whoever failed together does not come back together. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '../../domain/limits';

/** @param retry 1 for the first retry */
export function backoffMs(retry: number): number {
  const { first, most } = LIMITS.awsBackoffMs;
  return Math.random() * Math.min(most, first * 2 ** retry);
}

export function backOff(retry: number): Promise<void> {
  return sleep(backoffMs(retry));
}
