/** Payments in every state, made by the domain's own functions. */
import { createSecretKey, randomUUID } from 'node:crypto';
import { hashIdempotencyKey, hashRequest } from '../../../src/handler/domain/idempotency';
import { LIMITS } from '../../../src/handler/domain/limits';
import {
  dueUndo,
  NEEDS_RECONCILIATION,
  nextOp,
  type OperationKind,
  pendingOperation,
} from '../../../src/handler/domain/operation';
import {
  append,
  appendRefusal,
  moveTo,
  newPayment,
  type Payment,
  type PaymentFacts,
} from '../../../src/handler/domain/payment';
import { derivePaymentId } from '../../../src/handler/domain/payment-id';
import { encodeMerchantCode, qrKey } from '../../../src/qr';

const KEY = createSecretKey(Buffer.alloc(32, 1));
const QR_KEYS = [qrKey('k1', Buffer.alloc(32, 2))];
export const START = '2026-11-22T12:00:00.000Z';

export const MERCHANT = {
  id: 'm_1001',
  name: 'Kopi & Toast House',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
  createdAt: START,
  updatedAt: START,
};

export interface Sample {
  readonly merchantId?: string;
  readonly homeRegion?: string;
  readonly createdAt?: string;
  readonly facts?: Partial<PaymentFacts>;
}

/** A new payment, as the use case makes it. */
export function created({
  merchantId = MERCHANT.id,
  homeRegion = 'apse1',
  createdAt = START,
  facts,
}: Sample = {}): Payment {
  const id = derivePaymentId(KEY, merchantId, randomUUID(), homeRegion);
  const createdAtMs = Date.parse(createdAt);
  const expiresAtMs = createdAtMs + LIMITS.expirySeconds.default * 1000;
  const amount = { currency: 'SGD', value: 1250 };
  const code = encodeMerchantCode({
    profile: MERCHANT,
    scheme: 'emv',
    amount,
    initiation: 'dynamic',
    reference: 'ORDER-2026-000123',
    createdAtMs,
    expiresAtMs,
    authenticity: { payment: { id, merchantId, amount, expiresAtMs }, keys: QR_KEYS },
  });
  if (!code.ok) throw new Error(JSON.stringify(code.issues));
  return newPayment(
    {
      id,
      merchantId,
      amount,
      reference: 'ORDER-2026-000123',
      captureMethod: 'manual',
      scheme: 'emv',
      createdAt,
      expiresAt: new Date(expiresAtMs).toISOString(),
      qrPayload: code.payload,
      requestHash: hashRequest(KEY, 'POST /v1/payments', { amount }),
      ...facts,
    },
    merchantId,
    randomUUID(),
  );
}

export function idempotency() {
  return { key: hashIdempotencyKey(KEY, MERCHANT.id, randomUUID()), requestHash: hashRequest(KEY, randomUUID(), {}) };
}

export function begin(
  payment: Payment,
  kind: OperationKind,
  amount: number,
  at = later(payment),
  reason?: string,
): Payment {
  const op = nextOp(payment.state, kind);
  const event = { type: 'operation_pending', at, by: MERCHANT.id, requestId: randomUUID(), op, amount } as const;
  const token = kind === 'authorize' || kind === 'sale' ? 'tok_0123456789abcdef' : undefined;
  return append(payment, { ...event, ...idempotency(), ...(reason !== undefined && { reason }) }, token);
}

export function end(
  payment: Payment,
  type: 'operation_succeeded' | 'operation_declined',
  more: { connector?: string; amount?: number } = {},
): Payment {
  const op = pendingOperation(payment.state)!.op;
  const code = type === 'operation_succeeded' ? 'approved' : 'do_not_honor';
  return append(payment, { type, at: later(payment), by: 'system', op, code, bankReference: randomUUID(), ...more });
}

export function unknown(payment: Payment, code?: string): Payment {
  const op = pendingOperation(payment.state)!.op;
  const event = { type: 'operation_unknown', at: later(payment), by: 'system', op } as const;
  return append(payment, code === undefined ? event : { ...event, code });
}

/** The bank has done after all what it had declined last. */
export function late(payment: Payment): Payment {
  const { op } = payment.state.operations.at(-1)!;
  const word = { op, code: 'approved', bankReference: randomUUID() };
  return append(payment, { type: 'operation_late', at: later(payment), by: 'system', ...word });
}

export function undo(payment: Payment): Payment {
  const { kind, of } = dueUndo(payment.state)!;
  const step = { op: nextOp(payment.state, kind), amount: of.amount, undoes: of.op };
  return append(payment, { type: 'operation_pending', at: later(payment), by: 'system', ...step });
}

export function refused(
  payment: Payment,
  detail = 'Cannot capture a payment that is created; it must be authorized.',
): Payment {
  return appendRefusal(payment, { ...idempotency(), requestId: randomUUID(), code: 'payment-state', detail });
}

