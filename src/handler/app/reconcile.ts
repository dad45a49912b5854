/**
 * Makes good what a restored table lacks: asks the bank about every step that can have followed what an item tells, and writes down those
 * that it has. The bank is only asked, never told to do anything. Any number of times, and beside anyone, for every change is conditional.
 */
import { Problem } from '../domain/errors';
import type { PaymentEvent } from '../domain/events';
import { LIMITS } from '../domain/limits';
import {
  dueUndo,
  irreconcilable,
  isFirstStep,
  nextOp,
  type OperationKind,
  pendingOperation,
} from '../domain/operation';
import { append, type Payment } from '../domain/payment';
import { type Answer, askBank, bankOf, type Step } from './bank';
import { commit } from './commit';
import { type Deps, nowIso, SYSTEM } from './context';
import type { PaymentScan } from './ports';
import { outcomeOf, record } from './record';
import { firstBank } from './routing';

/**
 * What became of one payment. `adopted`: the bank's steps are in it now. `waiting`: the bank has never seen its last step, which is resumed
 * once writes are let through. `needs-reconciliation` and `unreadable`: people have to look. `unanswered`: the bank has to be asked again.
 */
export type Finding = 'adopted' | 'waiting' | 'needs-reconciliation' | 'unreadable' | 'unanswered';

export interface Report {
  readonly payment: string;
  readonly result: Finding;
  /** What was added to it. */
  readonly operations: readonly string[];
}

/**
 * Stops early where bank after bank does not answer.
 * @param onReport is told of each payment that is not as it was, or not as it should be
 * @returns how many payments were looked at
 */
export async function reconcile(deps: Deps, scan: PaymentScan, onReport: (report: Report) => void): Promise<number> {
  let count = 0;
  let unanswered = 0;
  for await (const page of scan.pages()) {
    const left = [...page];
    const worker = async () => {
      for (let next = left.pop(); next !== undefined && unanswered < LIMITS.reconcileUnanswered; next = left.pop()) {
        count++;
        const report = next.payment ? await reconcilePayment(deps, next.payment) : unreadable(next.id);
        if (report?.result === 'unanswered') unanswered++;
        if (report !== undefined) onReport(report);
      }
    };
    await Promise.all(Array.from({ length: LIMITS.reconcileAtOnce }, worker));
    if (unanswered >= LIMITS.reconcileUnanswered) break;
  }
  return count;
}

function unreadable(payment: string): Report {
  return { payment, result: 'unreadable', operations: [] };
}

/** @returns `undefined` where the bank has nothing that the item lacks */
export async function reconcilePayment(deps: Deps, found: Payment): Promise<Report | undefined> {
  const before = new Set(definite(found));
  let payment = found;
  let answered = true;
  // Each turn adds a step, or finds that another process has changed the payment.
  for (let turns = 0; turns < 2 * LIMITS.operations; turns++) {
    const next = await adoptNext(deps, payment).catch(noAnswer);
    answered = next !== undefined;
    if (next === undefined || next === payment) break;
    payment = next;
  }
  const operations = definite(payment).filter((op) => !before.has(op));
  const result = resultOf(payment, answered, operations.length > 0);
  return result && { payment: payment.facts.id, result, operations };
}

function resultOf({ state }: Payment, answered: boolean, isChanged: boolean): Finding | undefined {
  if (!answered) return 'unanswered';
  if (irreconcilable(state) !== undefined) return 'needs-reconciliation';
  if (pendingOperation(state) !== undefined) return 'waiting';
  return isChanged ? 'adopted' : undefined;
}

function definite({ state }: Payment): string[] {
  return state.operations.filter(({ settledVersion }) => settledVersion !== undefined).map(({ op }) => op);
}

/** Of the table, or of a bank that is configured no more. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

/** @returns the payment with one more step of the bank's, the same one where the bank has no more, nothing where the bank does not say */
async function adoptNext(deps: Deps, payment: Payment): Promise<Payment | undefined> {
  if (irreconcilable(payment.state) !== undefined) return payment;
  for (const step of suppositions(deps, payment)) {
    const answer = await askPatiently(deps, step);
    if (answer === undefined) return undefined;
    if (answer.result !== 'absent') return adopt(deps, payment, step, answer);
  }
  return payment;
}

