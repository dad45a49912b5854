/** How a changed payment is written. */
import { isDeepStrictEqual } from 'node:util';
import type { Payment } from '../domain/payment';
import type { Deps } from './context';

export type CommitResult =
  | { readonly written: true; readonly payment: Payment }
  | { readonly written: false; readonly current: Payment };

/**
 * Writes over the revision that the change was made from. Where the store says no, the write may be our own from an attempt whose
 * answer was lost: if our change is in the item, it went through.
 */
export async function commit(deps: Deps, changed: Payment): Promise<CommitResult> {
  const result = await (changed.revision === 1 ? deps.store.create(changed) : deps.store.replace(changed));
  if (!result.written && !holds(result.current, changed)) return { written: false, current: result.current };
  tell(deps, changed);
  return { written: true, payment: result.written ? changed : result.current };
}

/** Whoever wants to know of a change that was written. */
export function tell(deps: Deps, changed: Payment): void {
  deps.observer.changed(changed);
  deps.wakeUps.announce(changed.facts.id);
}

/** Facts are of one request, events and refusals are only ever added: ours is in there at its place or not at all. */
function holds(current: Payment, changed: Payment): boolean {
  const events = changed.events.length;
  const refusals = changed.refusals.length;
  return (
    current.revision >= changed.revision &&
    current.facts.requestHash === changed.facts.requestHash &&
    isDeepStrictEqual(current.events[events - 1], changed.events[events - 1]) &&
    isDeepStrictEqual(current.refusals[refusals - 1], changed.refusals[refusals - 1])
  );
}
