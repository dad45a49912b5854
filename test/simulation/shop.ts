/** Who takes part, and what they ask for: requests as right and as wrong as clients make them. */
import type { Reply, Request } from './front';
import type { Random } from './random';

export type Who = Request['caller'];

const MERCHANT = ['payments:read', 'payments:write', 'payments:authorize', 'payments:refund'];
export const SHOP: Who = { id: 'm_1', scopes: MERCHANT };
export const RIVAL: Who = { id: 'm_2', scopes: MERCHANT };
export const UNKNOWN_SHOP: Who = { id: 'm_3', scopes: MERCHANT };
export const WALLETS: readonly Who[] = [
  { id: 'w_1', scopes: ['payments:authorize'] },
  { id: 'w_2', scopes: ['payments:authorize'] },
];
export const CASHIER: Who = { id: 'm_1', scopes: ['payments:read', 'payments:write'] };

export const PROFILE = {
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};

/** Marks what a wallet sends, so that a leak of it is found anywhere. */
export const TOKEN_MARK = 'tok_secret';
const CARD_NUMBER = '4111 1111 1111 1111';

/** What a client knows of a payment: what it was told when it made it. */
export interface Known {
  readonly id: string;
  readonly value: number;
  readonly qrPayload: string;
  version: number;
}

export const sgd = (value: number) => ({ currency: 'SGD', value });

export function createBody(random: Random): object {
  return {
    amount: sgd(random.pick([1, 100, 1_000, 999_999, 1_000_000_000_000])),
    reference: `order-${random.int(1, 9)}`,
    ...(random.chance(0.8) && { captureMethod: random.pick(['automatic', 'manual', 'manual']) }),
    ...(random.chance(0.7) && { expiresInSeconds: random.pick([60, 60, 75, 900, 86_400]) }),
    ...(random.chance(0.2) && { description: 'two coffees' }),
    ...(random.chance(0.2) && { metadata: { till: '4', lane: 'b' } }),
  };
}

/** The `n`th token of the world, for it is told apart in the bank's log. */
export function authorizeBody(random: Random, known: Known, other: Known | undefined, n: number): object {
  const token = `${TOKEN_MARK}_${random.chance(0.2) ? 'decline' : 'approve'}_${n}`;
  const wrong = random.chance(0.2) ? random.pick(['qr', 'qr of another', 'value', 'currency']) : undefined;
  const scans = random.chance(0.5) || wrong?.startsWith('qr');
  const scanned = wrong === 'qr of another' && other !== undefined ? other.qrPayload : `${known.qrPayload}0`;
  const saysAmount = random.chance(0.3) || wrong === 'value' || wrong === 'currency';
  return {
    payer: { token },
    ...(scans && { qrPayload: wrong?.startsWith('qr') ? scanned : known.qrPayload }),
    ...(saysAmount && {
      amount: {
        currency: wrong === 'currency' ? 'USD' : 'SGD',
        value: wrong === 'value' ? (other?.value === known.value ? known.value + 1 : (other?.value ?? 1)) : known.value,
      },
    }),
  };
}

/** Of a capture or a refund: nothing, a part, too much, or in another currency. */
export function amountBody(random: Random, { value }: Known): object {
  const part = Math.max(1, Math.floor(value / random.pick([1, 2, 3, 10])));
  return random.weighted({ whole: 4, part: 5, toomuch: 1, foreign: 0.5 }) === 'whole'
    ? {}
    : {
        amount: random.pick([
          sgd(part),
          sgd(part),
          sgd(part),
          sgd(Math.min(value + 1, 1e12)),
          { currency: 'USD', value: part },
        ]),
      };
}

/** The same request as somebody would send it who gets something wrong about it; each has its own error. */
export function spoil(random: Random, request: Request): Request {
  const { 'idempotency-key': key, ...headers } = request.headers ?? {};
  switch (random.int(0, 5)) {
    case 0:
      return { ...request, headers };
    case 1:
      return { ...request, headers: { ...headers, 'idempotency-key': 'too short' } };
    case 2:
      return { ...request, body: { ...request.body, surprise: true } };
    case 3:
      return { ...request, body: { ...request.body, reason: CARD_NUMBER } };
    case 4:
      return { ...request, caller: { ...request.caller, scopes: ['qr:read'] } };
    default:
      return { ...request, id: 'pay_nobody-has-it' };
  }
}

/** Whether asking again with the same key may bring another answer. */
export function isOpen(reply: Reply | undefined): boolean {
  if (reply === undefined || reply.status === 202 || reply.status === 429 || reply.status >= 500) return true;
  return reply.status === 409 && reply.headers['retry-after'] !== undefined;
}
