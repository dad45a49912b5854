/** Makes a payment and its QR code: one conditional write, under an id that a retry finds again. */
import { encodeMerchantCode, referenceFits } from '../../qr';
import { Problem } from '../domain/errors';
import { hashRequest } from '../domain/idempotency';
import { LIMITS } from '../domain/limits';
import type { Amount } from '../domain/money';
import { type CaptureMethod, newPayment, type Payment, type PaymentFacts } from '../domain/payment';
import { derivePaymentId, paymentLabel } from '../domain/payment-id';
import { commit } from './commit';
import type { Caller, Deps } from './context';
import { findMerchant, toFieldError } from './merchants';

export interface CreatePaymentRequest {
  readonly amount: Amount;
  readonly reference: string;
  readonly captureMethod?: CaptureMethod;
  readonly expiresInSeconds?: number;
  /** Default: the merchant's first account. */
  readonly scheme?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CreatePaymentReply {
  readonly payment: Payment;
  readonly replayed: boolean;
}

/** @throws Problem `idempotency-mismatch`, `merchant-not-configured`, `invalid-request` where the scheme cannot carry such a payment */
export async function createPayment(
  deps: Deps,
  caller: Caller,
  request: CreatePaymentRequest,
  idempotencyKey: string,
  route: string,
): Promise<CreatePaymentReply> {
  const id = derivePaymentId(deps.paymentIdKey, caller.id, idempotencyKey, deps.homeRegion);
  const requestHash = hashRequest(deps.paymentIdKey, route, request);
  checkMetadata(request.metadata);

  let drafted: Payment;
  try {
    drafted = await draft(deps, caller, id, request, requestHash);
  } catch (refusal) {
    // A profile may have changed since the first request with this key, and the key goes first.
    const existing = await deps.store.get(id);
    if (existing === undefined) throw refusal;
    return replay(deps, existing, requestHash);
  }
  const result = await commit(deps, drafted);
  return result.written ? { payment: drafted, replayed: false } : replay(deps, result.current, requestHash);
}

function replay(deps: Deps, existing: Payment, requestHash: string): CreatePaymentReply {
  if (existing.facts.requestHash !== requestHash) {
    throw new Problem(
      'idempotency-mismatch',
      'This Idempotency-Key made another payment; use a new key for a new payment.',
    );
  }
  deps.observer.replayed();
  return { payment: existing, replayed: true };
}

/** The document cannot say this in the subset that API Gateway takes. */
function checkMetadata(metadata: CreatePaymentRequest['metadata'] = {}): void {
  const isRight = (key: string) => key.length >= 1 && key.length <= LIMITS.metadataKeyLength;
  if (Object.keys(metadata).every(isRight)) return;
  throw new Problem('invalid-request', `A key of metadata has 1 to ${LIMITS.metadataKeyLength} characters.`, {
    errors: [
      {
        pointer: '/metadata',
        message: `has a key that is empty or longer than ${LIMITS.metadataKeyLength} characters`,
      },
    ],
  });
}

async function draft(
  deps: Deps,
  caller: Caller,
  id: string,
  request: CreatePaymentRequest,
  requestHash: string,
): Promise<Payment> {
  const { amount, reference, description, metadata, captureMethod = 'automatic' } = request;
  const created = deps.clock.now();
  const expires = new Date(created.getTime() + (request.expiresInSeconds ?? LIMITS.expirySeconds.default) * 1000);
  const { scheme, payload } = await encodeQr(deps, caller.id, id, request, created, expires);
  const facts: PaymentFacts = {
    id,
    merchantId: caller.id,
    amount: { currency: amount.currency, value: amount.value },
    reference,
    captureMethod,
    scheme,
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    createdAt: created.toISOString(),
    expiresAt: expires.toISOString(),
    qrPayload: payload,
    requestHash,
  };
  return newPayment(facts, caller.id, caller.requestId);
}

async function encodeQr(
  deps: Deps,
  merchantId: string,
  id: string,
  { amount, scheme: wanted }: CreatePaymentRequest,
  created: Date,
  expires: Date,
): Promise<{ scheme: string; payload: string }> {
  const merchant = await findMerchant(deps, merchantId, wanted);
  const scheme = wanted ?? merchant?.accounts[0]?.scheme;
  if (merchant === undefined || scheme === undefined) {
    throw new Problem(
      'merchant-not-configured',
      `Merchant ${merchantId} has no profile; PUT /v1/merchants/${merchantId} first.`,
    );
  }
  // What bank statements show. Not the merchant's own reference: every wallet reads the code.
  const reference = paymentLabel(id);
  const encoded = encodeMerchantCode({
    profile: merchant,
    scheme,
    amount,
    initiation: 'dynamic',
    ...(referenceFits(scheme, reference) && { reference }),
    createdAtMs: created.getTime(),
    expiresAtMs: expires.getTime(),
    authenticity: { payment: { id, merchantId, amount, expiresAtMs: expires.getTime() }, keys: deps.qrKeys() },
  });
  if (encoded.ok) return { scheme, payload: encoded.payload };
  throw new Problem('invalid-request', `The scheme ${scheme} cannot carry this payment.`, {
    errors: encoded.issues.map(toFieldError),
  });
}
