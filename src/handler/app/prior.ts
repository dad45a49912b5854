/** What a request's idempotency key has led to before. */
import { Problem } from '../domain/errors';
import type { Idempotency } from '../domain/idempotency';
import type { Operation } from '../domain/operation';
import type { Payment, SavedRefusal } from '../domain/payment';

export type Prior =
  | { readonly kind: 'operation'; readonly was: Operation }
  | { readonly kind: 'cancelled'; readonly was: Idempotency; readonly version: number }
  | { readonly kind: 'refusal'; readonly was: SavedRefusal };

/** @throws Problem `idempotency-mismatch` where the key came with another request */
export function findPrior(payment: Payment, { key, requestHash }: Idempotency): Prior | undefined {
  const prior = find(payment, key);
  if (prior === undefined || prior.was.requestHash === requestHash) return prior;
  throw new Problem(
    'idempotency-mismatch',
    'This Idempotency-Key came with another request before; use a new key for a new request.',
  );
}

function find({ state, events, refusals }: Payment, key: string): Prior | undefined {
  const operation = state.operations.find((each) => each.key === key);
  if (operation !== undefined) return { kind: 'operation', was: operation };
  const refusal = refusals.find((each) => each.key === key);
  if (refusal !== undefined) return { kind: 'refusal', was: refusal };
  for (const [index, event] of events.entries()) {
    if (event.type === 'cancelled' && event.key === key) return { kind: 'cancelled', was: event, version: index + 1 };
  }
  return undefined;
}
