/** What must hold of every single write, the moment the store takes it. */
import { isDeepStrictEqual } from 'node:util';
import type { Payment } from '../../../src/handler/domain/payment';
import type { Ground } from '../ground';

export function checkChange(ground: Ground, before: Payment | undefined, after: Payment): void {
  const { id, amount } = after.facts;
  const violate = (invariant: string, what: string) => ground.violate(invariant, `${id} r${after.revision}: ${what}`);
  const { authorized, captured, refunded, version } = after.state;
  if (!(0 <= refunded && refunded <= captured && captured <= authorized && authorized <= amount.value)) {
    violate('I02', `refunded ${refunded}, captured ${captured}, authorized ${authorized} of ${amount.value}`);
  }
  if (version !== after.events.length) violate('I10', `version ${version} with ${after.events.length} events`);
  if (after.payerToken !== undefined && !isPending(after)) violate('I39', 'the token of the payer is kept too long');
  if (before === undefined) {
    if (after.revision !== 1 || after.events.length !== 1) violate('I10', 'a payment does not begin at version 1');
    return;
  }
  if (after.revision !== before.revision + 1) violate('I10', `written over r${before.revision}`);
  if (!isDeepStrictEqual(after.facts, before.facts)) violate('I01', 'its facts have changed');
  const events = after.events.length - before.events.length;
  const refusals = after.refusals.length - before.refusals.length;
  if (!begins(after.events, before.events)) violate('I10', 'an event was lost or changed');
  if (!begins(after.refusals, before.refusals)) violate('I19', 'a saved refusal was lost or changed');
  // A move between banks is a revision without either.
  if (events + refusals > 1) violate('I10', `${events} events and ${refusals} refusals at once`);
  const [last, added] = [before.events.at(-1), after.events.at(-1)];
  if (last !== undefined && added !== undefined && added.at < last.at) violate('I27', 'time went backwards');
}

function begins(longer: readonly object[], shorter: readonly object[]): boolean {
  return isDeepStrictEqual(longer.slice(0, shorter.length), shorter);
}

function isPending({ state }: Payment): boolean {
  return state.operations.some(({ status }) => status === 'pending' || status === 'unknown');
}
