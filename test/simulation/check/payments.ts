/** Each stored payment against the reference, and against what the clients had asked for. */
import type { Payment } from '../../../src/handler/domain/payment';
import type { Ground } from '../ground';
import type { Attempt } from '../network';
import { TOKEN_MARK } from '../shop';
import { type Objection, replay, type Version } from './reference';
import { leftFor, refusalOf } from './rules';

interface Body {
  readonly qrPayload?: string;
  readonly amount?: { readonly currency: string; readonly value: number };
}

/** @returns every version of it, as the reference has them */
export function checkPayment(ground: Ground, payment: Payment, attempts: ReadonlyMap<string, Attempt>): Version[] {
  const { facts, events, state } = payment;
  const object: Objection = (invariant, what) => ground.violate(invariant, `${facts.id}: ${what}`);
  const versions = replay(payment, object);
  compare(versions.at(-1)!, payment, object);
  for (const event of events) ground.count(`event ${event.type}`);
  ground.count(`payment ${state.status}`);
  for (const [before, event] of events.entries()) {
    if (event.type !== 'operation_pending' || event.undoes !== undefined) continue;
    const attempt = attempts.get(event.requestId ?? '');
    const wanted = bodyOf(attempt)?.amount?.value ?? event.amount;
    if (wanted !== event.amount) object('I30', `${event.op} of ${event.amount}, asked ${wanted}`);
    checkDecision(payment, versions[before], attempt, undefined, object);
  }
  for (const { requestId, version, code } of payment.refusals) {
    checkDecision(payment, versions[version], attempts.get(requestId), code, object);
    ground.count(`refused ${code}`);
  }
  if (JSON.stringify(events).includes(TOKEN_MARK)) object('I39', 'a token of a payer stands in the events');
  return versions;
}

/** @param code of the refusal; `undefined`: it was begun */
function checkDecision(
  payment: Payment,
  version: Version,
  attempt: Attempt | undefined,
  code: string | undefined,
  object: Objection,
): void {
  if (attempt === undefined) return;
  const right = rightRefusal(payment, version, attempt);
  if (right === code) return;
  const [did, due] = [code, right].map((each) => (each === undefined ? 'begun' : `refused as ${each}`));
  object('I22', `${attempt.id} was ${did}, and at that version was to be ${due}`);
}

function compare(expected: Version, { state }: Payment, object: Objection): void {
  const { status, authorized, captured, refunded, steps } = expected;
  const fields = { status, authorized, captured, refunded };
  for (const [name, value] of Object.entries(fields)) {
    const stored = state[name as keyof typeof fields];
    if (stored !== value) object('I08', `${name} is ${stored}, its events say ${value}`);
  }
  const sum = (kinds: readonly string[]) =>
    steps
      .filter((step) => step.status === 'succeeded' && step.undoes === undefined && kinds.includes(step.kind))
      .reduce((total, { amount }) => total + amount, 0);
  if (sum(['capture', 'sale']) !== captured)
    object('I03', `captured ${captured}, and its captures are ${sum(['capture', 'sale'])}`);
  if (sum(['refund']) !== refunded) object('I03', `refunded ${refunded}, and its refunds are ${sum(['refund'])}`);
  if (sum(['authorize', 'sale']) !== authorized)
    object('I29', `authorized ${authorized}, and was paid ${sum(['authorize', 'sale'])}`);
  if (captured > 0 && (status === 'cancelled' || status === 'expired')) object('I11', `captured and ${status}`);
}

/** What the contract answers to such a request where the payment stands like this; `undefined`: it goes ahead. */
function rightRefusal({ facts }: Payment, version: Version, attempt: Attempt): string | undefined {
  const { operationId } = attempt.request;
  const kind = operationId.replace('Payment', '');
  const state = refusalOf(version, kind);
  if (state !== undefined || kind === 'cancel') return state;
  const { qrPayload, amount } = bodyOf(attempt) ?? {};
  if (qrPayload !== undefined && qrPayload !== facts.qrPayload) return 'qr-mismatch';
  if (amount === undefined) return undefined;
  if (amount.currency !== facts.amount.currency) return 'currency-mismatch';
  if (kind === 'authorize') return amount.value === facts.amount.value ? undefined : 'amount-mismatch';
  return amount.value > leftFor(facts, version, kind) ? 'amount-exceeded' : undefined;
}

function bodyOf(attempt: Attempt | undefined): Body | undefined {
  return attempt?.request.body;
}
