/**
 * A payment: facts that never change, events that are only ever added, and the state that they fold to.
 * What is stored of it is decided in `docs/decisions/0001-stored-shape.md`.
 */
import type { Idempotency } from './idempotency';
import { LIMITS } from './limits';
import type { Amount } from './money';

export type CaptureMethod = 'automatic' | 'manual';
/** `sale` authorizes and captures in one step. */
export type OperationKind = 'authorize' | 'capture' | 'cancel' | 'refund' | 'sale';
export type OperationStatus = 'pending' | 'unknown' | 'succeeded' | 'declined';
/** `failed` is reserved: no transition leads there. */
export type PaymentStatus =
  | 'created'
  | 'authorized'
  | 'captured'
  | 'partially_refunded'
  | 'refunded'
  | 'cancelled'
  | 'expired'
  | 'failed';

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

interface EventBase {
  readonly at: string;
  /** Account of the caller, or `system`. */
  readonly by: string;
  readonly requestId?: string;
}
/** `op` is `<kind>.<n>`, n the ordinal of that kind within the payment. */
export type PaymentEvent = EventBase &
  (
    | { readonly type: 'created' }
    | ({
        readonly type: 'operation_pending';
        readonly op: string;
        readonly kind: OperationKind;
        /** Minor units of the payment's currency. */
        readonly amount: number;
        readonly reason?: string;
      } & Idempotency)
    | { readonly type: 'operation_unknown'; readonly op: string; readonly code?: string }
    | {
        readonly type: 'operation_succeeded' | 'operation_declined';
        readonly op: string;
        readonly code?: string;
        readonly bankReference?: string;
      }
    | ({ readonly type: 'cancelled' } & Idempotency)
    | { readonly type: 'expired' }
  );

/** A business refusal that was told to a client and so stays true for its key. */
export interface SavedRefusal extends Idempotency {
  /** Of the payment when it was told. */
  readonly version: number;
  readonly requestId: string;
  readonly code: string;
  readonly detail: string;
}

export interface Operation extends Idempotency {
  readonly op: string;
  readonly kind: OperationKind;
  readonly status: OperationStatus;
  readonly amount: number;
  readonly createdAt: string;
  readonly requestId: string;
  readonly code?: string;
  readonly bankReference?: string;
  /** Version at which the outcome became definite. */
  readonly settledVersion?: number;
}

export interface PaymentState {
  readonly status: PaymentStatus;
  /** Minor units, like the two below. What the bank approved; does not shrink. */
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly version: number;
  readonly updatedAt: string;
  readonly operations: readonly Operation[];
}

export interface Payment {
  readonly facts: PaymentFacts;
  readonly events: readonly PaymentEvent[];
  readonly refusals: readonly SavedRefusal[];
  /** Guards the write; rises with saved refusals too. */
  readonly revision: number;
  /** Only while the operation it pays for is not definite. */
  readonly payerToken?: string;
  readonly state: PaymentState;
}

const EMPTY: PaymentState = {
  status: 'created',
  authorized: 0,
  captured: 0,
  refunded: 0,
  version: 0,
  updatedAt: '',
  operations: [],
};

/** The state after the first `version` events; all of them by default. */
export function fold(events: readonly PaymentEvent[], version = events.length): PaymentState {
  return events.slice(0, version).reduce(evolve, EMPTY);
}

export function newPayment(facts: PaymentFacts, by: string, requestId: string): Payment {
  const events: PaymentEvent[] = [{ type: 'created', at: facts.createdAt, by, requestId }];
  return { facts, events, refusals: [], revision: 1, state: fold(events) };
}

/** The payment with one more event, to be written over the revision it came from. Times never decrease, whatever the clock does. */
export function append(payment: Payment, event: PaymentEvent, payerToken?: string): Payment {
  const last = payment.state.updatedAt;
  const added = event.at < last ? { ...event, at: last } : event;
  const { payerToken: held, ...rest } = payment;
  const state = evolve(payment.state, added);
  const token = pendingOperation(state) === undefined ? undefined : (payerToken ?? held);
  return {
    ...rest,
    events: [...payment.events, added],
    revision: payment.revision + 1,
    ...(token !== undefined && { payerToken: token }),
    state,
  };
}

