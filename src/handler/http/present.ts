/** How a payment, its events and a merchant look in replies. Member order is fixed: a replay is the same bytes. */
import type { Merchant } from '../domain/merchant';
import { fold, opKeyOf, type Payment, type PaymentEvent } from '../domain/payment';

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
    operations: state.operations.map(({ op, kind, status, amount: value, createdAt, code }) => ({
      id: opKeyOf(facts.id, op),
      kind,
      status,
      amount: amount(value),
      createdAt,
      ...(code !== undefined && { code }),
    })),
  };
}

export function presentEvents({ facts, events, state }: Payment) {
  const amount = (value: number) => ({ currency: facts.amount.currency, value });
  const present = (event: PaymentEvent, index: number) => {
    const operation = 'op' in event ? state.operations.find(({ op }) => op === event.op) : undefined;
    return {
      version: index + 1,
      type: event.type,
      at: event.at,
      actor: event.by,
      ...(event.requestId !== undefined && { requestId: event.requestId }),
      ...(operation !== undefined && {
        operation: {
          id: opKeyOf(facts.id, operation.op),
          kind: operation.kind,
          amount: amount(operation.amount),
          ...('code' in event && event.code !== undefined && { code: event.code }),
        },
      }),
      ...('reason' in event && event.reason !== undefined && { reason: event.reason }),
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
