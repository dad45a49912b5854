/**
 * The state machine once more, told from the promises and not from the handler's code: replays a payment's events, says what each version
 * must look like, and objects to every step that should not have been taken.
 */
import type { Payment, PaymentEvent } from '../../../src/handler/domain/payment';
import { whyNot } from './rules';

export interface Step {
  readonly id: string;
  readonly kind: string;
  status: 'pending' | 'unknown' | 'succeeded' | 'declined';
  amount: number;
  readonly at: string;
  code?: string;
  late: boolean;
  readonly undoes?: string;
}

export interface Version {
  readonly status: string;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly steps: readonly Step[];
}

export type Objection = (invariant: string, what: string) => void;

const FINAL = new Set(['cancelled', 'expired', 'failed', 'refunded']);

/** @returns the payment at each version; `[0]` is nothing yet */
export function replay({ facts, events }: Payment, object: Objection): Version[] {
  const versions: Version[] = [{ status: 'none', authorized: 0, captured: 0, refunded: 0, steps: [] }];
  for (const [index, event] of events.entries()) {
    const before = versions[index];
    const why = whyNot(facts, before, event);
    if (why !== undefined) object(why[0], `version ${index + 1}, ${event.type}: ${why[1]}`);
    const after = apply(before, event);
    if (FINAL.has(before.status) && after.status !== before.status) {
      object('I09', `version ${index + 1}: it was ${before.status} and became ${after.status}`);
    }
    versions.push(after);
  }
  return versions;
}

function apply(before: Version, event: PaymentEvent): Version {
  switch (event.type) {
    case 'created':
    case 'cancelled':
    case 'expired':
      return { ...before, status: event.type };
    case 'operation_pending':
      return { ...before, steps: [...before.steps, begin(event)] };
    default:
      return settle(before, event);
  }
}

function begin(event: PaymentEvent & { type: 'operation_pending' }): Step {
  const { op, amount, at, undoes } = event;
  return { id: op, kind: op.slice(0, op.indexOf('.')), status: 'pending', amount, at, late: false, undoes };
}

type News = Exclude<PaymentEvent, { type: 'created' | 'cancelled' | 'expired' | 'operation_pending' }>;

function settle(before: Version, event: News): Version {
  const steps = before.steps.map((step) => (step.id === event.op ? changed(step, event) : step));
  const step = steps.find(({ id }) => id === event.op);
  const after = { ...before, steps };
  if (step === undefined || event.type !== 'operation_succeeded' || step.undoes !== undefined) return after;
  const { kind, amount } = step;
  const refunded = before.refunded + amount;
  const all = refunded === before.captured;
  const effect: Readonly<Record<string, Partial<Version>>> = {
    authorize: { status: 'authorized', authorized: amount },
    sale: { status: 'captured', authorized: amount, captured: amount },
    capture: { status: 'captured', captured: amount },
    cancel: { status: 'cancelled' },
    refund: { status: all ? 'refunded' : 'partially_refunded', refunded },
  };
  return { ...after, ...effect[kind] };
}

function changed(step: Step, event: News): Step {
  if (event.type === 'operation_late') return { ...step, late: true, amount: event.amount ?? step.amount };
  if (event.type === 'operation_unknown') return { ...step, status: 'unknown', code: event.code ?? step.code };
  const status = event.type === 'operation_succeeded' ? 'succeeded' : 'declined';
  return { ...step, status, code: event.code ?? step.code, amount: event.amount ?? step.amount };
}
