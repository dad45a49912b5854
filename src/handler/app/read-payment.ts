/** Reading a payment: as it stands, or once it has changed (long poll). */
import { LIMITS } from '../domain/limits';
import type { Payment } from '../domain/payment';
import type { Caller, Deps } from './context';
import { expireIfDue, findPayment, showExpired } from './load-payment';
import { resumeAbandoned } from './resume';

export async function readPayment(deps: Deps, caller: Caller, id: string): Promise<Payment> {
  const stored = await findPayment(deps, caller, id, 'payer');
  const resume = (payment: Payment) => {
    resumeAbandoned(deps, payment);
    return payment;
  };
  return expireIfDue(deps, stored).then(resume, showExpired(deps, stored));
}

/** Waits for another version than `knownVersion`; after `waitMs`, or when `signal` aborts, the payment as it stands. */
export async function awaitChange(
  deps: Deps,
  caller: Caller,
  id: string,
  knownVersion: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Payment> {
  const endsAt = deps.clock.elapsedMs() + waitMs;
  for (;;) {
    const stop = new AbortController();
    // Listening before reading, so that a change in between is not missed.
    const woken = deps.wakeUps.wait(id, LIMITS.longPollRereadMs, AbortSignal.any([signal, stop.signal]));
    const payment = await readPayment(deps, caller, id);
    const leftMs = endsAt - deps.clock.elapsedMs();
    if (payment.state.version !== knownVersion || leftMs <= 0 || signal.aborted) {
      stop.abort();
      return payment;
    }
    await Promise.race([woken, deps.clock.sleep(leftMs, stop.signal).catch(() => undefined)]);
    stop.abort();
  }
}
