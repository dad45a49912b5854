/** The bank's own record of a step that it knows with another body: whether our books can take it over. */
import { evolve } from './fold';
import type { Amount } from './money';
import type { Operation } from './operation';
import { isSound, type Payment } from './payment';

/** Whether the books stay sound with what the bank did. A void is whole or nothing, and so is the undoing of a late step. */
export function canAdopt({ facts, state }: Payment, { op, kind, amount, undoes }: Operation, done: Amount): boolean {
  if (done.currency !== facts.amount.currency || !Number.isSafeInteger(done.value) || done.value < 1) return false;
  if (kind === 'cancel' || undoes !== undefined) return done.value === amount;
  return isSound(facts, evolve(state, { type: 'operation_succeeded', op, amount: done.value, at: '', by: '' }));
}
