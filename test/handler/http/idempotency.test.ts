/** Idempotency keys: one execution, and the same answer byte for byte (I13, I14, I17, I19). */
import { approve, newKey, order, type Reply, sgd, useHandler, wallet } from '../harness';

const { call, createPayment, paymentIn, act, read, merchant } = useHandler();

/** All that a program may decide by. */
const essence = ({ status, text, headers }: Reply) => ({
  ...{ status, text, etag: headers.etag, location: headers.location, type: headers['content-type'] },
});

function expectReplayOf(first: Reply, again: Reply): void {
  expect(essence(again)).toEqual(essence(first));
  expect([first.replayed, again.replayed]).toEqual([false, true]);
}

describe('a replay is the same bytes, whatever happened since (I13)', () => {
  test('201 of a create', async () => {
    const key = newKey();
    const create = () => call('POST', '/v1/payments', { body: { ...order, metadata: { b: '1', a: '2' } }, key });
    const first = await create();
    await act(first.payment, 'authorize', approve);
    await act(first.payment, 'refunds', { amount: sgd(1) });

    expectReplayOf(first, await create());
    expectReplayOf(first, await create());
  });

  test('200 of an authorize, after refunds', async () => {
    const payment = await createPayment();
    const key = newKey();
    const first = await act(payment, 'authorize', approve, { key });
    await act(payment, 'refunds', { amount: sgd(1) });

    expectReplayOf(first, await act(payment, 'authorize', approve, { key }));
    expect((await read(payment)).payment.version).toBe(5);
  });

  test('200 of an authorize by a wallet, which sees no more the second time', async () => {
    const payment = await createPayment({ metadata: { a: 'b' } });
    const key = newKey();
    const first = await act(payment, 'authorize', approve, { key, headers: wallet });

    const again = await act(payment, 'authorize', approve, { key, headers: wallet });

    expectReplayOf(first, again);
    expect(Object.keys(again.json)).not.toEqual(expect.arrayContaining(['metadata']));
  });

  test.each([
    ['200 of a capture', 'authorized', 'capture', { amount: sgd(1000) }],
    ['200 of a cancel without the bank', 'created', 'cancel', {}],
    ['200 of a cancel at the bank', 'authorized', 'cancel', {}],
    ['201 of a refund', 'captured', 'refunds', { amount: sgd(100), reason: 'cold' }],
  ])('%s', async (_, status, step, body) => {
    const payment = await paymentIn(status);
    const key = newKey();
    const first = await act(payment, step, body, { key });
    if (step !== 'cancel') await act(payment, 'refunds', { amount: sgd(7) });
    const before = (await read(payment)).payment;

    const again = await act(payment, step, body, { key });

    expect(first.status).toBeLessThan(300);
    expectReplayOf(first, again);
    expect((await read(payment)).payment).toEqual(before);
  });
});

describe('a saved refusal stays, even where the state would allow it now (I19)', () => {
  test('402 of a decline, after the payment was paid', async () => {
    const payment = await createPayment();
    const key = newKey();
    const declined = { payer: { token: 'tok_decline' } };
    const first = await act(payment, 'authorize', declined, { key });
    await act(payment, 'authorize', approve);

    expect(first.status).toBe(402);
    expectReplayOf(first, await act(payment, 'authorize', declined, { key }));
  });

  test('409 of a capture, after the authorization', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });
    const key = newKey();
    const first = await act(payment, 'capture', {}, { key });
    await act(payment, 'authorize', approve);

    expect(first.status).toBe(409);
    expectReplayOf(first, await act(payment, 'capture', {}, { key }));
    expect((await read(payment)).payment.status).toBe('authorized');
  });

  test('409 of a refund, after the capture', async () => {
    const payment = await paymentIn('authorized');
    const key = newKey();
    const first = await act(payment, 'refunds', {}, { key });
    await act(payment, 'capture');

    expect(first.status).toBe(409);
    expectReplayOf(first, await act(payment, 'refunds', {}, { key }));
  });

  test.each([
    ['amount-exceeded', 'authorized', 'capture', { amount: sgd(1251) }],
    ['currency-mismatch', 'captured', 'refunds', { amount: { currency: 'USD', value: 1 } }],
    ['amount-mismatch', 'created', 'authorize', { ...approve, amount: sgd(1) }],
    ['qr-mismatch', 'created', 'authorize', { ...approve, qrPayload: 'x' }],
  ])('422 %s', async (code, status, step, body) => {
    const payment = await paymentIn(status);
    const key = newKey();
    const first = await act(payment, step, body, { key });

    expect([first.status, first.problem.code]).toEqual([422, code]);
    expectReplayOf(first, await act(payment, step, body, { key }));
    expect(first.problem.requestId).toBe(first.headers['x-request-id']);
  });

  test('the replay of a refusal names the first request, and has an id of its own in x-request-id', async () => {
    const payment = await createPayment();
    const key = newKey();
    const first = await act(payment, 'capture', {}, { key });

    const again = await act(payment, 'capture', {}, { key });

    expect(again.problem.requestId).toBe(first.headers['x-request-id']);
    expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  });
});