/** Steps that may be at the bank: the last one of the item, here or at another bank, or else one more. At most one of them is. */
function suppositions(deps: Deps, payment: Payment): Step[] {
  const standing = pendingStep(payment);
  const steps =
    standing === undefined ? possibleSteps(payment).flatMap((next) => begin(deps, payment, next)) : [standing];
  return steps.flatMap((step) => [step, ...atOtherBanks(deps, step)]);
}

function pendingStep(payment: Payment): Step | undefined {
  const operation = pendingOperation(payment.state);
  return operation && { payment, operation, by: SYSTEM };
}

interface Next {
  readonly kind: OperationKind;
  /** The most that it can be of; the bank says what it was. */
  readonly amount: number;
  /** The late step that it undoes. */
  readonly undoes?: string;
}

/** What can have followed. After what is final nothing can, but for the undoing of what the bank did late. */
function possibleSteps({ facts, state }: Payment): Next[] {
  const undo = dueUndo(state);
  if (undo !== undefined) return [{ kind: undo.kind, amount: undo.of.amount, undoes: undo.of.op }];
  const { status, authorized, captured, refunded } = state;
  switch (status) {
    case 'created':
      return [{ kind: facts.captureMethod === 'automatic' ? 'sale' : 'authorize', amount: facts.amount.value }];
    case 'authorized':
      return [
        { kind: 'capture', amount: authorized },
        { kind: 'cancel', amount: authorized },
      ];
    case 'captured':
    case 'partially_refunded':
      return [{ kind: 'refund', amount: captured - refunded }];
    default:
      return [];
  }
}

function begin(deps: Deps, payment: Payment, { kind, amount, undoes }: Next): Step[] {
  const event: PaymentEvent = {
    type: 'operation_pending',
    at: nowIso(deps.clock),
    by: SYSTEM.id,
    op: nextOp(payment.state, kind),
    amount,
    reason: 'found at the bank after a restore',
    ...(undoes !== undefined && { undoes }),
  };
  const bank = isFirstStep({ kind }) ? firstBank(deps, payment.facts) : undefined;
  return [pendingStep(append(payment, event, undefined, bank)) ?? []].flat();
}

/** A first step goes to another bank where the one before certainly did nothing. */
function atOtherBanks({ connectors }: Deps, step: Step): Step[] {
  const { payment, operation } = step;
  if (!isFirstStep(operation)) return [];
  const others = connectors.routeFor(payment.facts).filter((name) => name !== bankOf(payment, operation));
  return others.map((connector) => ({ ...step, payment: { ...payment, connector } }));
}

/** An answer that cannot be believed is none. @returns nothing where there is none after several tries */
async function askPatiently(deps: Deps, step: Step): Promise<Answer | undefined> {
  for (let tries = 1; tries <= LIMITS.reconcileAttempts; tries++) {
    const answer = await askBank(deps, step, 'get');
    switch (answer.result) {
      case 'approved':
      case 'declined':
      case 'absent':
        return answer;
      case 'mismatch':
        if (answer.record !== undefined) return answer;
    }
    await deps.clock.sleep(LIMITS.settleBackoffMs.first * 2 ** tries);
  }
  return undefined;
}

/** First the intent, or the bank that it lies with, then the outcome. The bank's record decides, within what our books can hold. */
async function adopt(deps: Deps, payment: Payment, step: Step, answer: Answer): Promise<Payment> {
  let { payment: base } = step;
  if (base !== payment) {
    const begun = await commit(deps, { ...base, revision: payment.revision + 1 });
    if (!begun.written) return begun.current;
    base = begun.payment;
  }
  const settling = { ...step, payment: base };
  const event = outcomeOf(deps, settling, answer, true);
  return event === undefined ? base : record(deps, settling, event);
}
