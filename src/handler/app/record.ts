/** Writes down what the bank says of a step: the outcome, or that it has done after all what it had declined. */
import { canAdopt } from '../domain/adopt';
import { Problem } from '../domain/errors';
import type { PaymentEvent } from '../domain/events';
import { LIMITS } from '../domain/limits';
import { CONFLICT, findOperation, isFirstStep, NEEDS_RECONCILIATION, type Operation } from '../domain/operation';
import { append, type Payment } from '../domain/payment';
import { type Answer, bankOf, type Step } from './bank';
import { commit } from './commit';
import { type Deps, nowIso } from './context';
import { type BankRecord, DEFAULT_CONNECTOR } from './ports';

/**
 * @param conflict the bank has said that it knows the step with another body: then its record decides
 * @returns nothing where the bank is to be asked again
 */
export function outcomeOf(deps: Deps, step: Step, answer: Answer, conflict: boolean): PaymentEvent | undefined {
  switch (answer.result) {
    case 'approved':
    case 'declined':
      return outcome(deps, step, answer);
    case 'mismatch':
      return conflict ? adopt(deps, step, answer.record) : undefined;
    case 'absent':
      // It said that it knows the step, and now that it does not: that is for people.
      return conflict ? unknown(deps, step, NEEDS_RECONCILIATION) : undefined;
    case 'unknown':
    case 'not-sent':
    case 'conflict':
      return undefined;
  }
}

/** No outcome in time. A conflict is kept, for whoever goes on asks what became of the step and does not meet it again. */
export function outOfTime(deps: Deps, step: Step, conflict: boolean): PaymentEvent {
  return unknown(deps, step, conflict ? CONFLICT : undefined);
}

/**
 * Another process may have written an outcome first: then its word stands, for the bank says the same to both. Where the bank does not,
 * and has done what it had declined, that is written down too: it has to be undone.
 * @throws Problem where it could not be written
 */
export async function record(deps: Deps, { payment, operation }: Step, event: PaymentEvent): Promise<Payment> {
  let base = payment;
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const news = newsOf(findOperation(base.state, operation.op), event);
    if (news === undefined) return base;
    const result = await commit(deps, append(base, news));
    if (result.written) return result.payment;
    base = result.current;
  }
  throw new Problem('operation-in-progress', 'The payment is being changed by other requests; retry.', {
    retryAfterSeconds: 1,
  });
}

/** What of `event` is not in the payment yet. */
function newsOf(standing: Operation | undefined, event: PaymentEvent): PaymentEvent | undefined {
  if (standing?.settledVersion === undefined) {
    const isKnown =
      event.type === 'operation_unknown' && standing?.status === 'unknown' && standing.code === event.code;
    return isKnown ? undefined : event;
  }
  const isLate =
    event.type === 'operation_succeeded' && standing.status === 'declined' && standing.lateAt === undefined;
  return isLate ? { ...event, type: 'operation_late' } : undefined;
}

function adopt(deps: Deps, step: Step, held: BankRecord | undefined): PaymentEvent {
  if (held?.result === 'declined') return outcome(deps, step, held);
  const { payment, operation } = step;
  if (held === undefined || !canAdopt(payment, operation, held.amount))
    return unknown(deps, step, NEEDS_RECONCILIATION);
  const event = outcome(deps, step, held);
  return held.amount.value === operation.amount ? event : { ...event, amount: held.amount.value };
}

type OutcomeEvent = PaymentEvent & { readonly type: 'operation_succeeded' | 'operation_declined' };

function outcome(
  deps: Deps,
  { payment, operation, by }: Step,
  { result, code, reference }: Pick<BankRecord, 'result' | 'code' | 'reference'>,
): OutcomeEvent {
  const connector = bankOf(payment, operation);
  return {
    type: result === 'approved' ? 'operation_succeeded' : 'operation_declined',
    op: operation.op,
    at: nowIso(deps.clock),
    by: by.id,
    code,
    bankReference: reference,
    ...(isFirstStep(operation) && connector !== DEFAULT_CONNECTOR && { connector }),
  };
}

function unknown(deps: Deps, { operation: { op }, by }: Step, code: string | undefined): PaymentEvent {
  return { type: 'operation_unknown', op, at: nowIso(deps.clock), by: by.id, ...(code !== undefined && { code }) };
}