export function appendRefusal(payment: Payment, refusal: Omit<SavedRefusal, 'version'>): Payment {
  const told = { ...refusal, version: payment.state.version };
  return { ...payment, refusals: [...payment.refusals, told], revision: payment.revision + 1 };
}

/** The operation whose outcome is not definite yet; there is at most one. */
export function pendingOperation(state: PaymentState): Operation | undefined {
  return state.operations.find(({ status }) => status === 'pending' || status === 'unknown');
}

/** The bank's name for a step. The same from any process in any Region, for ever. */
export function opKeyOf(paymentId: string, op: string): string {
  return `${paymentId}.${op}`;
}

/** `<kind>.<n>` of the next operation of that kind. */
export function nextOp(state: PaymentState, kind: OperationKind): string {
  return `${kind}.${state.operations.filter((operation) => operation.kind === kind).length + 1}`;
}

/** Whether it takes another operation or saved refusal; a part is kept for the ways out, cancel and refund. */
export function hasRoom(payment: Payment, forWayOut: boolean): boolean {
  const used = payment.state.operations.length + payment.refusals.length;
  return used < LIMITS.operations - (forWayOut ? 0 : LIMITS.operationsReserved);
}

/** A payment expires when nobody began to pay it in time. */
export function isDue(payment: Payment, now: string): boolean {
  return payment.state.status === 'created' && payment.facts.expiresAt <= now && !pendingOperation(payment.state);
}

/** Whether a wallet may begin to pay it. */
export function isPayable(payment: Payment, now: string): boolean {
  return payment.state.status === 'created' && payment.facts.expiresAt > now;
}

function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  const next = { ...state, version: state.version + 1, updatedAt: event.at };
  switch (event.type) {
    case 'created':
      return next;
    case 'expired':
    case 'cancelled':
      return { ...next, status: event.type };
    case 'operation_pending':
      return { ...next, operations: [...state.operations, beginOperation(event)] };
    case 'operation_unknown':
    case 'operation_declined':
      return settle(next, event);
    case 'operation_succeeded':
      return applySuccess(settle(next, event), event.op);
  }
}

function beginOperation(event: PaymentEvent & { type: 'operation_pending' }): Operation {
  const { op, kind, amount, at, key, requestHash, requestId = '' } = event;
  return { op, kind, amount, status: 'pending', createdAt: at, key, requestHash, requestId };
}

type OutcomeEvent = PaymentEvent & { type: 'operation_unknown' | 'operation_succeeded' | 'operation_declined' };

function settle(state: PaymentState, event: OutcomeEvent): PaymentState {
  const definite = event.type !== 'operation_unknown';
  const settled = {
    status: event.type.slice('operation_'.length) as OperationStatus,
    ...(event.code !== undefined && { code: event.code }),
    ...(definite && { settledVersion: state.version }),
    ...(definite && event.bankReference !== undefined && { bankReference: event.bankReference }),
  };
  const operations = state.operations.map((each) => (each.op === event.op ? { ...each, ...settled } : each));
  return { ...state, operations };
}

function applySuccess(state: PaymentState, op: string): PaymentState {
  const operation = state.operations.find((each) => each.op === op);
  if (operation === undefined) throw new Error(`outcome of an operation that was never begun: ${op}`);
  const { kind, amount } = operation;
  switch (kind) {
    case 'authorize':
      return { ...state, status: 'authorized', authorized: amount };
    case 'sale':
      return { ...state, status: 'captured', authorized: amount, captured: amount };
    case 'capture':
      return { ...state, status: 'captured', captured: amount };
    case 'cancel':
      return { ...state, status: 'cancelled' };
    case 'refund': {
      const refunded = state.refunded + amount;
      return { ...state, refunded, status: refunded === state.captured ? 'refunded' : 'partially_refunded' };
    }
  }
}
