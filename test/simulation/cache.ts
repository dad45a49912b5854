/** Wake-ups between processes: lost, late, and about payments that did not change. */
import type { WakeUps } from '../../src/handler/app/ports';
import { type Ground, latency } from './ground';
import type { Life } from './process';
import type { Surroundings } from './surroundings';

export class CacheLink implements WakeUps {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(
    private readonly life: Life,
    private readonly ground: Ground,
    private readonly surroundings: Surroundings,
  ) {}

  announce(paymentId: string): void {
    if (!this.life.alive) return;
    const { faults, random } = this.ground;
    for (const { life } of this.surroundings.processes) {
      if (life === undefined || faults.hits('cache-lost')) continue;
      const extraMs = faults.hits('cache-late') ? random.int(100, 10_000) : 0;
      life.later(latency(this.ground) + extraMs, 'wake-up', () => life.cache.wake(paymentId));
    }
  }

  wait(paymentId: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const listeners = this.waiting.get(paymentId) ?? new Set();
      this.waiting.set(paymentId, listeners);
      const done = () => {
        cancel();
        listeners.delete(done);
        resolve();
      };
      const { faults, random } = this.ground;
      const afterMs = faults.hits('cache-poisoned') ? random.int(0, timeoutMs) : timeoutMs;
      const cancel = this.life.later(afterMs, 'end of a wait', done);
      listeners.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  wake(paymentId: string): void {
    for (const done of [...(this.waiting.get(paymentId) ?? [])]) done();
  }
}
