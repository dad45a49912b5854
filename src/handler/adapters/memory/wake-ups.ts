/** Wake-ups within this process. */
import type { WakeUps } from '../../app/ports';
import { LIMITS } from '../../domain/limits';

/** Who listens beyond `listenersMax` is not woken: it waits its time and looks for itself. */
export function createMemoryWakeUps(listenersMax: number = LIMITS.connectionsMax): WakeUps {
  const listeners = new Map<string, Set<() => void>>();
  let count = 0;

  function listen(paymentId: string, wake: () => void): void {
    if (count >= listenersMax) return;
    const waiting = listeners.get(paymentId) ?? new Set();
    listeners.set(paymentId, waiting.add(wake));
    count++;
  }

  function leave(paymentId: string, wake: () => void): void {
    const waiting = listeners.get(paymentId);
    if (waiting?.delete(wake)) count--;
    if (waiting?.size === 0) listeners.delete(paymentId);
  }

  return {
    announce(paymentId) {
      for (const wake of [...(listeners.get(paymentId) ?? [])]) wake();
    },

    wait(paymentId, timeoutMs, signal) {
      return new Promise((resolve) => {
        const wake = () => {
          leave(paymentId, wake);
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        if (signal.aborted) return wake();
        signal.addEventListener('abort', wake, { once: true });
        listen(paymentId, wake);
      });
    },
  };
}
