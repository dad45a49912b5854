/**
 * What authorize, capture, cancel and refund have in common: the key first, then the version, then the state; one conditional write for
 * the intent, the bank, one conditional write for the outcome.
 */
import { checkReady, type Decision } from '../domain/decide';
import { Problem } from '../domain/errors';
import { hashIdempotencyKey, hashRequest, type Idempotency } from '../domain/idempotency';
import { LIMITS } from '../domain/limits';
import { findOperation, isFirstStep, nextOp, type Operation, opKeyOf, pendingOperation } from '../domain/operation';
import { append, appendRefusal, isDue, type Payment, type SavedRefusal } from '../domain/payment';
import { bankOf, findBank } from './bank';
import { commit } from './commit';
import { type Caller, type Deps, nowIso } from './context';
import { type Access, loadPayment } from './load-payment';
import { findPrior, type Prior } from './prior';
import { isAbandoned, resumeAbandoned } from './resume';
import { firstBank } from './routing';
import { settle } from './settle';

export interface OperationCommand {
  readonly paymentId: string;
  readonly idempotencyKey: string;
  /** `<method> <path template>`: the same key on another route is another request. */
  readonly route: string;
  readonly body: unknown;
  /** From If-Match. */
  readonly expectedVersion?: number;
}

export interface OperationReply {
  readonly payment: Payment;
  /** The payment is to be shown as it was then. */
  readonly version: number;
  /** `false`: the bank has not said yet. */
  readonly definite: boolean;
  readonly replayed: boolean;
}

export interface OperationRule {
  /** Whether whoever pays may ask for it too, or the payment's merchant alone. */
  readonly openTo: Access;
  /** A way out, cancel or refund, may use the operations that are kept for it. */
  readonly wayOut: boolean;
  decide(payment: Payment): Decision;
}

/** @throws Problem for every other answer, `payment-declined` among them */
export async function operate(
  deps: Deps,
  caller: Caller,
  command: OperationCommand,
  rule: OperationRule,
): Promise<OperationReply> {
  try {
    const reply = await execute(deps, caller, command, rule);
    if (reply.replayed) deps.observer.replayed();
    return reply;
  } catch (error) {
    if (error instanceof Problem && error.options.replayed) deps.observer.replayed();
    throw error;
  }
}

async function execute(
  deps: Deps,
  caller: Caller,
  command: OperationCommand,
  rule: OperationRule,
): Promise<OperationReply> {
  const idempotency: Idempotency = {
    key: hashIdempotencyKey(deps.paymentIdKey, caller.id, command.idempotencyKey),
    requestHash: hashRequest(deps.paymentIdKey, command.route, command.body),
  };
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const payment = await loadPayment(deps, caller, command.paymentId, rule.openTo);
    const prior = findPrior(payment, idempotency);
    if (prior !== undefined) return answerPrior(deps, caller, payment, prior);
    const at = nowIso(deps.clock);
    if (isDue(payment, at) && !deps.store.isFrozen()) continue; // it has just become due: look again, and find it expired
    checkVersion(payment, command.expectedVersion);
    resumeAbandoned(deps, payment);
    checkReady(payment, rule.wayOut);

    const decision = rule.decide(payment);
    const changed = apply(deps, caller, at, payment, decision, idempotency);
    checkBank(deps, changed);
    const result = await commit(deps, changed);
    if (!result.written) continue; // somebody else changed it meanwhile: look again
    // Where others have come to it before we saw that it was written, they may have asked the bank.
    const resumed = result.payment.revision !== changed.revision;
    return answer(deps, caller, result.payment, decision, idempotency.key, resumed);
  }
  throw new Problem('operation-in-progress', 'The payment is being changed by other requests; retry.', {
    retryAfterSeconds: 1,
  });
}

