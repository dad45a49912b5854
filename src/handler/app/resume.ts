/** The sweep: finds operations that a crashed or overtaken process has left without an outcome, and drives them on. */
import { LIMITS } from '../domain/limits';
import { opKeyOf, type Payment, pendingOperation } from '../domain/payment';
import type { Deps } from './context';
import { isAbandoned } from './load-payment';
import { settle } from './settle';

/** Runs until `signal` aborts; once at once, then every few seconds with jitter, so that processes do not sweep in step. */
export async function sweepForEver(deps: Deps, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  const sweep = new Sweep(deps, onError);
  while (!signal.aborted) {
    await sweep.once().catch(onError);
    const jitter = 0.5 + Math.random();
    await deps.clock.sleep(LIMITS.sweepIntervalMs * jitter, signal).catch(() => undefined);
  }
}

interface Attempt {
  readonly waitMs: number;
  readonly nextAtMs: number;
}

/** Tries each operation less and less often, so that those that stay unknown keep nobody waiting, and no bank busy. */
export class Sweep {
  /** By payment; of those that the index still shows. */
  private attempts = new Map<string, Attempt>();
  private driving = 0;

  constructor(
    private readonly deps: Deps,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Does not wait for the bank. @returns how many it began to drive */
  async once(): Promise<number> {
    const { store, homeRegion } = this.deps;
    const waiting = await store.listPending({ homeRegion, since: END_OF_TIME, limit: LIMITS.sweepScan });
    this.forgetAllBut(waiting);
    const room = LIMITS.sweepBatch - this.driving;
    const ids = waiting
      .filter((id) => (this.attempts.get(id)?.nextAtMs ?? 0) <= this.nowMs())
      .slice(0, Math.max(room, 0));
    const payments = (await store.getMany(ids)).filter((payment) => this.isOurs(payment));
    for (const payment of payments) this.drive(payment);
    return payments.length;
  }

  private isOurs(payment: Payment): boolean {
    const pending = pendingOperation(payment.state);
    return (
      pending !== undefined &&
      isAbandoned(this.deps, payment) &&
      !this.deps.inFlight.has(opKeyOf(payment.facts.id, pending.op))
    );
  }

  private drive(payment: Payment): void {
    const { first, most } = LIMITS.sweepBackoffMs;
    const waitMs = Math.min((this.attempts.get(payment.facts.id)?.waitMs ?? first / 2) * 2, most);
    this.attempts.set(payment.facts.id, { waitMs, nextAtMs: this.nowMs() + waitMs });
    this.driving++;
    settle(this.deps, payment, 'system', true)
      .catch(this.onError)
      .finally(() => {
        this.driving--;
      });
  }

  private forgetAllBut(waiting: readonly string[]): void {
    const known = waiting.flatMap((id): [string, Attempt][] => {
      const attempt = this.attempts.get(id);
      return attempt === undefined ? [] : [[id, attempt]];
    });
    this.attempts = new Map(known);
  }

  private nowMs(): number {
    return this.deps.clock.elapsedMs();
  }
}

/** Later than any clock that is merely wrong. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';
