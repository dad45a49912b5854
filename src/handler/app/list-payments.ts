/** A merchant's own payments, newest first. */
import { LIMITS } from '../domain/limits';
import type { Payment, PaymentStatus } from '../domain/payment';
import type { Caller, Deps } from './context';
import { expireIfDue, showExpired } from './load-payment';
import type { ListEntry } from './ports';

export interface ListRequest {
  readonly status?: PaymentStatus;
  readonly limit: number;
  /** Position of the last payment of the page before. */
  readonly after?: string;
}

export interface PaymentPage {
  readonly payments: readonly Payment[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** The status is read from the payments themselves; a page may be shorter than asked where a filter finds little in a bounded stretch. */
export async function listPayments(
  deps: Deps,
  caller: Caller,
  { status, limit, after }: ListRequest,
): Promise<PaymentPage> {
  const found: Payment[] = [];
  // Without a filter one more than asked tells whether there is a next page.
  const stretch = status === undefined ? limit + 1 : LIMITS.pageSize;
  let position = after;
  for (let seen = 0; seen < LIMITS.listScan; ) {
    const entries = await deps.store.list({ merchantId: caller.id, limit: stretch, after: position });
    for (const [entry, payment] of await readAll(deps, entries)) {
      if (payment !== undefined && (status === undefined || payment.state.status === status)) {
        if (found.length === limit) return { payments: found, next: position };
        found.push(payment);
      }
      position = entry.position;
    }
    if (entries.length < stretch) return { payments: found };
    seen += entries.length;
  }
  return { payments: found, next: position };
}

async function readAll(deps: Deps, entries: readonly ListEntry[]): Promise<[ListEntry, Payment | undefined][]> {
  const payments = await deps.store.getMany(entries.map(({ id }) => id));
  const current = await Promise.all(
    payments.map((payment) => expireIfDue(deps, payment).catch(showExpired(deps, payment))),
  );
  const byId = new Map(current.map((payment) => [payment.facts.id, payment]));
  return entries.map((entry) => [entry, byId.get(entry.id)]);
}
