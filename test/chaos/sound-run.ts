/** A small run of which everything is right, for tests of the checker to spoil. */

export interface Run {
  attempts: Attempt[];
  payments: Item[];
  book: Entry[];
  texts?: string[];
  canary?: string;
}
export interface Violation {
  invariant: string;
  subject: string;
  what: string;
}
export interface Attempt {
  op: string;
  caller: string;
  payment?: string;
  key?: string;
  body?: object;
  requestId: string;
  invokedAt: number;
  completedAt?: number;
  status?: number;
  code?: string;
  replayed?: boolean;
  hash?: string;
  seen?: Record<string, unknown>;
  abandoned?: boolean;
  error?: string;
}
export interface Event {
  type: string;
  at: string;
  by: string;
  requestId?: string;
  op?: string;
  amount?: number;
}
export interface Item {
  pk: string;
  merchantId: string;
  amount: { currency: string; value: number };
  expiresAt: string;
  status: string;
  version: number;
  authorized: number;
  captured: number;
  refunded: number;
  events: Event[];
  refusals?: { requestId: string }[];
  payerToken?: string;
  pendingShard?: string;
}
export interface Entry {
  type: string;
  opKey: string;
  result?: string;
  why?: string;
  body?: {
    kind: string;
    paymentId: string;
    merchantId: string;
    amount: { currency: string; value: number };
  };
}

export const ID = 'pay_a';
export const uuid = (n: number) => `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`;
export const at = (n: number) => `2026-11-22T08:00:${String(n).padStart(2, '0')}.000Z`;

/** What a merchant and a wallet did: 1000 authorized, 800 captured, 300 refunded, a refund of too much refused. */
export function soundRun(): Run {
  let clock = 0;
  const attempts: Attempt[] = [];
  const told = (n: number, op: string, body: object, version: number, sums: number[]) => {
    const [authorized, captured, refunded] = sums;
    attempts.push({
      ...{ op, body, key: `key-${op}-${n}`, caller: op === 'authorize' ? 'w_1' : 'm_1', requestId: uuid(n) },
      ...{ payment: op === 'create' ? undefined : ID, invokedAt: clock++, completedAt: clock++, hash: `hash-${n}` },
      ...{ status: op === 'create' || op === 'refund' ? 201 : 200, replayed: false },
      seen: { id: ID, merchantId: 'm_1', version, amount: 1000, expiresAt: at(59), authorized, captured, refunded },
    });
  };
  told(1, 'create', { amount: { currency: 'SGD', value: 1000 } }, 1, [0, 0, 0]);
  told(2, 'authorize', { payer: { token: 'tok' } }, 3, [1000, 0, 0]);
  told(3, 'capture', { amount: { currency: 'SGD', value: 800 } }, 5, [1000, 800, 0]);
  told(4, 'refund', { amount: { currency: 'SGD', value: 300 } }, 7, [1000, 800, 300]);
  const refused = { key: 'key-refund-5', body: { amount: { currency: 'SGD', value: 900 } }, hash: 'hash-5' };
  attempts.push({
    ...{ op: 'refund', caller: 'm_1', payment: ID, requestId: uuid(5), status: 422, code: 'amount-exceeded' },
    ...{ ...refused, invokedAt: clock++, completedAt: clock++, replayed: false },
  });
  const step = (n: number, op: string, amount: number, by: string, second: number): Event[] => [
    { type: 'operation_pending', op, amount, at: at(second), by, requestId: uuid(n) },
    { type: 'operation_succeeded', op, at: at(second + 1), by },
  ];
  const events: Event[] = [
    { type: 'created', at: at(0), by: 'm_1', requestId: uuid(1) },
    ...step(2, 'authorize.1', 1000, 'w_1', 1),
    ...step(3, 'capture.1', 800, 'm_1', 3),
    ...step(4, 'refund.1', 300, 'm_1', 5),
  ];
  const entry = (op: string, value: number): Entry => ({
    ...{ type: 'done', opKey: `${ID}.${op}`, result: 'approved' },
    body: { kind: op.split('.')[0], paymentId: ID, merchantId: 'm_1', amount: { currency: 'SGD', value } },
  });
  const item: Item = {
    ...{ pk: ID, merchantId: 'm_1', amount: { currency: 'SGD', value: 1000 }, expiresAt: at(59) },
    ...{ status: 'partially_refunded', version: 7, authorized: 1000, captured: 800, refunded: 300 },
    ...{ events, refusals: [{ requestId: uuid(5) }] },
  };
  const book = [entry('authorize.1', 1000), entry('capture.1', 800), entry('refund.1', 300)];
  return { attempts, payments: [item], book };
}
