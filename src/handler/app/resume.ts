/** Going on with what was left behind: by a request that comes by, and by the sweep, which finds what nobody asks for. */
import { LIMITS } from '../domain/limits';
import { dueUndo, opKeyOf, pendingOperation, waitsSince } from '../domain/operation';
import type { Payment } from '../domain/payment';
import { type Deps, SYSTEM } from './context';
import { lookAgain } from './doubts';
import { settle } from './settle';
import { undoLate } from './undo';

/** The next thing to be asked of the bank: an outcome that is not definite, or the undoing of what it did late. */
function goOn(deps: Deps, payment: Payment): Promise<Payment> {
  const isPending = pendingOperation(payment.state) !== undefined;
  return isPending ? settle(deps, payment, SYSTEM, true) : undoLate(deps, payment);
}

/** Lets a reader or a bystander push on what a crashed process has left behind, without waiting for it. */
export function resumeAbandoned(deps: Deps, payment: Payment): void {
  if (!isAbandoned(deps, payment)) return;
  goOn(deps, payment).catch(() => undefined); // the store cannot be reached: the sweep tries again
}

/** Old enough that the process that began it has let go of it; or begun by a clock that is wrong, which must not make it wait. */
export function isAbandoned(deps: Deps, { state }: Payment): boolean {
  if (deps.store.isFrozen()) return false;
  const pending = pendingOperation(state);
  if (pending === undefined) return dueUndo(state) !== undefined;
  const ageMs = deps.clock.now().getTime() - Date.parse(pending.createdAt);
  return ageMs >= LIMITS.handsOffMs || ageMs <= -LIMITS.handsOffMs;
}

/** Runs until `signal` aborts; once at once, then every few seconds with jitter, so that processes do not sweep in step. */
export async function sweepForEver(deps: Deps, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  const sweep = new Sweep(deps, onError);
  while (!signal.aborted) {
    await sweep.once().catch(onError);
    const intervalMs = sweep.leftSome ? LIMITS.sweepAgainMs : LIMITS.sweepIntervalMs;
    const jitter = 0.5 + Math.random();
    await deps.clock.sleep(intervalMs * jitter, signal).catch(() => undefined);
  }
}

interface Attempt {
  readonly waitMs: number;
  readonly nextAtMs: number;
  /** When what it tries was begun. */
  readonly since: string;
}

/** Tries each operation less and less often, so that those that stay unknown keep nobody waiting, and no bank busy. */
export class Sweep {
  /** By payment; of those that the index still shows. */
  private attempts = new Map<string, Attempt>();
  private driving = 0;
  /** Whether there was more to drive than room for it. */
  leftSome = false;

  constructor(
    private readonly deps: Deps,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Does not wait for the bank. @returns how many it began to drive */
  async once(): Promise<number> {
    const { store, homeRegion, inFlight } = this.deps;
    if (store.isFrozen()) return 0; // what the bank says could not be kept
    for (const doubt of inFlight.doubts.takeDue(this.nowMs())) {
      this.run(() => inFlight.run(opKeyOf(doubt.paymentId, doubt.op), () => lookAgain(this.deps, doubt)));
    }
    const waiting = await store.listPending({ homeRegion, since: END_OF_TIME, limit: LIMITS.sweepScan });
    this.forgetAllBut(waiting);
    const room = Math.max(LIMITS.sweepBatch - this.driving, 0);
    const due = waiting.filter((id) => (this.attempts.get(id)?.nextAtMs ?? 0) <= this.nowMs());
    const batch = due.slice(0, room);
    const payments = (await store.getMany(batch)).filter((payment) => this.isOurs(payment));
    for (const payment of payments) this.drive(payment);
    const since = [...this.attempts.values()].map((attempt) => attempt.since).sort();
    this.deps.observer.swept?.(since.length, since[0]);
    // Oldest first: where the last one of the batch is somebody's who is at work, so are those after it.
    this.leftSome = due.length > batch.length && payments.length === batch.length;
    return payments.length;
  }

  private isOurs(payment: Payment): boolean {
    const { facts, state } = payment;
    const waiting = pendingOperation(state) ?? dueUndo(state)?.of;
    const isDriven = waiting !== undefined && this.deps.inFlight.has(opKeyOf(facts.id, waiting.op));
    return isAbandoned(this.deps, payment) && !isDriven;
  }

  private drive(payment: Payment): void {
    const { id } = payment.facts;
    const { first, most } = LIMITS.sweepBackoffMs;
    const waitMs = Math.min((this.attempts.get(id)?.waitMs ?? first / 2) * 2, most);
    const since = waitsSince(payment.state) ?? payment.state.updatedAt;
    const leaveAlone = () => this.attempts.set(id, { waitMs, nextAtMs: this.nowMs() + waitMs, since });
    leaveAlone();
    this.run(() => goOn(this.deps, payment).finally(leaveAlone));
  }

  private run(work: () => Promise<Payment>): void {
    this.driving++;
    work()
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
