/** A merchant's profile: what its QR codes are made of. */
import type { MerchantProfile } from '../../qr';

export interface Merchant extends MerchantProfile {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/** An account's name, such as the gateway knows it: `111122223333`, `m_demo`. */
export function isMerchantId(text: string): boolean {
  return ID.test(text);
}
