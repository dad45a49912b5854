/**
 * What each operation may do to a payment, as pure functions: the state and the request in, a decision out.
 * Nothing is written or sent here. Refusals of a `Decision` are saved with the idempotency key; a thrown Problem is not.
 */
import { type ErrorCode, Problem } from './errors';
import type { Amount } from './money';
import { dueUndo, irreconcilable, type OperationKind, pendingOperation } from './operation';
import { hasRoom, type Payment } from './payment';

export { NEEDS_RECONCILIATION } from './operation';

export interface AuthorizeRequest {
  readonly payer: { readonly token: string };
  readonly qrPayload?: string;
  readonly amount?: Amount;
}
export interface CaptureRequest {
  readonly amount?: Amount;
}
export interface RefundRequest {
  readonly amount?: Amount;
  readonly reason?: string;
}

export type Decision =
  | {
      readonly kind: 'begin';
      readonly operation: OperationKind;
      readonly amount: number;
      readonly payerToken?: string;
      readonly reason?: string;
    }
  | { readonly kind: 'cancel-unpaid' }
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly detail: string };

/** Business refusals: told once, true for that key for ever. */
export type RefusalCode = Extract<
  ErrorCode,
  'payment-state' | 'qr-mismatch' | 'amount-mismatch' | 'amount-exceeded' | 'currency-mismatch'
>;

/** Waiting is all a client can do about these, so they are not saved. @throws Problem */
export function checkReady(payment: Payment, wayOut: boolean): void {
  const { state } = payment;
  const differing = irreconcilable(state);
  if (differing !== undefined) {
    throw new Problem('needs-reconciliation', `Operation ${differing.op} differs between our record and the bank's.`);
  }
  // What the bank did late is undone before anything else is begun.
  const waiting = pendingOperation(state) ?? dueUndo(state)?.of;
  if (waiting !== undefined) {
    throw new Problem('operation-in-progress', `Operation ${waiting.op} has no outcome yet; retry after it has.`, {
      retryAfterSeconds: 1,
    });
  }
  if (!hasRoom(payment, wayOut)) {
    throw new Problem('operation-limit', 'The payment holds as many operations and refusals as it may.');
  }
}

export function decideAuthorize(payment: Payment, request: AuthorizeRequest): Decision {
  const { facts, state } = payment;
  if (state.status !== 'created') return wrongState(payment, 'authorize', 'created');
  if (request.qrPayload !== undefined && request.qrPayload !== facts.qrPayload) {
    return refuse('qr-mismatch', "The scanned qrPayload is not this payment's code; scan again or leave it out.");
  }
  if (request.amount !== undefined && request.amount.currency !== facts.amount.currency) {
    return wrongCurrency(payment, request.amount);
  }
  if (request.amount !== undefined && request.amount.value !== facts.amount.value) {
    return refuse('amount-mismatch', `Got ${show(request.amount)}; the payment is of ${show(facts.amount)}.`);
  }
  const operation = facts.captureMethod === 'automatic' ? 'sale' : 'authorize';
  return { kind: 'begin', operation, amount: facts.amount.value, payerToken: request.payer.token };
}

export function decideCapture(payment: Payment, request: CaptureRequest): Decision {
  if (payment.state.status !== 'authorized') return wrongState(payment, 'capture', 'authorized');
  return withinAmount(payment, request.amount, payment.state.authorized, 'authorized', (amount) => ({
    kind: 'begin',
    operation: 'capture',
    amount,
  }));
}

export function decideCancel(payment: Payment): Decision {
  const { status, authorized } = payment.state;
  if (status === 'created') return { kind: 'cancel-unpaid' };
  if (status === 'authorized') return { kind: 'begin', operation: 'cancel', amount: authorized };
  return wrongState(payment, 'cancel', 'created or authorized');
}

export function decideRefund(payment: Payment, request: RefundRequest): Decision {
  const { status, captured, refunded } = payment.state;
  if (status !== 'captured' && status !== 'partially_refunded') {
    return wrongState(payment, 'refund', 'captured or partially_refunded');
  }
  return withinAmount(payment, request.amount, captured - refunded, 'captured and not refunded', (amount) => ({
    kind: 'begin',
    operation: 'refund',
    amount,
    ...(request.reason !== undefined && { reason: request.reason }),
  }));
}

function withinAmount(
  payment: Payment,
  asked: Amount | undefined,
  left: number,
  leftIs: string,
  begin: (amount: number) => Decision,
): Decision {
  const { currency } = payment.facts.amount;
  if (asked !== undefined && asked.currency !== currency) return wrongCurrency(payment, asked);
  const amount = asked?.value ?? left;
  if (amount > left) {
    return refuse(
      'amount-exceeded',
      `Got ${show({ currency, value: amount })}; ${show({ currency, value: left })} is ${leftIs}.`,
    );
  }
  return begin(amount);
}

function wrongState({ state }: Payment, verb: string, allowed: string): Decision {
  return refuse('payment-state', `Cannot ${verb} a payment that is ${state.status}; it must be ${allowed}.`);
}

function wrongCurrency({ facts }: Payment, asked: Amount): Decision {
  return refuse('currency-mismatch', `Got ${asked.currency}; the payment is in ${facts.amount.currency}.`);
}

function refuse(code: RefusalCode, detail: string): Decision {
  return { kind: 'refuse', code, detail };
}

function show({ currency, value }: Amount): string {
  return `${value} ${currency} (minor units)`;
}
