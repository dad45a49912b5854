/** A caller's budget of requests, held to after it is known who calls and before anything is done for them (I36). */
import type { Caller } from '../app/context';
import type { BudgetKind, RateBudgets } from '../app/ports';
import { Problem } from '../domain/errors';
import type { OpenApiOperation } from './openapi';

/** Seldom has to wait. A long poll counts once. @throws Problem `rate-limited` */
export function spendBudget(
  budgets: RateBudgets,
  { id }: Caller,
  operation: OpenApiOperation,
): Promise<void> | undefined {
  const kind = budgetOf(operation);
  const waitMs = budgets.take(id, kind);
  if (typeof waitMs !== 'number') return waitMs.then((ms) => refuse(ms, kind));
  refuse(waitMs, kind);
  return undefined;
}

/** To read or write a QR code changes nothing, whatever its method. */
function budgetOf({ method, scopes }: OpenApiOperation): BudgetKind {
  return method === 'GET' || scopes.every((scope) => scope.endsWith(':read')) ? 'reads' : 'writes';
}

function refuse(waitMs: number, kind: BudgetKind): void {
  if (waitMs <= 0) return;
  throw new Problem(
    'rate-limited',
    `This account has used up its ${kind} of this second; nothing was done. Try again.`,
    {
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    },
  );
}
