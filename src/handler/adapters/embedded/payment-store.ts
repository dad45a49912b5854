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
  const unlock = lockDirectory(directory);
  let log: LogFile | undefined;
  try {
    const restored = new Map<string, StoredItem>();
    const file = await LogFile.open(join(directory, 'payments.log'), (item) => {
      if (!isStoredItem(item)) throw new Error(`${directory} holds something that is no item of this store`);
      restored.set(item.pk, item);
    });
    log = file;
    const store = new ItemStore(region, {
      append: (json) => file.append(json),
      ping: () => file.ping(),
      close: () => file.close().finally(unlock),
    });
    for (const item of restored.values()) store.restore(item);
    await rewriteIfMostlyOld(file, store);
    return store;
  } catch (error) {
    await log?.close();
    unlock();
    throw error;
  }
}

/** Every change of a payment writes it anew, so the log fills with items that newer ones have replaced. */
async function rewriteIfMostlyOld(log: LogFile, store: ItemStore): Promise<void> {
  if (log.size < REWRITE_ABOVE_BYTES) return;
  let current = 0;
  for (const json of store.snapshot()) current += Buffer.byteLength(json);
  if (current < log.size / 2) await log.rewrite(store.snapshot());
}

function isStoredItem(item: unknown): item is StoredItem {
  return typeof item === 'object' && item !== null && 'pk' in item && typeof item.pk === 'string';
}
