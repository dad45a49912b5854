/**
 * The one stored form of a payment and of a merchant, the same in every store: `docs/decisions/0001-stored-shape.md`.
 * Plain JSON. What cannot be read for certain is not read at all: that payment fails closed, alone.
 */
import { NEEDS_RECONCILIATION } from '../domain/decide';
import { LIMITS } from '../domain/limits';
import type { Merchant } from '../domain/merchant';
import {
  fold,
  type Payment,
  type PaymentEvent,
  type PaymentFacts,
  type PaymentState,
  type PaymentStatus,
  pendingOperation,
  type SavedRefusal,
} from '../domain/payment';
import { homeRegionOf } from '../domain/payment-id';

export const SCHEMA = 1;

export interface PaymentItem extends Omit<PaymentFacts, 'id'> {
  readonly pk: string;
  readonly schema: number;
  readonly revision: number;
  readonly events: readonly PaymentEvent[];
  readonly refusals?: readonly SavedRefusal[];
  readonly payerToken?: string;
  readonly status: PaymentStatus;
  readonly version: number;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  /** What the event pipe sends; only in a write that changed the state for certain. */
  readonly lastEvent?: { readonly id: string; readonly region: string; readonly type: PaymentEvent['type'] };
  readonly merchantShard: string;
  readonly createdAtId: string;
  readonly pendingShard?: string;
  readonly pendingSince?: string;
}

export interface MerchantItem extends Omit<Merchant, 'id'> {
  readonly pk: string;
  readonly schema: number;
}

export type StoredItem = PaymentItem | MerchantItem;

/** @param region AWS Region of this process, `local` without one */
export function toItem(payment: Payment, region: string): PaymentItem {
  const { facts, events, refusals, revision, payerToken, state } = payment;
  const { id, ...rest } = facts;
  if (!isSound(facts, state) || state.version !== events.length) throw unreadable(id, 'its state is impossible');
  const { status, version, authorized, captured, refunded } = state;
  const lastEvent = announcement(payment, region);
  return {
    pk: id,
    schema: SCHEMA,
    revision,
    ...rest,
    events,
    ...(refusals.length > 0 && { refusals }),
    ...(payerToken !== undefined && { payerToken }),
    status,
    version,
    authorized,
    captured,
    refunded,
    ...(lastEvent !== undefined && { lastEvent }),
    merchantShard: `${facts.merchantId}#${shardOf(id)}`,
    createdAtId: `${facts.createdAt}#${id}`,
    ...pendingKeys(id, state),
  };
}

/** @throws Error that names the payment and nothing of its content */
export function fromItem(item: unknown): Payment {
  if (!hasForm(item)) throw unreadable(pkOf(item), 'its form or schema is not known to this release');
  const { pk: id, events, refusals = [], revision, payerToken } = item;
  const facts = factsOf(item);
  const state = foldOrUndefined(events);
  if (state === undefined || !projects(item, state) || !isSound(facts, state)) {
    throw unreadable(id, 'its events and its projections differ');
  }
  return { facts, events, refusals, revision, ...(payerToken !== undefined && { payerToken }), state };
}

