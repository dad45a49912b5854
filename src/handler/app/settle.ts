/**
 * Drives a begun operation to its outcome at the bank, from any process, any number of times.
 *
 * The intent is in the item before the bank is asked, under an opKey that every process derives alike, so a repeated step is the same
 * step. Nothing is guessed: after an answer that cannot be believed the bank is asked what became of it, and only "never seen" lets the same
 * PUT go out again. When time is up the operation stays `unknown`, and a later request or the sweep goes on.
 */
import { NEEDS_RECONCILIATION } from '../domain/decide';
import { LIMITS } from '../domain/limits';
import { append, type Operation, opKeyOf, type Payment, type PaymentEvent, pendingOperation } from '../domain/payment';
import { commit } from './commit';
import { type Deps, nowIso } from './context';
import { type BankAnswer, type BankOperation, DEFAULT_CONNECTOR } from './ports';

/** Operations that this process is driving; a second driver of the same one joins the first. */
export class InFlight {
  private readonly running = new Map<string, Promise<Payment>>();

  has(opKey: string): boolean {
    return this.running.has(opKey);
  }

  run(opKey: string, work: () => Promise<Payment>): Promise<Payment> {
    const joined = this.running.get(opKey);
    if (joined !== undefined) return joined;
    const started = work().finally(() => this.running.delete(opKey));
    this.running.set(opKey, started);
    return started;
  }

  /** Resolves when nothing is being driven. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }
}

/**
 * @param resumed the bank may have been asked before, so ask what became of it first
 * @returns the payment with the operation definite, or `unknown` when time was up
 */
export function settle(deps: Deps, payment: Payment, by: string, resumed: boolean): Promise<Payment> {
  const operation = pendingOperation(payment.state);
  if (operation === undefined || operation.code === NEEDS_RECONCILIATION) return Promise.resolve(payment);
  return deps.inFlight.run(opKeyOf(payment.facts.id, operation.op), () => drive(deps, payment, operation, by, resumed));
}

async function drive(
  deps: Deps,
  payment: Payment,
  operation: Operation,
  by: string,
  resumed: boolean,
): Promise<Payment> {
  const step = bankOperation(payment, operation);
  const endsAt = deps.clock.elapsedMs() + LIMITS.settleMs;
  const left = () => endsAt - deps.clock.elapsedMs();
  let ask: 'put' | 'get' = resumed ? 'get' : 'put';
  let backoffMs: number = LIMITS.settleBackoffMs.first;
  let conflict = false;

  while (left() > 0) {
    const answer = await attempt(deps, ask, step, Math.min(LIMITS.connectorAttemptMs, left()));
    if (answer.result === 'approved' || answer.result === 'declined') {
      return record(deps, payment, operation, outcomeEvent(deps, operation, by, answer));
    }
    // The bank said that it knows the step with another body, and its record says no other: that is for people.
    if (conflict && (answer.result === 'mismatch' || answer.result === 'absent')) {
      return record(deps, payment, operation, unknownEvent(deps, operation, by, NEEDS_RECONCILIATION));
    }
    conflict ||= answer.result === 'conflict';
    ask = answer.result === 'absent' ? 'put' : 'get';
    if (answer.result === 'absent' || answer.result === 'conflict') continue;
    if (left() <= backoffMs) break;
    await deps.clock.sleep(backoffMs);
    backoffMs = Math.min(backoffMs * 2, LIMITS.settleBackoffMs.most);
  }
  if (operation.status === 'unknown') return payment;
  return record(deps, payment, operation, unknownEvent(deps, operation, by));
}

async function attempt(deps: Deps, ask: 'put' | 'get', step: BankOperation, timeoutMs: number) {
  const attemptEnds = new AbortController();
  const timer = new AbortController();
  deps.clock.sleep(timeoutMs, timer.signal).then(
    () => attemptEnds.abort(),
    () => undefined, // the answer came first
  );
  try {
    return await deps.connectors.find(DEFAULT_CONNECTOR)![ask](step, attemptEnds.signal);
  } finally {
    timer.abort();
  }
}

/** Writes what the bank said. Another process may have written it first: then its word stands, for the bank says the same to both. */
async function record(deps: Deps, payment: Payment, operation: Operation, event: PaymentEvent): Promise<Payment> {
  let base = payment;
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const result = await commit(deps, append(base, event));
    if (result.written) return result.payment;
    const standing = result.current.state.operations.find(({ op }) => op === operation.op);
    if (standing?.settledVersion !== undefined) return result.current;
    base = result.current;
  }
  return base;
}

function bankOperation({ facts, state, payerToken }: Payment, { op, kind, amount }: Operation): BankOperation {
  const original = kind === 'authorize' || kind === 'sale' ? undefined : originalOf(state.operations, kind);
  return {
    opKey: opKeyOf(facts.id, op),
    kind,
    paymentId: facts.id,
    merchantId: facts.merchantId,
    amount: { currency: facts.amount.currency, value: amount },
    ...(payerToken !== undefined && { payerToken }),
    ...(original !== undefined && { originalOpKey: opKeyOf(facts.id, original.op) }),
  };
}

/** A refund goes back on what took the money, a capture or a void on what reserved it. */
function originalOf(operations: readonly Operation[], kind: 'capture' | 'cancel' | 'refund'): Operation | undefined {
  const taken = kind === 'refund' ? ['sale', 'capture'] : ['authorize'];
  return operations.find((each) => each.status === 'succeeded' && taken.includes(each.kind));
}

function outcomeEvent(
  deps: Deps,
  { op }: Operation,
  by: string,
  answer: BankAnswer & { result: 'approved' | 'declined' },
): PaymentEvent {
  const type = answer.result === 'approved' ? 'operation_succeeded' : 'operation_declined';
  return { type, op, at: nowIso(deps.clock), by, code: answer.code, bankReference: answer.reference };
}

function unknownEvent(deps: Deps, { op }: Operation, by: string, code?: string): PaymentEvent {
  return { type: 'operation_unknown', op, at: nowIso(deps.clock), by, ...(code !== undefined && { code }) };
}
