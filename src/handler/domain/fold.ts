/** What the events of a payment fold to. */
import type { PaymentEvent } from './events';
import { findOperation, kindOf, type Operation } from './operation';

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

/** The state after one more event. */
export function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  const next = { ...state, version: state.version + 1, updatedAt: event.at };
  switch (event.type) {
    case 'created':
      return next;
    case 'expired':
    case 'cancelled':
      return { ...next, status: event.type };
    case 'operation_pending':
      return { ...next, operations: [...state.operations, begun(event)] };
    case 'operation_unknown':
      return change(next, event.op, () => ({
        status: 'unknown',
        ...(event.code !== undefined && { code: event.code }),
      }));
    case 'operation_declined':
      return change(next, event.op, (operation) => ({ ...settled(next, operation, event), status: 'declined' }));
    case 'operation_succeeded':
      return succeed(
        change(next, event.op, (operation) => ({ ...settled(next, operation, event), status: 'succeeded' })),
        event.op,
      );
    case 'operation_late':
      // The code stays too: it is in the answer that clients were given.
      return change(next, event.op, ({ amount, bankReference }) => ({
        lateAt: event.at,
        amount: event.amount ?? amount,
        bankReference: event.bankReference ?? bankReference,
        connector: event.connector,
      }));
  }
}

function begun(event: PaymentEvent & { type: 'operation_pending' }): Operation {
  const { op, amount, at, key, requestHash, requestId = '', undoes } = event;
  const cause = undoes === undefined ? { key, requestHash } : { undoes };
  return { op, kind: kindOf(op), amount, status: 'pending', createdAt: at, requestId, ...cause };
}

function settled(
  { version }: PaymentState,
  { amount }: Operation,
  {
    code,
    bankReference,
    connector,
    amount: done,
  }: PaymentEvent & { type: 'operation_succeeded' | 'operation_declined' },
): Partial<Operation> {
  return {
    settledVersion: version,
    amount: done ?? amount,
    ...(code !== undefined && { code }),
    ...(bankReference !== undefined && { bankReference }),
    ...(connector !== undefined && { connector }),
  };
}

function change(state: PaymentState, op: string, how: (operation: Operation) => Partial<Operation>): PaymentState {
  const operations = state.operations.map((each) => (each.op === op ? { ...each, ...how(each) } : each));
  return { ...state, operations };
}

function succeed(state: PaymentState, op: string): PaymentState {
  const operation = findOperation(state, op);
  if (operation === undefined) throw new Error(`outcome of an operation that was never begun: ${op}`);
  const { kind, amount, undoes } = operation;
  if (undoes !== undefined) return state;
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
