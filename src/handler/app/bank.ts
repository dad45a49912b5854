/** One question to the bank of a step: which bank that is, what it is asked, and how long it may take to answer. */
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { baseOf, type Operation, opKeyOf } from '../domain/operation';
import { connectorOf, type Payment } from '../domain/payment';
import type { Deps, Principal } from './context';
import { type BankOperation, type Connector, DEFAULT_CONNECTOR } from './ports';

export type Answer = Awaited<ReturnType<Connector['get']>>;

/** A step on its way to an outcome. */
export interface Step {
  readonly payment: Payment;
  readonly operation: Operation;
  readonly by: Principal;
}

/** Name of the bank that has the step or is to have it. */
export function bankOf(payment: Payment, operation: Operation): string {
  return connectorOf(payment, operation) ?? DEFAULT_CONNECTOR;
}

/**
 * No other bank may be asked instead, so the step waits as it is until the configuration names its bank again.
 * @throws Problem `internal`
 */
export function findBank(deps: Deps, name: string): Connector {
  const connector = deps.connectors.find(name);
  if (connector !== undefined) return connector;
  throw new Problem('internal', 'The bank of this payment cannot be asked now. Send the same request again later.', {
    cause: new Error(`no connector is configured under the name ${name}, and payments lie with it`),
  });
}

export async function askBank(
  deps: Deps,
  step: Step,
  ask: 'put' | 'get',
  timeoutMs: number = LIMITS.connectorAttemptMs,
): Promise<Answer> {
  const connector = findBank(deps, bankOf(step.payment, step.operation));
  const end = new AbortController();
  const giveUp = () => end.abort(OVER);
  deps.clock.sleep(timeoutMs, end.signal).then(giveUp, () => undefined); // the answer came first
  try {
    return await connector[ask](toBankOperation(step), end.signal);
  } finally {
    giveUp();
  }
}

/** Why an attempt ends, in time or not. Without a reason of its own each would make an error with a stack. */
const OVER = 'the attempt is over';

function toBankOperation({ payment, operation, by }: Step): BankOperation {
  const { facts, state, payerToken } = payment;
  const { op, kind, amount } = operation;
  const base = baseOf(state, operation);
  return {
    opKey: opKeyOf(facts.id, op),
    kind,
    paymentId: facts.id,
    merchantId: facts.merchantId,
    amount: { currency: facts.amount.currency, value: amount },
    ...(payerToken !== undefined && { payerToken }),
    ...(base !== undefined && { originalOpKey: opKeyOf(facts.id, base.op) }),
    ...(by.trace !== undefined && { trace: by.trace }),
  };
}
