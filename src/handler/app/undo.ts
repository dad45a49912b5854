/**
 * Undoes what the bank did late: a payment is not to hold money that it does not show. The operation is ours, `system`'s, and goes the way
 * of every other one: its intent first, one at a time, to the same bank, driven on by whoever comes by.
 */
import { LIMITS } from '../domain/limits';
import { dueUndo, nextOp, opKeyOf, pendingOperation } from '../domain/operation';
import { append, type Payment } from '../domain/payment';
import { tell } from './commit';
import { type Deps, nowIso, SYSTEM } from './context';
import { settle } from './settle';

export function undoLate(deps: Deps, payment: Payment): Promise<Payment> {
  const due = dueUndo(payment.state);
  if (due === undefined) return Promise.resolve(payment);
  return deps.inFlight.run(opKeyOf(payment.facts.id, due.of.op), () => begin(deps, payment));
}

async function begin(deps: Deps, payment: Payment): Promise<Payment> {
  let base = payment;
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const due = dueUndo(base.state);
    if (due === undefined || pendingOperation(base.state) !== undefined) return base;
    const { kind, of } = due;
    const begun = append(base, {
      type: 'operation_pending',
      at: nowIso(deps.clock),
      by: SYSTEM.id,
      op: nextOp(base.state, kind),
      amount: of.amount,
      undoes: of.op,
    });
    // Two processes may write the very same intent at the same moment: only the one whose write it was asks the bank at once.
    const result = await deps.store.replace(begun);
    if (result.written) {
      tell(deps, begun);
      return settle(deps, begun, SYSTEM, false);
    }
    base = result.current;
  }
  return base;
}