async function answerPrior(deps: Deps, caller: Caller, payment: Payment, prior: Prior): Promise<OperationReply> {
  if (prior.kind === 'refusal') throw refusal(prior.was, true);
  if (prior.kind === 'cancelled') return { payment, version: prior.version, definite: true, replayed: true };
  if (prior.was.settledVersion !== undefined) return settledReply(payment, prior.was, true);

  const mine = deps.inFlight.has(opKeyOf(payment.facts.id, prior.was.op));
  if (!mine && !isAbandoned(deps, payment)) {
    throw new Problem('idempotency-in-progress', 'The first request with this key has no outcome yet; retry.', {
      retryAfterSeconds: 1,
    });
  }
  // Whoever comes while the first request is still here gets its answer, as a replay.
  return driven(deps, payment, prior.was, caller, { resumed: true, replayed: mine });
}

function apply(
  deps: Deps,
  caller: Caller,
  at: string,
  payment: Payment,
  decision: Decision,
  idempotency: Idempotency,
): Payment {
  const cause = { at, by: caller.id, requestId: caller.requestId };
  switch (decision.kind) {
    case 'refuse': {
      const { code, detail } = decision;
      return appendRefusal(payment, { ...idempotency, requestId: caller.requestId, code, detail });
    }
    case 'cancel-unpaid':
      return append(payment, { type: 'cancelled', ...cause, ...idempotency });
    case 'begin': {
      const { operation: kind, amount, reason, payerToken } = decision;
      const op = nextOp(payment.state, kind);
      const event = { type: 'operation_pending', ...cause, op, amount, ...idempotency } as const;
      const connector = isFirstStep({ kind }) ? firstBank(deps, payment.facts) : undefined;
      return append(payment, reason === undefined ? event : { ...event, reason }, payerToken, connector);
    }
  }
}

async function answer(
  deps: Deps,
  caller: Caller,
  payment: Payment,
  decision: Decision,
  key: string,
  resumed: boolean,
): Promise<OperationReply> {
  switch (decision.kind) {
    case 'refuse':
      throw refusal({ ...decision, requestId: caller.requestId }, false);
    case 'cancel-unpaid':
      return { payment, version: payment.state.version, definite: true, replayed: false };
    case 'begin': {
      const begun = payment.state.operations.find((each) => each.key === key);
      if (begun === undefined) throw new Error('an operation was written and is not in the item');
      return driven(deps, payment, begun, caller, { resumed, replayed: false });
    }
  }
}

/** From here on the operation exists: whatever goes wrong, the truth is what stands in the item, not an error. */
async function driven(
  deps: Deps,
  payment: Payment,
  operation: Operation,
  caller: Caller,
  { resumed, replayed }: { resumed: boolean; replayed: boolean },
): Promise<OperationReply> {
  const settled = await settle(deps, payment, caller, resumed).catch((error: unknown) => {
    if (error instanceof Problem) return payment;
    throw error;
  });
  const standing = findOperation(settled.state, operation.op) ?? operation;
  if (standing.settledVersion !== undefined) return settledReply(settled, standing, replayed);
  return { payment: settled, version: settled.state.version, definite: false, replayed: false };
}

function settledReply(payment: Payment, operation: Operation, replayed: boolean): OperationReply {
  const { status, settledVersion = payment.state.version, requestId, code } = operation;
  if (status === 'declined') {
    throw new Problem('payment-declined', `The bank declined the ${operation.kind}: ${code}.`, { requestId, replayed });
  }
  return { payment, version: settledVersion, definite: true, replayed };
}

function refusal(
  { code, detail, requestId }: Pick<SavedRefusal, 'code' | 'detail' | 'requestId'>,
  replayed: boolean,
): Problem {
  return new Problem(code as Problem['code'], detail, { requestId, replayed });
}

/** Nothing is begun that could not be gone on with. @throws Problem */
function checkBank(deps: Deps, begun: Payment): void {
  const operation = pendingOperation(begun.state);
  if (operation !== undefined) findBank(deps, bankOf(begun, operation));
}

function checkVersion({ state }: Payment, expected: number | undefined): void {
  if (expected === undefined || expected === state.version) return;
  throw new Problem(
    'version-mismatch',
    `If-Match says "${expected}"; the payment is at "${state.version}". Read it again.`,
  );
}