describe('what makes another request', () => {
  test.each([
    ['other member order', '{"reference":"order-20261122-0042","amount":{"value":1250,"currency":"SGD"}}'],
    ['white space', ' {\n"amount" : {"currency":"SGD" ,\t"value":1250},"reference":"order-20261122-0042" }\r\n'],
    ['escapes', '{"amount":{"currency":"\\u0053GD","value":1250},"refer\\u0065nce":"order-20261122-0042"}'],
  ])('%s does not', async (_, raw) => {
    const key = newKey();
    const first = await call('POST', '/v1/payments', { body: order, key });

    expectReplayOf(first, await call('POST', '/v1/payments', { raw, key }));
  });

  test.each([
    ['another value', { ...order, amount: sgd(1251) }],
    ['another member', { ...order, description: 'x' }],
    ['another reference', { ...order, reference: 'order-20261122-0043' }],
    ['an upper case letter', { ...order, reference: 'Order-20261122-0042' }],
  ])('%s does: 422 idempotency-mismatch, and the key stays what it was (I14)', async (_, body) => {
    const key = newKey();
    const first = await call('POST', '/v1/payments', { body: order, key });

    const other = await call('POST', '/v1/payments', { body, key });

    expect([other.status, other.problem.code, other.replayed]).toEqual([422, 'idempotency-mismatch', false]);
    expectReplayOf(first, await call('POST', '/v1/payments', { body: order, key }));
    expect((await read(first.payment)).payment.version).toBe(1);
  });

  test('another payer token does', async () => {
    const payment = await createPayment();
    const key = newKey();
    await act(payment, 'authorize', { payer: { token: 'tok_decline' } }, { key });

    const other = await act(payment, 'authorize', approve, { key });

    expect([other.status, other.problem.code]).toEqual([422, 'idempotency-mismatch']);
    expect((await read(payment)).payment.status).toBe('created');
  });

  test.each([
    ['authorize', approve, 'cancel'],
    ['authorize', approve, 'capture'],
    ['authorize', approve, 'refunds'],
    ['capture', {}, 'refunds'],
    ['capture', {}, 'cancel'],
  ])('another route does: the key of %s %j at %s (I14)', async (step, body, other) => {
    const payment = await paymentIn(step === 'capture' ? 'authorized' : 'created');
    const key = newKey();
    const { payment: before } = await act(payment, step, body, { key });

    const reply = await act(payment, other, {}, { key });

    expect([reply.status, reply.problem.code]).toEqual([422, 'idempotency-mismatch']);
    expect((await read(payment)).payment).toEqual(before);
  });

  test('a mismatch with the key of a refusal, too', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });
    const key = newKey();
    await act(payment, 'capture', {}, { key });

    const reply = await act(payment, 'cancel', {}, { key });

    expect([reply.status, reply.problem.code]).toEqual([422, 'idempotency-mismatch']);
    expect((await read(payment)).payment.status).toBe('created');
  });
});

describe('whose key it is (I17)', () => {
  test('of the caller: another merchant has a payment of its own, or an error of its own', async () => {
    const other = await merchant('m_other');
    const key = newKey();
    const mine = await call('POST', '/v1/payments', { body: order, key });

    const theirs = await call('POST', '/v1/payments', { body: { ...order, reference: 'theirs' }, key, headers: other });

    expect([theirs.status, theirs.replayed]).toEqual([201, false]);
    expect(theirs.payment.id).not.toBe(mine.payment.id);
  });

  test('of the payment: on another one it is another operation', async () => {
    const [one, two] = await Promise.all([createPayment(), createPayment()]);
    const key = newKey();

    const replies = [await act(one, 'authorize', approve, { key }), await act(two, 'authorize', approve, { key })];

    expect(replies.map(({ payment, replayed }) => [payment.id, payment.status, replayed])).toEqual([
      [one.id, 'captured', false],
      [two.id, 'captured', false],
    ]);
  });

  test('the key of a create is another one than the same key of a step', async () => {
    const key = newKey();
    const { payment } = await call('POST', '/v1/payments', { body: order, key });

    const reply = await act(payment, 'authorize', approve, { key });

    expect([reply.status, reply.replayed]).toEqual([200, false]);
  });

  test('a wallet and the merchant do not meet in a key, nor do two wallets', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });
    const key = newKey();
    const declined = { payer: { token: 'tok_decline' } };
    const second = { 'x-merchant-id': 'w_second', 'x-scopes': 'payments:authorize' };

    await act(payment, 'authorize', declined, { key, headers: wallet });
    const authorized = await act(payment, 'authorize', approve, { key, headers: second });
    const captured = await act(payment, 'capture', {}, { key });

    expect([authorized.status, authorized.payment.status]).toEqual([200, 'authorized']);
    expect([captured.status, captured.payment.status]).toEqual([200, 'captured']);
  });
});