/** One payment that cannot be read takes no other with it. */
export function fromItems(items: readonly unknown[], onUnreadable: (error: Error) => void): Payment[] {
  const payments: Payment[] = [];
  for (const item of items) {
    try {
      payments.push(fromItem(item));
    } catch (error) {
      onUnreadable(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return payments;
}

/** What happens to such a payment where nobody listens. */
export function warnUnreadable(error: Error): void {
  process.emitWarning(error);
}

export function merchantPk(merchantId: string): string {
  return `merchant#${merchantId}`;
}

export function toMerchantItem({ id, ...profile }: Merchant): MerchantItem {
  return { pk: merchantPk(id), schema: SCHEMA, ...profile };
}

/** @throws Error where the item is of a schema this release does not know */
export function fromMerchantItem(item: unknown): Merchant {
  if (!isMerchantItem(item)) throw new Error('a merchant cannot be read: its schema is not known to this release');
  const { pk, schema: _, ...profile } = item;
  return { id: pk.slice(merchantPk('').length), ...profile };
}

export function merchantShards(merchantId: string): string[] {
  return Array.from({ length: LIMITS.indexShards }, (_, shard) => `${merchantId}#${shard}`);
}

export function pendingShards(homeRegion: string): string[] {
  return Array.from({ length: LIMITS.indexShards }, (_, shard) => `${homeRegion}#${shard}`);
}

/** By the first character of the id's hash, which is five even bits. Part of the stored shape: never changes. */
export function shardOf(paymentId: string): number {
  return 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(paymentId.charAt('pay_'.length)) & (LIMITS.indexShards - 1);
}

/** An intent is no news yet, an unknown outcome is none either, and a refusal changes nothing. */
function announcement({ facts, events, refusals }: Payment, region: string): PaymentItem['lastEvent'] {
  const type = events.at(-1)?.type;
  const isRefusal = refusals.at(-1)?.version === events.length;
  if (isRefusal || type === undefined || type === 'operation_pending' || type === 'operation_unknown') return undefined;
  return { id: `${facts.id}.${events.length}`, region, type };
}

/** What waits for people is not for the sweep. */
function pendingKeys(id: string, state: PaymentState): Pick<PaymentItem, 'pendingShard' | 'pendingSince'> {
  const pending = pendingOperation(state);
  if (pending === undefined || pending.code === NEEDS_RECONCILIATION) return {};
  return { pendingShard: `${homeRegionOf(id)}#${shardOf(id)}`, pendingSince: pending.createdAt };
}

function factsOf(item: PaymentItem): PaymentFacts {
  const { merchantId, amount, reference, captureMethod, scheme, description, metadata } = item;
  const { createdAt, expiresAt, qrPayload, requestHash } = item;
  return {
    id: item.pk,
    merchantId,
    amount,
    reference,
    captureMethod,
    scheme,
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    createdAt,
    expiresAt,
    qrPayload,
    requestHash,
  };
}

function hasForm(item: unknown): item is PaymentItem {
  if (typeof item !== 'object' || item === null) return false;
  const { pk, schema, revision, events, refusals, amount } = item as Partial<Record<keyof PaymentItem, unknown>>;
  return (
    schema === SCHEMA &&
    typeof pk === 'string' &&
    Number.isSafeInteger(revision) &&
    Array.isArray(events) &&
    (refusals === undefined || Array.isArray(refusals)) &&
    typeof amount === 'object' &&
    amount !== null
  );
}

function isMerchantItem(item: unknown): item is MerchantItem {
  return typeof item === 'object' && item !== null && 'schema' in item && item.schema === SCHEMA && 'pk' in item;
}

function pkOf(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('pk' in item)) return 'without an id';
  return typeof item.pk === 'string' ? item.pk : 'without an id';
}

/** An event of a type that this release does not know folds to nothing. */
function foldOrUndefined(events: readonly PaymentEvent[]): PaymentState | undefined {
  try {
    return fold(events);
  } catch {
    return undefined;
  }
}

function projects(item: PaymentItem, state: PaymentState): boolean {
  return (
    item.status === state.status &&
    item.version === state.version &&
    item.authorized === state.authorized &&
    item.captured === state.captured &&
    item.refunded === state.refunded &&
    state.version > 0 &&
    item.revision >= state.version
  );
}

/** 0 <= refunded <= captured <= authorized <= amount, at every version: checked where it is written and where it is read. */
function isSound({ amount }: PaymentFacts, { authorized, captured, refunded }: PaymentState): boolean {
  return 0 <= refunded && refunded <= captured && captured <= authorized && authorized <= amount.value;
}

function unreadable(id: string, why: string): Error {
  return new Error(`payment ${id} cannot be read or written: ${why}`);
}
