/** What the use cases need from outside, in the domain's words. Adapters implement these; tests too. */
import type { Merchant } from '../domain/merchant';
import type { Amount } from '../domain/money';
import type { OperationKind, Payment, PaymentFacts } from '../domain/payment';

/** A write is lost only to another write: then `current` is what stands there now. */
export type WriteResult = { readonly written: true } | { readonly written: false; readonly current: Payment };

/**
 * Payments and merchant profiles. Every method rejects with Problem `store-unavailable` when the store did certainly nothing,
 * and a write with Problem `internal` when nobody knows whether it happened.
 */
export interface PaymentStore {
  /** Writes a payment of which nothing is there yet. */
  create(payment: Payment): Promise<WriteResult>;
  /** Writes over revision `payment.revision - 1`, and only over that. */
  replace(payment: Payment): Promise<WriteResult>;
  /** Consistent: sees every write that was acknowledged. */
  get(id: string): Promise<Payment | undefined>;
  /** Consistent, in the order asked; a missing one is left out. */
  getMany(ids: readonly string[]): Promise<Payment[]>;
  /** Newest first, from a merchant's index that may lag behind by moments. */
  list(query: ListQuery): Promise<readonly ListEntry[]>;
  /** Ids of payments of that home Region whose operation began before `since` and is not definite. Oldest first; may lag behind. */
  listPending(query: PendingQuery): Promise<readonly string[]>;
  getMerchant(id: string): Promise<Merchant | undefined>;
  putMerchant(merchant: Merchant): Promise<void>;
  /** Writes a profile where there is none yet. Resolves with whether it did. */
  createMerchant(merchant: Merchant): Promise<boolean>;
  /**
   * Whether every write is refused with Problem `writes-frozen`: the store was restored, and may lack what the bank has done since. Until
   * that is made good nothing goes to the bank either, for the answer could not be kept. True also while it is not known yet.
   */
  isFrozen(): boolean;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Every payment there is, page by page and in no order. Without `payment`: it cannot be read. */
export interface PaymentScan {
  pages(): AsyncIterable<readonly { readonly id: string; readonly payment?: Payment }[]>;
}

export interface ListQuery {
  readonly merchantId: string;
  readonly limit: number;
  /** Position of the last entry of the page before. */
  readonly after?: string;
}
/** `position` orders a merchant's payments: `<createdAt>#<id>`. */
export interface ListEntry {
  readonly id: string;
  readonly position: string;
}
export interface PendingQuery {
  /** Region code as it stands in payment ids. */
  readonly homeRegion: string;
  readonly since: string;
  readonly limit: number;
}

/** Trace context, W3C: the trace that a call belongs to. Named as the headers are, for whoever passes them on. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** One step at the bank. Idempotent by `opKey`. */
export interface BankOperation {
  readonly opKey: string;
  readonly kind: OperationKind;
  readonly paymentId: string;
  readonly merchantId: string;
  readonly amount: Amount;
  readonly payerToken?: string;
  /** The step that this one captures, voids or refunds. */
  readonly originalOpKey?: string;
  /** Of the request that asks for it; no part of what it is. */
  readonly trace?: TraceContext;
}

/** What the bank has in its books about a step, of whatever amount. */
export interface BankRecord {
  readonly result: 'approved' | 'declined';
  readonly code: string;
  readonly reference: string;
  readonly amount: Amount;
}

/**
 * `unknown`: no answer, or none that can be read; the bank may have done it or not.
 * `not-sent`: no connection was made, or the circuit is open: certainly nothing has reached the bank.
 * `mismatch`: an answer about another operation or amount; as good as none, unless it is the bank's record after a conflict.
 * `conflict`: the bank knows the opKey with another body; its record decides, not a retry.
 */
export type BankAnswer =
  | { readonly result: 'approved' | 'declined'; readonly code: string; readonly reference: string }
  | { readonly result: 'mismatch'; readonly record?: BankRecord }
  | { readonly result: 'unknown' | 'not-sent' | 'conflict' };

export interface Connector {
  /** Asks the bank to do it; the same opKey again has no second effect. Never rejects. */
  put(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer>;
  /** Asks what became of it. `absent`: the bank has never seen it. Never rejects. */
  get(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer | { readonly result: 'absent' }>;
}

/** The banks and processors there are, by the names that payments keep them under. */
export interface Connectors {
  /** Which ones may take a payment's first step, the preferred one first; at least one. */
  routeFor(facts: Pick<PaymentFacts, 'scheme' | 'amount'>): readonly string[];
  /** `undefined`: none of that name is configured any more. */
  find(name: string): Connector | undefined;
}
/** Name of the one bank where only one is configured; items leave it out. */
export const DEFAULT_CONNECTOR = 'default';

/** Is told what happened, for metrics; decides nothing and never throws. */
export interface Observer {
  /** A change of the payment was written by this process: its last event is new, or a refusal. */
  changed(payment: Payment): void;
  /** A saved reply was given again. */
  replayed(): void;
  /** After a sweep: how many payments it has to go on with, and since when the oldest of them waits. */
  swept?(count: number, oldestSince?: string): void;
}

/** Tells long polls that a payment changed. Losing a wake-up costs time, never truth. */
export interface WakeUps {
  announce(paymentId: string): void;
  /** Resolves at the next announcement, after `timeoutMs`, or when `signal` aborts. */
  wait(paymentId: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export type BudgetKind = 'writes' | 'reads';

/** How many requests a second each caller may make. Shared among processes as well as that goes; never fails. */
export interface RateBudgets {
  /** Takes one request out of the budget and gives 0, or the milliseconds after which there is one again. Seldom has to wait for it. */
  take(callerId: string, kind: BudgetKind): number | Promise<number>;
}

/** Pictures made before. May forget any of them; never gives a wrong one. */
export interface Pictures {
  /** @param name says everything that the picture depends on: at most 64 characters of base64url */
  get(name: string, keepMs: number, draw: () => Buffer): Buffer | Promise<Buffer>;
}

/** What processes share beside the store and can do without: empty, stale, wrong or gone, no payment differs. */
export interface SessionCache {
  readonly wakeUps: WakeUps;
  readonly rateBudgets: RateBudgets;
  readonly pictures: Pictures;
  /** Begins to connect; nobody waits for it. */
  open(): void;
  close(): Promise<void>;
}

export interface Clock {
  /** The time of day, for what is stored and shown. It may be set, back too. */
  now(): Date;
  /** Milliseconds since some moment, for what is measured: never goes back. */
  elapsedMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
