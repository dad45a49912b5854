/** Reads a payment as a caller may see it, and keeps it true to time: expires it, resumes what it waits for. */
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { append, isDue, type Payment, pendingOperation } from '../domain/payment';
import { isPaymentId } from '../domain/payment-id';
import { commit } from './commit';
import { type Caller, type Deps, isWallet, nowIso } from './context';

/** Whose the payment must be: its merchant's alone, or also a wallet's that holds its id. */
export type Access = 'merchant' | 'payer';

/** @throws Problem `payment-not-found`, in the same words for a payment that is another merchant's */
export async function loadPayment(deps: Deps, caller: Caller, id: string, openTo: Access): Promise<Payment> {
  const payment = isPaymentId(id) ? await deps.store.get(id) : undefined;
  const allowed = payment?.facts.merchantId === caller.id || (openTo === 'payer' && isWallet(caller));
  if (payment === undefined || !allowed) {
    throw new Problem('payment-not-found', 'No payment of yours has this id.');
  }
  return expireIfDue(deps, payment);
}

/** Whoever notices first that the time to pay is over writes it down. */
export async function expireIfDue(deps: Deps, payment: Payment): Promise<Payment> {
  const at = nowIso(deps.clock);
  if (!isDue(payment, at)) return payment;
  const result = await commit(deps, append(payment, { type: 'expired', at, by: 'system' }));
  return result.written ? result.payment : expireIfDue(deps, result.current);
}

/** Old enough that the process that began it has let go of it; or begun by a clock that is wrong, which must not make it wait. */
export function isAbandoned(deps: Deps, payment: Payment): boolean {
  const pending = pendingOperation(payment.state);
  if (pending === undefined) return false;
  const ageMs = deps.clock.now().getTime() - Date.parse(pending.createdAt);
  return ageMs >= LIMITS.handsOffMs || ageMs <= -LIMITS.handsOffMs;
}
