/** One step at the bank, and what the steps of a payment say together. */
import type { Idempotency } from './idempotency';

/** `sale` authorizes and captures in one step. */
export type OperationKind = 'authorize' | 'capture' | 'cancel' | 'refund' | 'sale';
export type OperationStatus = 'pending' | 'unknown' | 'succeeded' | 'declined';

/** One that undoes a late step was asked for by no client: it has no key. */
export interface Operation extends Partial<Idempotency> {
  /** `<kind>.<n>`, n the ordinal of that kind within the payment. */
  readonly op: string;
  readonly kind: OperationKind;
  readonly status: OperationStatus;
  /** Minor units of the payment's currency: what was asked for, and once the bank has done it, what it did. */
  readonly amount: number;
  readonly createdAt: string;
  readonly requestId: string;
  readonly code?: string;
  readonly bankReference?: string;
  /** The bank that has it; absent where that is the default one, or the one of the step that this one builds on. */
  readonly connector?: string;
  /** Version at which the outcome became definite. */
  readonly settledVersion?: number;
  /** When the bank said that it had done after all what it had declined. The status stays what clients were told. */
  readonly lateAt?: string;
  /** The late step that this one undoes. It changes nothing of what the payment amounts to. */
  readonly undoes?: string;
}

interface WithOperations {
  readonly operations: readonly Operation[];
}

/** Code of an unknown outcome that only people can resolve. */
export const NEEDS_RECONCILIATION = 'needs-reconciliation';
/** Code of an unknown outcome of which the bank has a record with another body: that record decides. */
export const CONFLICT = 'conflict';

const KINDS: readonly OperationKind[] = ['authorize', 'capture', 'cancel', 'refund', 'sale'];

/** What undoes a step at the bank; a refund and a void cannot be undone. */
const UNDONE_BY: { readonly [kind in OperationKind]?: OperationKind } = {
  authorize: 'cancel',
  sale: 'refund',
  capture: 'refund',
};

/** @throws Error where `op` is of no kind that this release knows */
export function kindOf(op: string): OperationKind {
  const name = op.slice(0, op.indexOf('.'));
  const kind = KINDS.find((each) => each === name);
  if (kind === undefined) throw new Error(`no kind of operation: ${name}`);
  return kind;
}

/** Whether it is a payment's first step, the one that may go to any bank that takes such payments. */
export function isFirstStep({ kind }: Pick<Operation, 'kind'>): boolean {
  return kind === 'authorize' || kind === 'sale';
}

/** The bank's name for a step. The same from any process in any Region, for ever. */
export function opKeyOf(paymentId: string, op: string): string {
  return `${paymentId}.${op}`;
}

/** `<kind>.<n>` of the next operation of that kind. */
export function nextOp({ operations }: WithOperations, kind: OperationKind): string {
  return `${kind}.${operations.filter((operation) => operation.kind === kind).length + 1}`;
}

export function findOperation({ operations }: WithOperations, op: string): Operation | undefined {
  return operations.find((each) => each.op === op);
}

/** The operation whose outcome is not definite yet; there is at most one. */
export function pendingOperation({ operations }: WithOperations): Operation | undefined {
  return operations.find(({ status }) => status === 'pending' || status === 'unknown');
}

/** The step that `operation` undoes, refunds, captures or voids; a first step builds on none. */
export function baseOf({ operations }: WithOperations, { kind, undoes }: Operation): Operation | undefined {
  if (undoes !== undefined) return operations.find(({ op }) => op === undoes);
  if (isFirstStep({ kind })) return undefined;
  // A refund goes back on what took the money, a capture or a void on what reserved it.
  const bases = kind === 'refund' ? ['sale', 'capture'] : ['authorize'];
  return operations.find((each) => each.status === 'succeeded' && bases.includes(each.kind));
}

/** What is to be begun, once nothing else is under way, for a step that the bank did late. */
export function dueUndo({ operations }: WithOperations): { kind: OperationKind; of: Operation } | undefined {
  for (const of of operations) {
    const kind = UNDONE_BY[of.kind];
    if (of.lateAt === undefined || of.undoes !== undefined || kind === undefined) continue;
    if (!operations.some(({ undoes }) => undoes === of.op)) return { kind, of };
  }
  return undefined;
}

/** The operation over which our record and the bank's differ in a way that only people can mend. */
export function irreconcilable({ operations }: WithOperations): Operation | undefined {
  return operations.find((each) => {
    if (each.status === 'unknown') return each.code === NEEDS_RECONCILIATION;
    if (each.undoes !== undefined) return each.status === 'declined' && each.lateAt === undefined;
    return each.lateAt !== undefined && UNDONE_BY[each.kind] === undefined;
  });
}

/** Since when the bank is still to be asked for something, by whoever comes by. What waits for people does not wait for that. */
export function waitsSince(state: WithOperations): string | undefined {
  const pending = pendingOperation(state);
  if (pending === undefined) return dueUndo(state)?.of.lateAt;
  return pending.code === NEEDS_RECONCILIATION ? undefined : pending.createdAt;
}
