/** Reads a payment as a caller may see it, and keeps it true to time. */
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { append, isDue, type Payment } from '../domain/payment';
import { isPaymentId } from '../domain/payment-id';
import { tell } from './commit';
import { type Caller, type Deps, isWallet, nowIso, SYSTEM } from './context';

/** Whose the payment must be: its merchant's alone, or also a wallet's that holds its id. */
export type Access = 'merchant' | 'payer';

/** @throws Problem `payment-not-found`, in the same words for a payment that is another merchant's */
export async function loadPayment(deps: Deps, caller: Caller, id: string, openTo: Access): Promise<Payment> {
  return expireIfDue(deps, await findPayment(deps, caller, id, openTo));
}

/** As it is stored: its time may be over. @throws Problem as above */
export async function findPayment(deps: Deps, caller: Caller, id: string, openTo: Access): Promise<Payment> {
  const payment = isPaymentId(id) ? await deps.store.get(id) : undefined;
  const allowed = payment?.facts.merchantId === caller.id || (openTo === 'payer' && isWallet(caller));
  if (payment === undefined || !allowed) {
    throw new Problem('payment-not-found', 'No payment of yours has this id.');
  }
  return payment;
}

/** Time decides; whoever notices first writes it down, and it is the same event from everyone. @throws Problem where that cannot be written */
export async function expireIfDue(deps: Deps, payment: Payment): Promise<Payment> {
  // A restored payment may have been paid in time, which the bank has still to be asked.
  if (!isDue(payment, nowIso(deps.clock)) || deps.store.isFrozen()) return payment;
  const expired = expire(payment);
  const result = await deps.store.replace(expired);
  if (!result.written) return expireIfDue(deps, result.current);
  tell(deps, expired);
  return expired;
}

/**
 * For whoever only looks. Where nothing can be written now, a payment that nobody can begin to pay any more, by whatever clock, is expired
 * all the same, and left to whoever comes next to write down. Before that nobody knows: another process may be beginning to pay it.
 * Nothing may be written over what this shows.
 */
export function showExpired(deps: Deps, due: Payment): (error: unknown) => Payment {
  return (error) => {
    const overMs = deps.clock.now().getTime() - Date.parse(due.facts.expiresAt);
    if (error instanceof Problem && overMs >= 2 * LIMITS.clockErrorMs) return expire(due);
    throw error;
  };
}

function expire(payment: Payment): Payment {
  return append(payment, { type: 'expired', at: payment.facts.expiresAt, by: SYSTEM.id });
}
