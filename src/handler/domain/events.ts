/** What can happen to a payment. Events are only ever added; `docs/decisions/0001-stored-shape.md` says what each one holds. */
import type { Idempotency } from './idempotency';

interface EventBase {
  /** RFC 3339 UTC with milliseconds, like every time here: such strings sort by time. */
  readonly at: string;
  /** Account of the caller, or `system`. */
  readonly by: string;
  readonly requestId?: string;
}

/** What the bank says of a step. */
interface BankWord {
  readonly op: string;
  readonly code?: string;
  readonly bankReference?: string;
  /** Which bank says so, where it is not the default one and the step is a first one. */
  readonly connector?: string;
  /** What the bank did, where its own record was adopted and says another amount than the intent. */
  readonly amount?: number;
}

export type PaymentEvent = EventBase &
  (
    | { readonly type: 'created' }
    | ({
        readonly type: 'operation_pending';
        /** `<kind>.<n>`, n the ordinal of that kind within the payment. */
        readonly op: string;
        /** Minor units of the payment's currency. */
        readonly amount: number;
        readonly reason?: string;
        /** The late step that this one undoes. Such an intent is ours, and has no key. */
        readonly undoes?: string;
      } & Partial<Idempotency>)
    | { readonly type: 'operation_unknown'; readonly op: string; readonly code?: string }
    | ({ readonly type: 'operation_succeeded' | 'operation_declined' } & BankWord)
    /** The bank had said that it did not do it, and now says that it did. */
    | ({ readonly type: 'operation_late' } & BankWord)
    | ({ readonly type: 'cancelled' } & Idempotency)
    | { readonly type: 'expired' }
  );
