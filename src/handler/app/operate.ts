/**
 * What authorize, capture, cancel and refund have in common: the key first, then the version, then the state; one conditional write for
 * the intent, the bank, one conditional write for the outcome.
 */
import { checkReady, type Decision } from '../domain/decide';
import { Problem } from '../domain/errors';
import { hashIdempotencyKey, hashRequest, type Idempotency } from '../domain/idempotency';
import { LIMITS } from '../domain/limits';
import {
  append,
  appendRefusal,
  isDue,
  nextOp,
  type Operation,
  opKeyOf,
  type Payment,
  type SavedRefusal,
} from '../domain/payment';
import { commit } from './commit';
import { type Caller, type Deps, nowIso } from './context';
import { type Access, isAbandoned, loadPayment } from './load-payment';
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
  const idempotency: Idempotency = {
    key: hashIdempotencyKey(deps.paymentIdKey, caller.id, command.idempotencyKey),
    requestHash: hashRequest(deps.paymentIdKey, command.route, command.body),
  };
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const payment = await loadPayment(deps, caller, command.paymentId, rule.openTo);
    const prior = findPrior(payment, idempotency.key);
    if (prior !== undefined) return answerPrior(deps, caller, payment, prior, idempotency);
    const at = nowIso(deps.clock);
    if (isDue(payment, at)) continue; // it has just become due: look again, and find it expired
    checkVersion(payment, command.expectedVersion);
    resumeAbandoned(deps, payment);
    checkReady(payment, rule.wayOut);

    const decision = rule.decide(payment);
    const result = await commit(deps, apply(caller, at, payment, decision, idempotency));
    if (!result.written) continue; // somebody else changed it meanwhile: look again
    return answer(deps, caller, result.payment, decision, idempotency.key);
  }
  throw new Problem('operation-in-progress', 'The payment is being changed by other requests; retry.', {
    retryAfterSeconds: 1,
  });
}

/** Lets a reader or a bystander push on what a crashed process has left behind, without waiting for it. */
export function resumeAbandoned(deps: Deps, payment: Payment): void {
  if (!isAbandoned(deps, payment)) return;
  settle(deps, payment, 'system', true).catch(() => undefined); // the store cannot be reached: the sweep tries again
}

type Prior =
  | { readonly kind: 'operation'; readonly was: Operation }
  | { readonly kind: 'cancelled'; readonly was: Idempotency; readonly version: number }
  | { readonly kind: 'refusal'; readonly was: SavedRefusal };

function findPrior({ state, events, refusals }: Payment, key: string): Prior | undefined {
  const operation = state.operations.find((each) => each.key === key);
  if (operation !== undefined) return { kind: 'operation', was: operation };
  const refusal = refusals.find((each) => each.key === key);
  if (refusal !== undefined) return { kind: 'refusal', was: refusal };
  for (const [index, event] of events.entries()) {
    if (event.type === 'cancelled' && event.key === key) return { kind: 'cancelled', was: event, version: index + 1 };
  }
  return undefined;
}

async function answerPrior(
  deps: Deps,
  caller: Caller,
  payment: Payment,
  prior: Prior,
  { requestHash }: Idempotency,
): Promise<OperationReply> {
  if (prior.was.requestHash !== requestHash) {
    throw new Problem(
      'idempotency-mismatch',
      'This Idempotency-Key came with another request before; use a new key for a new request.',
    );
  }
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

function apply(caller: Caller, at: string, payment: Payment, decision: Decision, idempotency: Idempotency): Payment {
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
      const event = { type: 'operation_pending', ...cause, op, kind, amount, ...idempotency } as const;
      return append(payment, reason === undefined ? event : { ...event, reason }, payerToken);
    }
  }
}

async function answer(
  deps: Deps,
  caller: Caller,
  payment: Payment,
  decision: Decision,
  key: string,
): Promise<OperationReply> {
  switch (decision.kind) {
    case 'refuse':
      throw refusal({ ...decision, requestId: caller.requestId }, false);
    case 'cancel-unpaid':
      return { payment, version: payment.state.version, definite: true, replayed: false };
    case 'begin': {
      const begun = payment.state.operations.find((each) => each.key === key);
      if (begun === undefined) throw new Error('an operation was written and is not in the item');
      return driven(deps, payment, begun, caller, { resumed: false, replayed: false });
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
  const settled = await settle(deps, payment, caller.id, resumed).catch((error: unknown) => {
    if (error instanceof Problem) return payment;
    throw error;
  });
  const standing = settled.state.operations.find(({ op }) => op === operation.op) ?? operation;
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

function checkVersion({ state }: Payment, expected: number | undefined): void {
  if (expected === undefined || expected === state.version) return;
  throw new Problem(
    'version-mismatch',
    `If-Match says "${expected}"; the payment is at "${state.version}". Read it again.`,
  );
}
