/** Exponential back-off with full jitter: whoever failed together does not come back together. */
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 25;
const MOST_MS = 400;

/** @param retry 1 for the first retry */
export function backoffMs(retry: number): number {
  return Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** retry);
}

export function backOff(retry: number): Promise<void> {
  return sleep(backoffMs(retry));
}
