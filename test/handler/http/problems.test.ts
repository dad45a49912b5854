/** RFC 9457 problem documents: one form for every refusal, and nothing of the inside in it. Each reply is checked by the harness, too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { approve, newKey, order, type Reply, sgd, useHandler, wallet } from '../harness';

const { call, createPayment, paymentIn, act } = useHandler();

const nobodys = `/v1/payments/pay_${'a'.repeat(26)}local`;
const post = (body: unknown, rest = {}) => call('POST', '/v1/payments', { body, ...rest });

/** One refusal of every code that a caller of this handler can bring about. */
const REFUSALS: Readonly<Record<string, [status: number, provoke: () => Promise<Reply>]>> = {
  'invalid-request': [400, () => post({ ...order, colour: 'red' })],
  'invalid-json': [400, () => call('POST', '/v1/payments', { raw: '{' })],
  'idempotency-key-missing': [400, () => post(order, { key: null })],
  'idempotency-key-invalid': [400, () => post(order, { key: 'short' })],
  'card-data-refused': [400, () => post({ ...order, reference: '4111 1111 1111 1111' })],
  unauthenticated: [401, () => call('GET', '/v1/payments', { headers: { 'x-scopes': ['a', 'b'] } })],
  'payment-declined': [402, async () => act(await createPayment(), 'authorize', { payer: { token: 'tok_decline' } })],
  'insufficient-scope': [403, () => call('GET', '/v1/payments', { headers: wallet })],
  'not-found': [404, () => call('GET', '/v1/nothing')],
  'payment-not-found': [404, () => call('GET', nobodys)],
  'merchant-not-found': [404, () => call('GET', '/v1/merchants/m_none', { headers: { 'x-merchant-id': 'm_none' } })],
  'method-not-allowed': [405, () => call('DELETE', '/v1/payments')],
  'not-acceptable': [
    406,
    async () => call('GET', `/v1/payments/${(await createPayment()).id}/qr`, { headers: { accept: 'image/jpeg' } }),
  ],
  'merchant-not-configured': [409, () => post(order, { headers: { 'x-merchant-id': 'm_none' } })],
  'payment-state': [409, async () => act(await createPayment(), 'capture')],
  'payment-not-payable': [410, async () => call('GET', `/v1/payments/${(await paymentIn('cancelled')).id}/qr`)],
  'version-mismatch': [412, async () => act(await createPayment(), 'cancel', {}, { headers: { 'if-match': '"9"' } })],
  'body-too-large': [413, () => call('POST', '/v1/payments', { raw: ' '.repeat(16_385) })],
  'unsupported-media-type': [415, () => post(order, { headers: { 'content-type': 'text/plain' } })],
  'idempotency-mismatch': [
    422,
    async () => {
      const key = newKey();
      await post(order, { key });
      return post({ ...order, reference: 'b' }, { key });
    },
  ],
  'qr-invalid': [422, () => call('POST', '/v1/qr/decode', { body: { payload: 'x' } })],
  'qr-mismatch': [422, async () => act(await createPayment(), 'authorize', { ...approve, qrPayload: 'x' })],
  'amount-mismatch': [422, async () => act(await createPayment(), 'authorize', { ...approve, amount: sgd(1) })],
  'amount-exceeded': [422, async () => act(await paymentIn('authorized'), 'capture', { amount: sgd(9999) })],
  'currency-mismatch': [
    422,
    async () => act(await paymentIn('captured'), 'refunds', { amount: { currency: 'USD', value: 1 } }),
  ],
};

test.each(Object.entries(REFUSALS))('%s', async (code, [status, provoke]) => {
  const { status: actual, problem, headers } = await provoke();

  expect([actual, problem.code]).toEqual([status, code]);
  expect(problem).toMatchObject({ type: `urn:cdk-qr-payments:error:${code}`, status });
  expect(problem.title.length).toBeGreaterThan(5);
  expect(problem.detail.length).toBeGreaterThan(10);
  expect(headers['content-type']).toMatch(/^application\/problem\+json(; charset=utf-8)?$/);
  expect(headers['cache-control']).toBe('no-store');
});

test.each(Object.keys(REFUSALS))('docs/errors.md explains %s', (code) => {
  expect(readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8')).toContain(code);
});

test('the detail says what was got and what is allowed', async () => {
  const exceeded = await act(await paymentIn('authorized'), 'capture', { amount: sgd(9999) });
  const state = await act(await createPayment(), 'capture');
  const scope = await call('GET', '/v1/payments', { headers: wallet });

  expect(exceeded.problem.detail).toMatch(/9999.*1250|1250.*9999/);
  expect(state.problem.detail).toMatch(/created.*authorized/);
  expect(scope.problem.detail).toContain('payments:read');
});

describe('x-request-id', () => {
  test('is on every reply, and another one each time', async () => {
    const ids = await Promise.all(
      [...Array(20)].map(async () => (await call('GET', '/v1/nothing')).headers['x-request-id']),
    );

    expect(new Set(ids).size).toBe(20);
  });

  test('cannot be chosen so that it carries something into replies or logs', async () => {
    for (const id of ['canary', 'canary"}\\u000a{', '../../canary', 'c'.repeat(4000)]) {
      const { headers } = await call('GET', '/health/live', { headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).not.toBe(id);
    }
  });
});