export function succeed(payment: Payment, kind: OperationKind, amount: number): Payment {
  return end(begin(payment, kind, amount), 'operation_succeeded');
}

export function cancelled(payment: Payment): Payment {
  return append(payment, {
    type: 'cancelled',
    at: later(payment),
    by: MERCHANT.id,
    requestId: randomUUID(),
    ...idempotency(),
  });
}

export function expired(payment: Payment): Payment {
  return append(payment, { type: 'expired', at: later(payment), by: 'system' });
}

/** By what they stand for; each is the last of a chain of changes, oldest first. */
export function histories(): Record<string, Payment[]> {
  const full = { description: 'Zwei Kaffee – お茶', metadata: { table: '12', note: '', 'Ünïcode kéy 🧾': 'x' } };
  return {
    created: chain(created({ facts: full })),
    'pending authorization': chain(created(), (payment) => begin(payment, 'authorize', 1250)),
    'unknown authorization': chain(created(), (payment) => begin(payment, 'authorize', 1250), unknown),
    'waiting for reconciliation': chain(
      created(),
      (payment) => begin(payment, 'authorize', 1250),
      (payment) => unknown(payment, NEEDS_RECONCILIATION),
    ),
    declined: chain(
      created(),
      (payment) => begin(payment, 'sale', 1250),
      (payment) => end(payment, 'operation_declined'),
    ),
    authorized: chain(created(), (payment) => succeed(payment, 'authorize', 1250)),
    captured: chain(created(), (payment) => succeed(payment, 'sale', 1250)),
    'partially refunded': chain(
      created(),
      (payment) => succeed(payment, 'authorize', 1250),
      (payment) => succeed(payment, 'capture', 1000),
      (payment) => begin(payment, 'refund', 400, later(payment), 'cold coffee'),
      (payment) => end(payment, 'operation_succeeded'),
    ),
    refunded: chain(
      created(),
      (payment) => succeed(payment, 'sale', 1250),
      (payment) => succeed(payment, 'refund', 1250),
    ),
    voided: chain(
      created(),
      (payment) => succeed(payment, 'authorize', 1250),
      (payment) => succeed(payment, 'cancel', 1250),
    ),
    'declined, done late and undone': chain(
      created(),
      (payment) => begin(payment, 'authorize', 1250),
      (payment) => end(payment, 'operation_declined'),
      late,
      undo,
      (payment) => end(payment, 'operation_succeeded'),
    ),
    'at the second of two banks': chain(
      created(),
      (payment) => begin(payment, 'sale', 1250),
      (payment) => moveTo(payment, 'acme'),
      (payment) => moveTo(payment, 'other'),
      (payment) => unknown(payment),
      (payment) => end(payment, 'operation_succeeded', { connector: 'other', amount: 1000 }),
    ),
    cancelled: chain(created(), cancelled),
    expired: chain(created(), expired),
    'with saved refusals': chain(
      created(),
      (payment) => refused(payment),
      cancelled,
      (payment) => refused(payment),
    ),
  };
}

/** As large as the limits let a payment become, of one character: of an ASCII one or of one that takes four bytes. */
export function largest(character: string): Payment {
  const fill = (length: number) => character.repeat(length);
  const metadata = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`${n}${fill(40 - `${n}`.length)}`, fill(200)]),
  );
  const amount = { currency: 'IDR', value: LIMITS.amountValue };
  const facts = { amount, metadata, reference: fill(64), description: fill(140), qrPayload: fill(512) };
  const by = 'x'.repeat(64);
  const outcome = { type: 'operation_succeeded', by, code: fill(64), bankReference: fill(64) } as const;
  let payment = succeed(created({ merchantId: by, facts }), 'sale', LIMITS.amountValue);
  while (payment.state.operations.length < LIMITS.operations) {
    const op = nextOp(payment.state, 'refund');
    const intent = { type: 'operation_pending', op, amount: 1, reason: fill(140), by } as const;
    payment = append(payment, { ...intent, at: later(payment), requestId: randomUUID(), ...idempotency() });
    payment = append(payment, { type: 'operation_unknown', op, at: later(payment), by });
    payment = append(payment, { ...outcome, op, at: later(payment) });
  }
  return payment;
}

/** A moment after the last event. */
function later(payment: Payment): string {
  return new Date(Date.parse(payment.state.updatedAt) + 1_000).toISOString();
}

function chain(first: Payment, ...changes: ((payment: Payment) => Payment)[]): Payment[] {
  const steps = [first];
  for (const change of changes) {
    const before = steps.at(-1)!;
    const after = change(before);
    // A change may be of two writes; the store sees each of them.
    for (let n = before.events.length + 1; n < after.events.length; n++) {
      const { payerToken: _, ...rest } = after;
      steps.push({ ...append(before, after.events[n - 1]!, 'tok_0123456789abcdef'), facts: rest.facts });
    }
    steps.push(after);
  }
  return steps;
}
