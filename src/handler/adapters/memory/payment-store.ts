/**
 * Payments in this process. Items are held as the JSON they would be stored as, so that nothing outside can reach into them and every
 * test of the memory store is a test of the stored form. The embedded store is this with a journal behind it.
 */

import type { ListEntry, ListQuery, PaymentStore, PendingQuery, WriteResult } from '../../app/ports';
import { Problem } from '../../domain/errors';
import type { Merchant } from '../../domain/merchant';
import type { Payment } from '../../domain/payment';
import { homeRegionOf } from '../../domain/payment-id';
import { LOCAL_REGION } from '../../domain/region';
import {
  fromItem,
  fromItems,
  fromMerchantItem,
  merchantPk,
  type StoredItem,
  toItem,
  toMerchantItem,
  warnUnreadable,
} from '../stored-payment';

/** Where writes go before they are acknowledged. */
export interface Journal {
  /** Resolves when `json` will survive the end of this process. After one rejection every later call rejects too. */
  append(json: string): Promise<void>;
  /** Rejects when nothing can be written any more. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const NO_JOURNAL: Journal = {
  append: async () => {},
  ping: async () => {},
  close: async () => {},
};

export function createMemoryStore(): PaymentStore {
  return new ItemStore(LOCAL_REGION, NO_JOURNAL);
}

interface Row {
  readonly json: string;
  /** 0 for merchants, which are written unconditionally. */
  readonly revision: number;
  /** While the journal has not taken it yet: whoever reads it waits, lest a crash unsay what was read. */
  saved: Promise<void> | undefined;
}

export class ItemStore implements PaymentStore {
  private readonly rows = new Map<string, Row>();
  /** Positions of each merchant's payments, oldest first. */
  private readonly positions = new Map<string, string[]>();
  /** Since when payments wait for an outcome, by id. */
  private readonly pending = new Map<string, string>();

  constructor(
    private readonly region: string,
    private readonly journal: Journal,
    private readonly onUnreadable: (error: Error) => void = warnUnreadable,
  ) {}

  /** Puts what a journal holds back into memory. Later items of the same key take the place of earlier ones. */
  restore(item: StoredItem): void {
    this.put(item, JSON.stringify(item));
  }

  /** Every item as it stands, for a journal that starts afresh. */
  *snapshot(): Generator<string> {
    for (const { json } of this.rows.values()) yield json;
  }

  create(payment: Payment): Promise<WriteResult> {
    return this.write(payment, undefined);
  }

  replace(payment: Payment): Promise<WriteResult> {
    return this.write(payment, payment.revision - 1);
  }

  async get(id: string): Promise<Payment | undefined> {
    const json = await this.read(id);
    return json === undefined ? undefined : fromItem(JSON.parse(json));
  }

  async getMany(ids: readonly string[]): Promise<Payment[]> {
    const found = await Promise.all(ids.map((id) => this.read(id)));
    const items = found.flatMap((json): unknown[] => (json === undefined ? [] : [JSON.parse(json)]));
    return fromItems(items, this.onUnreadable);
  }

  async list({ merchantId, limit, after }: ListQuery): Promise<readonly ListEntry[]> {
    const positions = this.positions.get(merchantId) ?? [];
    const end = after === undefined ? positions.length : lowerBound(positions, after);
    const page = positions.slice(Math.max(0, end - limit), end).reverse();
    return page.map((position) => ({ id: position.slice(position.indexOf('#') + 1), position }));
  }

  async listPending({ homeRegion, since, limit }: PendingQuery): Promise<readonly string[]> {
    return [...this.pending]
      .filter(([id, begun]) => begun < since && homeRegionOf(id) === homeRegion)
      .sort(([, one], [, other]) => (one < other ? -1 : 1))
      .slice(0, limit)
      .map(([id]) => id);
  }

  async getMerchant(id: string): Promise<Merchant | undefined> {
    const json = await this.read(merchantPk(id));
    return json === undefined ? undefined : fromMerchantItem(JSON.parse(json));
  }

  async putMerchant(merchant: Merchant): Promise<void> {
    await this.save(toMerchantItem(merchant));
  }

  async createMerchant(merchant: Merchant): Promise<boolean> {
    const standing = this.rows.get(merchantPk(merchant.id));
    if (standing === undefined) await this.save(toMerchantItem(merchant));
    else await saved(standing);
    return standing === undefined;
  }

  /** It is never restored under a process's feet; a copied data directory is for who copied it to judge. */
  isFrozen(): boolean {
    return false;
  }

  ping(): Promise<void> {
    return this.journal.ping();
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private async write(payment: Payment, over: number | undefined): Promise<WriteResult> {
    const { id } = payment.facts;
    const standing = this.rows.get(id);
    if (standing?.revision === over) {
      await this.save(toItem(payment, this.region));
      return { written: true };
    }
    if (standing === undefined) throw new Error(`payment ${id} is to be replaced and is not there`);
    await saved(standing);
    return { written: false, current: fromItem(JSON.parse(standing.json)) };
  }

  private async read(pk: string): Promise<string | undefined> {
    const row = this.rows.get(pk);
    if (row !== undefined) await saved(row);
    return row?.json;
  }

  private async save(item: StoredItem): Promise<void> {
    const json = JSON.stringify(item);
    const row = this.put(item, json);
    row.saved = this.journal.append(json);
    await row.saved;
    row.saved = undefined;
  }

  private put(item: StoredItem, json: string): Row {
    const row: Row = { json, revision: 'revision' in item ? item.revision : 0, saved: undefined };
    const isNew = !this.rows.has(item.pk);
    this.rows.set(item.pk, row);
    if (!('revision' in item)) return row;
    if (isNew) this.enlist(item.merchantId, item.createdAtId);
    if (item.pendingSince === undefined) this.pending.delete(item.pk);
    else this.pending.set(item.pk, item.pendingSince);
    return row;
  }

  private enlist(merchantId: string, position: string): void {
    const positions = this.positions.get(merchantId);
    if (positions === undefined) this.positions.set(merchantId, [position]);
    else positions.splice(lowerBound(positions, position), 0, position);
  }
}

/** For whoever waits for another's write: if that fails, the store has failed. */
async function saved(row: Row): Promise<void> {
  await row.saved?.catch((cause: unknown) => {
    throw new Problem('store-unavailable', 'The store could not save this item.', { retryAfterSeconds: 1, cause });
  });
}

/** Index of the first element that is not less than `text`. */
function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
