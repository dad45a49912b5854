/** Whether a scanned code is one that this service made. Anybody may ask, so that the answer tells nothing else of the payment. */
import { type Authenticity, type QrFields, readClaim, verifyClaim } from '../../qr';
import type { Deps } from './context';

/**
 * Reads one payment, and that only for a code that was made with a key of ours or pretends to be.
 * @param fields what `decodeQr` has read from the payload
 */
export async function authenticateCode(deps: Deps, payload: string, fields: QrFields): Promise<Authenticity> {
  const claim = readClaim({ payload, fields, keys: deps.qrKeys() });
  if (typeof claim === 'string') return claim;
  const payment = await deps.store.get(claim.paymentId);
  // The stored code itself, too: who has got hold of a key still cannot make another code for this payment.
  if (payment?.facts.qrPayload !== payload) return 'forged';
  const { id, merchantId, amount, expiresAt } = payment.facts;
  return verifyClaim(claim, { id, merchantId, amount, expiresAtMs: Date.parse(expiresAt) });
}
