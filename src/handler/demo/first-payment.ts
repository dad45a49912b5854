/** Fills the demo through its own HTTP API, as any client would: the merchant's profile, then one payment. */

export interface DemoPayment {
  readonly id: string;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly version: number;
  readonly qr: { readonly payload: string };
}

const MERCHANT_PATH = '/v1/merchants/m_demo';
const TIMEOUT_MS = 10_000;

export const MERCHANT = {
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5814',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};

const PAYMENT = {
  amount: { currency: MERCHANT.currency, value: 450 },
  reference: 'table-7',
  description: 'Kopi and kaya toast',
  captureMethod: 'automatic',
  expiresInSeconds: 900,
};

/** @param idempotencyKey a new one for a new payment */
export async function createFirstPayment(url: string, idempotencyKey: string): Promise<DemoPayment> {
  await send(url, 'PUT', MERCHANT_PATH, MERCHANT);
  return (await send(url, 'POST', '/v1/payments', PAYMENT, { 'idempotency-key': idempotencyKey })) as DemoPayment;
}

async function send(url: string, method: string, path: string, body: object, headers = {}): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
