/** The sweep: finds operations that a crashed or overtaken process has left without an outcome, and drives them on. */
import { LIMITS } from '../domain/limits';
import type { Deps } from './context';
import { settle } from './settle';

/** Runs until `signal` aborts; once at once, then every few seconds with jitter, so that processes do not sweep in step. */
export async function sweepForEver(deps: Deps, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await sweepOnce(deps).catch(onError);
    const jitter = 0.5 + Math.random();
    await deps.clock.sleep(LIMITS.sweepIntervalMs * jitter, signal).catch(() => undefined);
  }
}

/** @returns how many were driven */
export async function sweepOnce(deps: Deps): Promise<number> {
  const since = new Date(deps.clock.now().getTime() - LIMITS.handsOffMs).toISOString();
  const ids = await deps.store.listPending({ homeRegion: deps.homeRegion, since, limit: LIMITS.sweepBatch });
  const payments = await deps.store.getMany(ids);
  await Promise.all(payments.map((payment) => settle(deps, payment, 'system', true)));
  return payments.length;
}
