/** Merchant profiles. They decide what the QR codes of later payments say; a code that is out keeps what it said. */
import { type MerchantProfile, type QrIssue, validateMerchantProfile } from '../../qr';
import { type FieldError, Problem } from '../domain/errors';
import { isMerchantId, type Merchant } from '../domain/merchant';
import { type Caller, type Deps, nowIso } from './context';

/** @throws Problem `invalid-request` with a pointer for each member that is wrong */
export async function putMerchant(deps: Deps, id: string, profile: MerchantProfile): Promise<Merchant> {
  if (!isMerchantId(id)) {
    throw new Problem('invalid-request', 'A merchant id has 1 to 64 letters, digits and _ . : -');
  }
  const issues = validateMerchantProfile(profile);
  if (issues.length > 0)
    throw new Problem('invalid-request', 'The profile is not one to make QR codes from.', {
      errors: issues.map(toFieldError),
    });
  const now = nowIso(deps.clock);
  const before = await deps.store.getMerchant(id);
  const merchant: Merchant = { ...profile, id, createdAt: before?.createdAt ?? now, updatedAt: now };
  await deps.store.putMerchant(merchant);
  return merchant;
}

/** A merchant that the service starts with. */
export interface MerchantSeed {
  readonly id: string;
  readonly profile: MerchantProfile;
}

/** A profile that is there already stays as it is: somebody may have changed it since. */
export async function seedMerchants(deps: Deps, seeds: readonly MerchantSeed[]): Promise<void> {
  for (const { id, profile } of seeds) {
    if ((await deps.store.getMerchant(id)) === undefined) await putMerchant(deps, id, profile);
  }
}

/** @throws Problem `merchant-not-found`, in the same words for a profile that is another merchant's */
export async function readMerchant(deps: Deps, caller: Caller, id: string): Promise<Merchant> {
  const allowed = id === caller.id || caller.scopes.has('merchants:admin');
  const merchant = allowed ? await deps.store.getMerchant(id) : undefined;
  if (merchant === undefined) throw new Problem('merchant-not-found', 'No merchant that you may read has this id.');
  return merchant;
}

/** A codec's path is a JSON pointer without its first slash. */
export function toFieldError({ path, message }: QrIssue): FieldError {
  return { pointer: `/${path}`, message };
}
