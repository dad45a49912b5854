/** Payments in a directory of this machine, for laptops and tests: the memory store with a log behind it. */
import { join } from 'node:path';
import type { PaymentStore } from '../../app/ports';
import { ItemStore } from '../memory/payment-store';
import type { StoredItem } from '../stored-payment';
import { openDataDir } from './data-dir';
import { lockDirectory } from './lock';
import { LogFile } from './log-file';

/** Below this the log is not worth rewriting, whatever is in it. */
const REWRITE_ABOVE_BYTES = 1024 * 1024;

/**
 * @param region AWS Region, or `local`
 * @throws Error where another process uses the directory or its log is damaged
 */
export async function openEmbeddedStore(dataDir: string, region: string): Promise<PaymentStore> {
  const directory = openDataDir(dataDir);
  const lock = await lockDirectory(directory);
  const compaction = new Compaction();
  let log: LogFile | undefined;
  try {
    const restored = new Map<string, StoredItem>();
    const owner = { check: () => lock.check(), compact: (bytes: number) => compaction.itemsOf(bytes) };
    const file = await LogFile.open(join(directory, 'payments.log'), owner, (item) => {
      if (!isStoredItem(item)) throw new Error(`${directory} holds something that is no item of this store`);
      restored.set(item.pk, item);
    });
    log = file;
    const store = new ItemStore(region, {
      append: (json) => file.append(json),
      ping: () => file.ping(),
      close: () => file.close().finally(() => lock.release()),
    });
    for (const item of restored.values()) store.restore(item);
    compaction.store = store;
    await file.compact();
    return store;
  } catch (error) {
    await log?.close();
    lock.release();
    throw error;
  }
}

/**
 * Every change of a payment writes it anew, so the log fills with items that newer ones have replaced. Where half of it is old it is
 * rewritten: it stays within twice what is in the store, and a write costs on average what two cost.
 */
class Compaction {
  store: ItemStore | undefined;
  private lookAt = REWRITE_ABOVE_BYTES;

  itemsOf(logBytes: number): Iterable<string> | undefined {
    if (this.store === undefined || logBytes < this.lookAt) return undefined;
    let bytes = 0;
    for (const json of this.store.snapshot()) bytes += Buffer.byteLength(json);
    this.lookAt = Math.max(REWRITE_ABOVE_BYTES, 2 * bytes);
    return logBytes < this.lookAt ? undefined : this.store.snapshot();
  }
}

function isStoredItem(item: unknown): item is StoredItem {
  return typeof item === 'object' && item !== null && 'pk' in item && typeof item.pk === 'string';
}
