/** How a payment, its events and a merchant look in replies. Member order is fixed: a replay is the same bytes. */

import type { PaymentEvent } from '../domain/events';
import { fold, type PaymentState } from '../domain/fold';
import type { Merchant } from '../domain/merchant';
import { findOperation, kindOf, type Operation, opKeyOf } from '../domain/operation';
import type { Payment } from '../domain/payment';

export interface View {
  /** The API's public base; links are path-absolute without one. */
  readonly publicUrl: string;
  /** A wallet does not see what the merchant keeps for itself. */
  readonly forWallet: boolean;
}

/** The payment as it was at a version. */
export function presentPayment({ facts, events, state: current }: Payment, view: View, version = events.length) {
  const state = version === events.length ? current : fold(events, version);
  const amount = (value: number) => ({ currency: facts.amount.currency, value });
  return {
    id: facts.id,
    merchantId: facts.merchantId,
    status: state.status,
    amount: amount(facts.amount.value),
    authorized: amount(state.authorized),
    captured: amount(state.captured),
    refunded: amount(state.refunded),
    ...(!view.forWallet && { reference: facts.reference }),
    captureMethod: facts.captureMethod,
    ...(facts.description !== undefined && { description: facts.description }),
    ...(!view.forWallet && facts.metadata !== undefined && { metadata: sortMembers(facts.metadata) }),
    scheme: facts.scheme,
    expiresAt: facts.expiresAt,
    createdAt: facts.createdAt,
    updatedAt: state.updatedAt,
    version: state.version,
    qr: { payload: facts.qrPayload, url: `${view.publicUrl}${paymentPath(facts.id)}/qr` },
    operations: state.operations.filter(isOfClient).map((operation) => ({
      id: opKeyOf(facts.id, operation.op),
      kind: operation.kind,
      status: operation.status,
      amount: amount(operation.amount),
      createdAt: operation.createdAt,
      ...(operation.code !== undefined && { code: operation.code }),
      ...(operation.lateAt !== undefined && { late: presentLate(facts.id, state, operation, operation.lateAt) }),
    })),
  };
}

/** What undoes a late step stands with that step: it is no refund or void of the client's, and is in none of the totals. */
function isOfClient({ undoes }: Operation): boolean {
  return undoes === undefined;
}

function presentLate(paymentId: string, { operations }: PaymentState, { op }: Operation, at: string) {
  const undo = operations.find(({ undoes }) => undoes === op);
  return { at, ...(undo !== undefined && { undoneBy: { id: opKeyOf(paymentId, undo.op), status: undo.status } }) };
}

export function presentEvents({ facts, events, state }: Payment) {
  /** Of each operation, as it stood at the event: the bank may have done another amount than was asked for. */
  const amounts = new Map<string, number>();
  const present = (event: PaymentEvent, index: number) => ({
    version: index + 1,
    type: event.type,
    at: event.at,
    actor: event.by,
    ...(event.requestId !== undefined && { requestId: event.requestId }),
    ...('op' in event && { operation: presentStep(event) }),
    ...('reason' in event && event.reason !== undefined && { reason: event.reason }),
  });
  const presentStep = (event: PaymentEvent & { readonly op: string }) => {
    const { op } = event;
    if ('amount' in event && event.amount !== undefined) amounts.set(op, event.amount);
    const undoes = findOperation(state, op)?.undoes;
    return {
      id: opKeyOf(facts.id, op),
      kind: kindOf(op),
      amount: { currency: facts.amount.currency, value: amounts.get(op) ?? 0 },
      ...('code' in event && event.code !== undefined && { code: event.code }),
      ...(undoes !== undefined && { undoes: opKeyOf(facts.id, undoes) }),
    };
  };
  return { data: events.map(present) };
}

export function presentMerchant({
  id,
  name,
  city,
  country,
  mcc,
  currency,
  accounts,
  local,
  createdAt,
  updatedAt,
}: Merchant) {
  return {
    id,
    name,
    city,
    country,
    mcc,
    currency,
    accounts,
    ...(local !== undefined && { local }),
    createdAt,
    updatedAt,
  };
}

export function paymentPath(id: string): string {
  return `/v1/payments/${id}`;
}

/** Stores keep members in an order of their own; a replay needs one. */
function sortMembers(members: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
}
