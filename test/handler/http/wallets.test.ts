/** A wallet knows payments by their ids: it may read and authorize any, sees neither reference nor metadata, and does nothing else. */
import { approve, type Reply, useHandler, wallet } from '../harness';

const { call, createPayment, paymentIn, act, read, merchant } = useHandler();

const secret = { reference: 'canary-reference', metadata: { 'canary-key': 'canary-value' }, description: 'Two kopi' };

const expectHidden = ({ text, json }: Reply) => {
  const { qr, ...rest } = json;
  expect([JSON.stringify(rest), text.includes('canary-value')]).toEqual([expect.not.stringContaining('canary'), false]);
  expect(json).not.toHaveProperty('reference');
  expect(json).not.toHaveProperty('metadata');
};

test("reads and authorizes any merchant's payment, and sees what it is for", async () => {
  const payment = await createPayment(secret, await merchant('m_one'));

  const found = await read(payment, wallet);
  const paid = await act(payment, 'authorize', approve, { headers: wallet });

  expect([found.status, paid.status, paid.payment.status]).toEqual([200, 200, 'captured']);
  expect(found.payment).toMatchObject({ description: 'Two kopi', merchantId: 'm_one', amount: payment.amount });
  for (const reply of [found, paid, await read(payment, wallet)]) expectHidden(reply);
});

test('hidden, too, in a decline, a refusal, and a long poll', async () => {
  const payment = await createPayment(secret);

  const declined = await act(payment, 'authorize', { payer: { token: 'tok_decline' } }, { headers: wallet });
  const refused = await act(payment, 'authorize', { ...approve, qrPayload: 'x' }, { headers: wallet });
  const polled = await call('GET', `/v1/payments/${payment.id}?wait=5`, {
    headers: { ...wallet, 'if-none-match': '"1"' },
  });

  for (const reply of [declined, refused, polled]) expectHidden(reply);
});

test('hidden while the bank has not answered, which another wallet hears as 409', async () => {
  const payment = await createPayment(secret);

  const slow = act(payment, 'authorize', { payer: { token: 'tok_slow' } }, { headers: wallet });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const during = await read(payment, wallet);
  const second = await act(payment, 'authorize', approve, { headers: { ...wallet, 'x-merchant-id': 'w_other' } });

  expectHidden(during);
  expect(during.payment.operations).toMatchObject([{ kind: 'sale', status: 'pending' }]);
  expect([second.status, second.problem.code]).toEqual([409, 'operation-in-progress']);
  expect((await slow).payment.status).toBe('captured');
});

test('the reference is not in the QR code either, which every wallet reads', async () => {
  const { qr } = (await read(await createPayment(secret), wallet)).payment;

  expect(qr.payload).not.toContain('canary');
});

test('the merchant sees its own reference and metadata in every reply, also after a wallet paid', async () => {
  const payment = await createPayment(secret);
  await act(payment, 'authorize', approve, { headers: wallet });

  expect((await read(payment)).payment).toMatchObject(secret);
  expect((await act(payment, 'refunds')).payment).toMatchObject(secret);
});

test('cannot list, nor read pictures or events', async () => {
  const { id } = await createPayment();

  for (const path of ['/v1/payments', `/v1/payments/${id}/qr`, `/v1/payments/${id}/events`]) {
    expect((await call('GET', path, { headers: wallet })).status).toBe(403);
  }
});

test('cannot capture, cancel or refund, with the scope for it either: the payment is not its own', async () => {
  const payment = await paymentIn('authorized');
  const headers = { ...wallet, 'x-scopes': 'payments:authorize payments:write payments:refund' };

  for (const step of ['capture', 'cancel', 'refunds']) {
    expect((await act(payment, step, {}, { headers: wallet })).status).toBe(403);
    const reply = await act(payment, step, {}, { headers });
    expect([reply.status, reply.problem.code]).toEqual([404, 'payment-not-found']);
  }
  expect((await read(payment)).payment).toEqual(payment);
});

test('a caller that may read payments is a merchant: it authorizes its own only', async () => {
  const payment = await createPayment();
  const headers = { 'x-merchant-id': 'm_stranger', 'x-scopes': 'payments:authorize payments:read' };

  const replies = [await read(payment, headers), await act(payment, 'authorize', approve, { headers })];

  expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  expect((await read(payment)).payment).toEqual(payment);
});

test('a payment that does not exist is 404 for a wallet', async () => {
  const reply = await read({ id: `pay_${'a'.repeat(26)}local` }, wallet);

  expect([reply.status, reply.problem.code]).toEqual([404, 'payment-not-found']);
});

test('GET of a payment by a wallet has the same ETag as for its merchant', async () => {
  const payment = await createPayment();

  expect((await read(payment, { ...wallet, 'if-none-match': '"1"' })).status).toBe(304);
});
