/**
 * Drives a begun operation to its outcome at the bank, from any process, any number of times.
 *
 * The intent is in the item before the bank is asked, under an opKey that every process derives alike, so a repeated step is the same
 * step. Nothing is guessed: after an answer that cannot be believed the bank is asked what became of it, and only "never seen" lets the same
 * PUT go out again. When time is up the operation stays `unknown`, and a later request or the sweep goes on.
 */
import type { PaymentEvent } from '../domain/events';
import { LIMITS } from '../domain/limits';
import { CONFLICT, findOperation, NEEDS_RECONCILIATION, opKeyOf, pendingOperation } from '../domain/operation';
import type { Payment } from '../domain/payment';
import { type Answer, askBank, type Step } from './bank';
import type { Deps, Principal } from './context';
import { InFlight } from './in-flight';
import { outcomeOf, outOfTime, record } from './record';
import { fallOver, takeOver } from './routing';

export { InFlight };

/**
 * @param resumed the bank may have been asked before, so ask what became of it first
 * @returns the payment with the operation definite, or `unknown` when time was up
 * @throws Problem where the store cannot be written, or the operation's bank is configured no more
 */
export function settle(deps: Deps, payment: Payment, by: Principal, resumed: boolean): Promise<Payment> {
  const operation = pendingOperation(payment.state);
  if (operation === undefined || operation.code === NEEDS_RECONCILIATION || deps.store.isFrozen()) {
    return Promise.resolve(payment);
  }
  const drive = new Drive(deps, { payment, operation, by }, resumed);
  return deps.inFlight.run(opKeyOf(payment.facts.id, operation.op), () => drive.run());
}

class Drive {
  private ask: 'put' | 'get';
  /** Nothing of this step has been sent to a bank, by anyone. */
  private untouched: boolean;
  /** The bank knows the step with another body: its record decides. */
  private conflict: boolean;
  private backoffMs: number = LIMITS.settleBackoffMs.first;

  constructor(
    private readonly deps: Deps,
    private step: Step,
    resumed: boolean,
  ) {
    this.ask = resumed ? 'get' : 'put';
    this.untouched = !resumed;
    this.conflict = step.operation.code === CONFLICT;
  }

  async run(): Promise<Payment> {
    const { deps } = this;
    if (!this.untouched) this.step = await takeOver(deps, this.step);
    const endsAt = deps.clock.elapsedMs() + LIMITS.settleMs;
    const left = () => endsAt - deps.clock.elapsedMs();
    while (left() > 0 && this.isOpen()) {
      const answer = await askBank(deps, this.step, this.ask, Math.min(LIMITS.connectorAttemptMs, left()));
      const event = outcomeOf(deps, this.step, answer, this.conflict);
      if (event !== undefined) return this.end(event);
      if (await this.learn(answer)) continue;
      if (left() <= this.backoffMs) break;
      await deps.clock.sleep(this.backoffMs);
      this.backoffMs = Math.min(this.backoffMs * 2, LIMITS.settleBackoffMs.most);
    }
    return record(deps, this.step, outOfTime(deps, this.step, this.conflict));
  }

  /** Another process may have ended it meanwhile. */
  private isOpen(): boolean {
    const { payment, operation } = this.step;
    return findOperation(payment.state, operation.op)?.settledVersion === undefined;
  }

  /** @returns whether the next question may follow at once */
  private async learn({ result }: Answer): Promise<boolean> {
    if (result === 'not-sent') return this.untouched && this.moveOn();
    this.untouched = false;
    this.conflict ||= result === 'conflict';
    const asked = this.ask;
    this.ask = result === 'absent' ? 'put' : 'get';
    return this.ask !== asked && (result === 'absent' || result === 'conflict');
  }

  private async moveOn(): Promise<boolean> {
    const moved = await fallOver(this.deps, this.step);
    if (moved === undefined) return false;
    this.step = moved.step;
    if (moved.alone) return true;
    this.untouched = false;
    this.ask = 'get';
    return true;
  }

  private end(event: PaymentEvent): Promise<Payment> {
    const { deps, step } = this;
    const doubt = () => deps.inFlight.doubts.add(step.payment.facts.id, step.operation.op, deps.clock.elapsedMs());
    // Declined after silence: the first PUT may be under way still.
    if (event.type === 'operation_declined' && this.ask === 'get') doubt();
    return record(deps, step, event).catch((error: unknown) => {
      doubt();
      throw error;
    });
  }
}
