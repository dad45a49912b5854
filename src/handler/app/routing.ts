/**
 * Which bank a payment's first step lies with. It is in the item before that bank is asked, and it changes only while nothing has been
 * sent to any: whoever comes to the step later takes it over first, with a write that makes any move of the process before it fail.
 */
import { LIMITS } from '../domain/limits';
import { findOperation, isFirstStep } from '../domain/operation';
import { moveTo, type PaymentFacts } from '../domain/payment';
import { bankOf, type Step } from './bank';
import type { Deps } from './context';
import { DEFAULT_CONNECTOR } from './ports';

/** What goes into the item with a first step: nothing where there is but the default bank. */
export function firstBank(deps: Deps, facts: PaymentFacts): string | undefined {
  const route = deps.connectors.routeFor(facts);
  return route.length === 1 && route[0] === DEFAULT_CONNECTOR ? undefined : route[0];
}

export interface Moved {
  readonly step: Step;
  /** `false`: another process has come to the step, and this is how it stands now. */
  readonly alone: boolean;
}

/** Moves a step of which certainly nothing has been sent to the next bank of its route. @returns `undefined` where there is none */
export async function fallOver(deps: Deps, step: Step): Promise<Moved | undefined> {
  const { payment, operation } = step;
  if (!isFirstStep(operation)) return undefined;
  const route = deps.connectors.routeFor(payment.facts);
  const next = route[route.indexOf(bankOf(payment, operation)) + 1];
  return next === undefined ? undefined : move(deps, step, next);
}

/** Bars the process that began the step from moving it on. Takes no write where that process could not, or has said that it gave up. */
export async function takeOver(deps: Deps, step: Step): Promise<Step> {
  let taken = step;
  for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
    const { payment, operation } = taken;
    if (payment.connector === undefined || findOperation(payment.state, operation.op)?.status !== 'pending')
      return taken;
    const moved = await move(deps, taken, payment.connector);
    if (moved.alone) return moved.step;
    taken = moved.step;
  }
  throw new Error(`payment ${step.payment.facts.id} is being moved from bank to bank by another process`);
}

async function move(deps: Deps, step: Step, connector: string): Promise<Moved> {
  const moved = moveTo(step.payment, connector);
  const result = await deps.store.replace(moved);
  if (result.written) return { step: { ...step, payment: moved }, alone: true };
  // Our own write, of an attempt whose answer was lost, is the next revision and looks like ours; nobody has come since.
  const { revision, connector: standing } = result.current;
  return {
    step: { ...step, payment: result.current },
    alone: revision === moved.revision && standing === connector,
  };
}
