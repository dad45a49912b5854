/** Merchant profiles. They decide what the QR codes of later payments say; a code that is out keeps what it said. */
import { type MerchantProfile, type QrIssue, validateMerchantProfile } from '../../qr';
import { type FieldError, Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { isMerchantId, type Merchant } from '../domain/merchant';
import { type Caller, type Deps, nowIso } from './context';
import type { PaymentStore } from './ports';

/** @throws Problem `invalid-request` with a pointer for each member that is wrong */
export async function putMerchant(deps: Deps, id: string, profile: MerchantProfile): Promise<Merchant> {
  checkProfile(id, profile);
  const now = nowIso(deps.clock);
  const before = await deps.store.getMerchant(id);
  const merchant: Merchant = { ...profile, id, createdAt: before?.createdAt ?? now, updatedAt: now };
  // Whether the write took effect or nobody knows: the next code is made from what the store has.
  await deps.store.putMerchant(merchant).finally(() => cacheOf(deps.store).delete(id));
  return merchant;
}

function checkProfile(id: string, profile: MerchantProfile): void {
  if (!isMerchantId(id)) {
    throw new Problem('invalid-request', 'A merchant id has 1 to 64 letters, digits and _ . : -');
  }
  const issues = validateMerchantProfile(profile);
  if (issues.length > 0)
    throw new Problem('invalid-request', 'The profile is not one to make QR codes from.', {
      errors: issues.map(toFieldError),
    });
}

/** A merchant that the service starts with. */
export interface MerchantSeed {
  readonly id: string;
  readonly profile: MerchantProfile;
}

/** A profile that is there already stays as it is: somebody may have changed it since. */
export async function seedMerchants(deps: Deps, seeds: readonly MerchantSeed[]): Promise<void> {
  const now = nowIso(deps.clock);
  for (const { id, profile } of seeds) {
    checkProfile(id, profile);
    await deps.store.createMerchant({ ...profile, id, createdAt: now, updatedAt: now }).catch(ignoreFrozen);
  }
}

/** A restored store has its profiles. */
function ignoreFrozen(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== 'writes-frozen') throw error;
}

/** What a process knows of a merchant; nothing yet while it reads. */
interface Known {
  readonly merchant?: Merchant;
  readonly untilMs: number;
}
/** By store, the profiles read last, the oldest first. */
const caches = new WeakMap<PaymentStore, Map<string, Known>>();

/**
 * The profile to make a code from, as it was a few seconds ago at most: a merchant sells more often than it moves. What this process
 * changed it sees at once, and what is missing is looked for each time.
 * @param scheme that the profile is to have an account of
 */
export async function findMerchant(deps: Deps, id: string, scheme?: string): Promise<Merchant | undefined> {
  const cache = cacheOf(deps.store);
  const known = cache.get(id);
  const nowMs = deps.clock.elapsedMs();
  if (known?.merchant !== undefined && nowMs < known.untilMs && hasScheme(known.merchant, scheme))
    return known.merchant;

  const reading: Known = { untilMs: nowMs };
  cache.delete(id); // to the end of the line
  cache.set(id, reading);
  evictOldest(cache);
  const merchant = await deps.store.getMerchant(id);
  // A change that came in between has thrown the entry out: what was read may be older.
  if (cache.get(id) === reading) cache.set(id, { merchant, untilMs: nowMs + LIMITS.merchantCacheMs });
  return merchant;
}

function hasScheme({ accounts }: Merchant, scheme: string | undefined): boolean {
  return scheme === undefined || accounts.some((account) => account.scheme === scheme);
}

function cacheOf(store: PaymentStore): Map<string, Known> {
  const cache = caches.get(store) ?? new Map<string, Known>();
  caches.set(store, cache);
  return cache;
}

function evictOldest(cache: Map<string, Known>): void {
  for (const id of cache.keys()) {
    if (cache.size <= LIMITS.merchantCacheEntries) return;
    cache.delete(id);
  }
}

/** @throws Problem `merchant-not-found`, in the same words for a profile that is another merchant's */
export async function readMerchant(deps: Deps, caller: Caller, id: string): Promise<Merchant> {
  const allowed = id === caller.id || caller.scopes.has('merchants:admin');
  const merchant = allowed ? await deps.store.getMerchant(id) : undefined;
  if (merchant === undefined) throw new Problem('merchant-not-found', 'No merchant that you may read has this id.');
  return merchant;
}

/** A codec's path is a JSON pointer without its first slash; of the whole there is none. */
export function toFieldError({ path, code, message }: QrIssue): FieldError {
  return { pointer: path === '' ? '' : `/${path}`, code, message };
}
