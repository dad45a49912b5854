/** Which step may follow on which state, by contract: the rules that the reference holds events and refusals against. */
import type { PaymentEvent, PaymentFacts } from '../../../src/handler/domain/payment';
import type { Version } from './reference';

type Why = readonly [invariant: string, what: string];

export function whyNot(facts: PaymentFacts, before: Version, event: PaymentEvent): Why | undefined {
  const open = before.steps.find(({ status }) => status === 'pending' || status === 'unknown');
  switch (event.type) {
    case 'created':
      return before.status === 'none' ? undefined : ['I08', 'it was created already'];
    case 'cancelled':
      if (open !== undefined) return ['I08', `${open.id} is under way`];
      return before.status === 'created' ? undefined : ['I08', `it is ${before.status}`];
    case 'expired':
      if (open !== undefined) return ['I26', `${open.id} is under way`];
      if (before.status !== 'created') return ['I26', `it is ${before.status}`];
      return event.at >= facts.expiresAt ? undefined : ['I26', `at ${event.at}, before ${facts.expiresAt}`];
    case 'operation_pending':
      if (open !== undefined) return ['I08', `${open.id} is under way`];
      return event.undoes === undefined ? whyNotBegin(facts, before, event) : whyNotUndo(before, event);
    case 'operation_late': {
      const step = before.steps.find(({ id }) => id === event.op);
      return step?.status === 'declined' && !step.late ? undefined : ['I28', `${event.op} was not declined`];
    }
    default:
      return open?.id === event.op ? undefined : ['I08', `${event.op} is not under way`];
  }
}

type Intent = PaymentEvent & { type: 'operation_pending' };

function whyNotBegin(facts: PaymentFacts, before: Version, { op, amount, at, requestId }: Intent): Why | undefined {
  const [kind, n] = op.split('.');
  const nth = before.steps.filter((step) => step.kind === kind).length + 1;
  if (n !== String(nth)) return ['I07', `${op} is not the next of its kind`];
  if (requestId === undefined) return ['I40', `nobody asked for ${op}`];
  const undone = (step: { id: string }) => before.steps.some(({ undoes }) => undoes === step.id);
  const late = before.steps.find((step) => step.late && !undone(step));
  if (late !== undefined) return ['I28', `${late.id} was done late and is not undone`];
  if (kind === 'authorize' || kind === 'sale') {
    if (kind !== (facts.captureMethod === 'automatic' ? 'sale' : 'authorize')) return ['I08', 'of the wrong kind'];
    if (amount !== facts.amount.value) return ['I30', `${amount} of ${facts.amount.value}`];
    if (at >= facts.expiresAt) return ['I26', `begun at ${at}, not before ${facts.expiresAt}`];
  }
  const state = refusalOf(before, kind);
  if (state !== undefined) return ['I08', `it is ${before.status}`];
  const left = leftFor(facts, before, kind);
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > left) return ['I02', `${amount} where ${left} is left`];
  return undefined;
}

function whyNotUndo(before: Version, { op, amount, undoes }: Intent): Why | undefined {
  const late = before.steps.find(({ id }) => id === undoes);
  if (late?.late !== true) return ['I28', `${undoes} was not done late`];
  if (before.steps.some((step) => step.undoes === undoes)) return ['I28', `${undoes} is undone already`];
  const kind = late.kind === 'authorize' ? 'cancel' : 'refund';
  if (!op.startsWith(`${kind}.`)) return ['I28', `${op} does not undo ${undoes}`];
  return amount === late.amount ? undefined : ['I28', `undoes ${amount} of ${late.amount}`];
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  authorize: ['created'],
  sale: ['created'],
  capture: ['authorized'],
  cancel: ['created', 'authorized'],
  refund: ['captured', 'partially_refunded'],
};

/** Code of the refusal that a payment in this state has for an operation of that kind, whatever else is asked. */
export function refusalOf({ status }: Version, kind: string): string | undefined {
  return ALLOWED[kind].includes(status) ? undefined : 'payment-state';
}

export function leftFor(facts: PaymentFacts, { authorized, captured, refunded }: Version, kind: string): number {
  if (kind === 'refund') return captured - refunded;
  return kind === 'authorize' || kind === 'sale' ? facts.amount.value : authorized;
}
