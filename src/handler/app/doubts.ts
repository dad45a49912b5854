/**
 * Declines that may not be the bank's last word: told only after silence, or contradicted when nothing could be written. The bank is asked
 * once more, a while later. Kept by this process alone: a crash loses the second look, not an outcome.
 */
import { LIMITS } from '../domain/limits';
import { findOperation, opKeyOf } from '../domain/operation';
import type { Payment } from '../domain/payment';
import { askBank } from './bank';
import { type Deps, SYSTEM } from './context';
import { outcomeOf, record } from './record';

export interface Doubt {
  readonly paymentId: string;
  readonly op: string;
  readonly dueMs: number;
  readonly triesLeft: number;
}

export class Doubts {
  private readonly byOpKey = new Map<string, Doubt>();

  add(paymentId: string, op: string, nowMs: number): void {
    if (this.byOpKey.size >= LIMITS.doubts) return;
    this.put({ paymentId, op, dueMs: nowMs + LIMITS.doubtMs, triesLeft: LIMITS.doubtTries });
  }

  /** Each comes again, a few times, until it is dropped. */
  takeDue(nowMs: number): readonly Doubt[] {
    const due = [...this.byOpKey.values()].filter(({ dueMs }) => dueMs <= nowMs);
    for (const doubt of due) {
      if (doubt.triesLeft === 1) this.drop(doubt);
      else this.put({ ...doubt, dueMs: nowMs + LIMITS.doubtMs, triesLeft: doubt.triesLeft - 1 });
    }
    return due;
  }

  drop({ paymentId, op }: Doubt): void {
    this.byOpKey.delete(opKeyOf(paymentId, op));
  }

  private put(doubt: Doubt): void {
    this.byOpKey.set(opKeyOf(doubt.paymentId, doubt.op), doubt);
  }
}

/** @returns the payment, with the step marked late where the bank has done it after all */
export async function lookAgain(deps: Deps, doubt: Doubt): Promise<Payment> {
  const { doubts } = deps.inFlight;
  const payment = await deps.store.get(doubt.paymentId);
  const operation = payment && findOperation(payment.state, doubt.op);
  if (payment === undefined || operation === undefined) throw new Error(`payment ${doubt.paymentId} lacks ${doubt.op}`);
  if (operation.status !== 'declined' || operation.lateAt !== undefined) {
    doubts.drop(doubt);
    return payment;
  }
  const step = { payment, operation, by: SYSTEM };
  const answer = await askBank(deps, step, 'get');
  const event = outcomeOf(deps, step, answer, false);
  const seen = event === undefined ? payment : await record(deps, step, event);
  if (event !== undefined || answer.result === 'absent') doubts.drop(doubt);
  return seen;
}
