/**
 * The one stored form of a payment and of a merchant, the same in every store: `docs/decisions/0001-stored-shape.md`.
 * Plain JSON. What cannot be read for certain is not read at all: that payment fails closed, alone.
 */
import type { PaymentEvent } from '../domain/events';
import { fold, type PaymentState, type PaymentStatus } from '../domain/fold';
import { LIMITS } from '../domain/limits';
import type { Merchant } from '../domain/merchant';
import { waitsSince } from '../domain/operation';
import { isSound, type Payment, type PaymentFacts, type SavedRefusal } from '../domain/payment';
import { homeRegionOf } from '../domain/payment-id';

/** What is written; the one before it is read too. */
export const SCHEMA = 2;

/** The first event says when and by whom only where the facts do not. */
type StoredEvent = PaymentEvent | { readonly type: 'created'; readonly requestId?: string };

export interface PaymentItem extends Omit<PaymentFacts, 'id'> {
  readonly pk: string;
  readonly schema: number;
  readonly revision: number;
  readonly events: readonly StoredEvent[];
  readonly refusals?: readonly SavedRefusal[];
  readonly payerToken?: string;
  readonly connector?: string;
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
  const { facts, events, refusals, revision, payerToken, connector, state } = payment;
  const { id, ...rest } = facts;
  if (!isSound(facts, state) || state.version !== events.length) throw unreadable(id, 'its state is impossible');
  const { status, version, authorized, captured, refunded } = state;
  const lastEvent = announcement(payment, region);
  return {
    pk: id,
    schema: SCHEMA,
    revision,
    ...rest,
    events: toStoredEvents(facts, events),
    ...(refusals.length > 0 && { refusals }),
    ...(payerToken !== undefined && { payerToken }),
    ...(connector !== undefined && { connector }),
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
  const { pk: id, refusals = [], revision, payerToken, connector } = item;
  const facts = factsOf(item);
  const events = fromStoredEvents(facts, item.events);
  const state = foldOrUndefined(events);
  if (state === undefined || !projects(item, state) || !isSound(facts, state)) {
    throw unreadable(id, 'its events and its projections differ');
  }
  return {
    facts,
    events,
    refusals,
    revision,
    ...(payerToken !== undefined && { payerToken }),
    ...(connector !== undefined && { connector }),
    state,
  };
}

function toStoredEvents({ createdAt, merchantId }: PaymentFacts, events: readonly PaymentEvent[]): StoredEvent[] {
  return events.map((event) => {
    if (event.type !== 'created' || event.at !== createdAt || event.by !== merchantId) return event;
    const { at: _, by: __, ...rest } = event;
    return rest;
  });
}

function fromStoredEvents({ createdAt, merchantId }: PaymentFacts, events: readonly StoredEvent[]): PaymentEvent[] {
  return events.map((event) => ('at' in event ? event : { ...event, at: createdAt, by: merchantId }));
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

function pendingKeys(id: string, state: PaymentState): Pick<PaymentItem, 'pendingShard' | 'pendingSince'> {
  const pendingSince = waitsSince(state);
  return pendingSince === undefined ? {} : { pendingShard: `${homeRegionOf(id)}#${shardOf(id)}`, pendingSince };
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
    isKnown(schema) &&
    typeof pk === 'string' &&
    Number.isSafeInteger(revision) &&
    Array.isArray(events) &&
    (refusals === undefined || Array.isArray(refusals)) &&
    typeof amount === 'object' &&
    amount !== null
  );
}

function isMerchantItem(item: unknown): item is MerchantItem {
  return typeof item === 'object' && item !== null && 'schema' in item && isKnown(item.schema) && 'pk' in item;
}

function isKnown(schema: unknown): boolean {
  return schema === SCHEMA || schema === SCHEMA - 1;
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

function unreadable(id: string, why: string): Error {
  return new Error(`payment ${id} cannot be read or written: ${why}`);
}
