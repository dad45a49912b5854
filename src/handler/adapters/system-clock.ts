/** The wall clock, for everything but tests. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../app/ports';

export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
