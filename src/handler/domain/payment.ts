/**
 * A payment: facts that never change, events that are only ever added, and the state that they fold to.
 * What is stored of it is decided in `docs/decisions/0001-stored-shape.md`.
 */
import type { PaymentEvent } from './events';
import { evolve, fold, type PaymentState } from './fold';
import type { Idempotency } from './idempotency';
import { LIMITS } from './limits';
import type { Amount } from './money';
import { baseOf, type Operation, pendingOperation } from './operation';

export type { PaymentEvent } from './events';
export { fold, type PaymentState, type PaymentStatus } from './fold';
export {
  nextOp,
  type Operation,
  type OperationKind,
  type OperationStatus,
  opKeyOf,
  pendingOperation,
} from './operation';

export type CaptureMethod = 'automatic' | 'manual';

export interface PaymentFacts {
  readonly id: string;
  readonly merchantId: string;
  readonly amount: Amount;
  readonly reference: string;
  readonly captureMethod: CaptureMethod;
  readonly scheme: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** RFC 3339 UTC with milliseconds, like every time here: such strings sort by time. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly qrPayload: string;
  readonly requestHash: string;
}

/** A business refusal that was told to a client and so stays true for its key. */
export interface SavedRefusal extends Idempotency {
  /** Of the payment when it was told. */
  readonly version: number;
  readonly requestId: string;
  readonly code: string;
  readonly detail: string;
}

export interface Payment {
  readonly facts: PaymentFacts;
  readonly events: readonly PaymentEvent[];
  readonly refusals: readonly SavedRefusal[];
  /** Guards the write; rises with saved refusals too. */
  readonly revision: number;
  /** Only while the operation it pays for is not definite. */
  readonly payerToken?: string;
  /** The bank that the first step lies with, while it is not definite; absent where there is but the default one. */
  readonly connector?: string;
  readonly state: PaymentState;
}

export function newPayment(facts: PaymentFacts, by: string, requestId: string): Payment {
  const events: PaymentEvent[] = [{ type: 'created', at: facts.createdAt, by, requestId }];
  return { facts, events, refusals: [], revision: 1, state: fold(events) };
}

/**
 * The payment with one more event, to be written over the revision it came from. Times never decrease, whatever the clock does.
 * @param payerToken of the first step that the event begins, like `connector`; both are held until it is definite
 */
export function append(payment: Payment, event: PaymentEvent, payerToken?: string, connector?: string): Payment {
  const { facts, events, refusals, revision } = payment;
  const last = payment.state.updatedAt;
  const added = event.at < last ? { ...event, at: last } : event;
  const state = evolve(payment.state, added);
  const next = { facts, events: [...events, added], refusals, revision: revision + 1, state };
  if (pendingOperation(state) === undefined) return next;
  const token = payerToken ?? payment.payerToken;
  const bank = connector ?? payment.connector;
  return { ...next, ...(token !== undefined && { payerToken: token }), ...(bank !== undefined && { connector: bank }) };
}

export function appendRefusal(payment: Payment, refusal: Omit<SavedRefusal, 'version'>): Payment {
  const told = { ...refusal, version: payment.state.version };
  return { ...payment, refusals: [...payment.refusals, told], revision: payment.revision + 1 };
}

/** The payment with its first step at that bank: a change of the revision alone, which every other writer notices. */
export function moveTo(payment: Payment, connector: string): Payment {
  return { ...payment, connector, revision: payment.revision + 1 };
}

/** Name of the bank that has the operation or is to have it; `undefined`: the default one. */
export function connectorOf(payment: Payment, operation: Operation): string | undefined {
  const base = baseOf(payment.state, operation);
  if (base !== undefined) return connectorOf(payment, base);
  return operation.settledVersion === undefined ? payment.connector : operation.connector;
}

/** Whether it takes another operation or saved refusal; a part is kept for the ways out, cancel and refund. */
export function hasRoom(payment: Payment, forWayOut: boolean): boolean {
  const used = payment.state.operations.length + payment.refusals.length;
  return used < LIMITS.operations - (forWayOut ? 0 : LIMITS.operationsReserved);
}

/** A payment expires when nobody began to pay it in time. */
export function isDue(payment: Payment, now: string): boolean {
  return payment.state.status === 'created' && !isInTime(payment, now) && !pendingOperation(payment.state);
}

/** Whether a wallet may begin to pay it. */
export function isPayable(payment: Payment, now: string): boolean {
  return payment.state.status === 'created' && isInTime(payment, now);
}

/** A clock that is behind does not bring back time that the payment has seen pass. */
function isInTime({ facts, state }: Payment, now: string): boolean {
  return now < facts.expiresAt && state.updatedAt < facts.expiresAt;
}

/** 0 <= refunded <= captured <= authorized <= amount, which holds at every version. */
export function isSound({ amount }: Pick<PaymentFacts, 'amount'>, state: PaymentState): boolean {
  const { authorized, captured, refunded } = state;
  return 0 <= refunded && refunded <= captured && captured <= authorized && authorized <= amount.value;
}
