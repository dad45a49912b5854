/** POST /v1/payments: what a new payment looks like, and what may be left out. Refusals are in the bad input tests. */
import { newKey, order, sgd, useHandler } from '../harness';

const { call, createPayment, merchant, act, read } = useHandler();

const create = (body: unknown, rest = {}) => call('POST', '/v1/payments', { body, ...rest });

test('answers 201 with the payment, its path and its version', async () => {
  const reply = await create(order);

  expect(reply.status).toBe(201);
  expect(reply.headers.location).toBe(`/v1/payments/${reply.payment.id}`);
  expect(reply.headers.etag).toBe('"1"');
  expect(reply.replayed).toBe(false);
  expect(reply.payment).toMatchObject({
    merchantId: 'm_demo',
    status: 'created',
    amount: sgd(1250),
    authorized: sgd(0),
    captured: sgd(0),
    refunded: sgd(0),
    reference: order.reference,
    captureMethod: 'automatic',
    scheme: 'emv',
    version: 1,
    operations: [],
  });
});

test('a payment shows the members of the contract and no others', async () => {
  const { payment } = await create({ ...order, description: 'Two kopi', metadata: { table: '7' } });

  expect(Object.keys(payment).sort()).toEqual(
    [
      ...['id', 'merchantId', 'status', 'amount', 'authorized', 'captured', 'refunded', 'reference', 'captureMethod'],
      ...['description', 'metadata', 'scheme', 'expiresAt', 'createdAt', 'updatedAt', 'version', 'qr', 'operations'],
    ].sort(),
  );
  expect(Object.keys(payment.qr).sort()).toEqual(['payload', 'url']);
});

test('keeps description and metadata as they were sent', async () => {
  const sent = {
    description: 'Två kaffe ☕, "kaya" \\ toast',
    metadata: { table: '7', 'a.b/c~d': '', név: '咖啡 😀' },
  };

  const payment = await createPayment(sent);

  expect(payment).toMatchObject(sent);
  expect((await read(payment)).payment).toMatchObject(sent);
});

test('can be read at its Location at once, the same bytes (I25)', async () => {
  const created = await create(order);

  const found = await call('GET', created.headers.location ?? '');

  expect(found.text).toBe(created.text);
});

test('server time: createdAt is now and expiresAt is exactly expiresInSeconds later', async () => {
  const before = Date.now();
  const byDefault = await createPayment();
  const shortest = await createPayment({ expiresInSeconds: 60 });
  const longest = await createPayment({ expiresInSeconds: 86_400 });
  const after = Date.now();

  const lifetime = ({ createdAt, expiresAt }: typeof byDefault) =>
    (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
  expect([byDefault, shortest, longest].map(lifetime)).toEqual([900, 60, 86_400]);
  expect(Date.parse(byDefault.createdAt)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(longest.createdAt)).toBeLessThanOrEqual(after);
  expect(byDefault.updatedAt).toBe(byDefault.createdAt);
});

test('ids are not to be guessed: nothing in common but the prefix and the Region', async () => {
  const [one, other] = await Promise.all([createPayment(), createPayment()]);

  expect(one.id).toMatch(/^pay_[a-z2-7]{26}local$/);
  expect(one.id).not.toBe(other.id);
});

test.each([
  ['description of 140 characters', { description: 'd'.repeat(140) }],
  ['description of 140 characters outside the BMP', { description: '😀'.repeat(140) }],
  ['empty description', { description: '' }],
  ['reference of 64 characters', { reference: 'r'.repeat(64) }],
  ['reference of 1 character', { reference: '1' }],
  ['20 metadata members', { metadata: Object.fromEntries([...Array(20).keys()].map((n) => [`k${n}`, 'v'])) }],
  ['metadata key of 40 and value of 200', { metadata: { ['k'.repeat(40)]: 'v'.repeat(200) } }],
  ['empty metadata', { metadata: {} }],
  ['the scheme of the only account', { scheme: 'emv' }],
  ['manual capture', { captureMethod: 'manual' }],
])('takes the largest and the smallest that the contract allows: %s', async (_, members) => {
  expect(await createPayment(members)).toMatchObject(members);
});

test.each([
  ['the smallest', { currency: 'SGD', value: 1 }],
  ['no decimals', { currency: 'JPY', value: 1250 }],
  ['three decimals', { currency: 'KWD', value: 1250 }],
  ['almost the largest', { currency: 'SGD', value: 999_999_999_999 }],
  ['the largest', { currency: 'SGD', value: 1_000_000_000_000 }],
  ['the largest without decimals', { currency: 'JPY', value: 1_000_000_000_000 }],
  ['the largest with three decimals', { currency: 'KWD', value: 1_000_000_000_000 }],
])('the QR code says the amount: %s', async (_, amount) => {
  const payment = await createPayment(
    { amount },
    await merchant(`m_${amount.currency}`, { currency: amount.currency }),
  );

  const { json } = await call('POST', '/v1/qr/decode', { body: { payload: payment.qr.payload } });

  expect(json).toMatchObject({ amount, paymentId: payment.id, initiation: 'dynamic' });
});

test('the merchant is the caller, who needs a profile: 409 merchant-not-configured, not saved (I18)', async () => {
  const headers = { 'x-merchant-id': 'm_new' };
  const key = newKey();

  const without = await create(order, { headers, key });
  await merchant('m_new');
  const withProfile = await create(order, { headers, key });

  expect([without.status, without.problem.code]).toEqual([409, 'merchant-not-configured']);
  expect([withProfile.status, withProfile.payment.merchantId, withProfile.replayed]).toEqual([201, 'm_new', false]);
});

test('facts never change, whatever happens to the payment (I01)', async () => {
  const created = await createPayment({ captureMethod: 'manual', description: 'x', metadata: { a: 'b' } });
  const facts = ({
    id,
    merchantId,
    amount,
    reference,
    qr,
    createdAt,
    expiresAt,
    description,
    metadata,
  }: typeof created) => ({
    ...{ id, merchantId, amount, reference, qr, createdAt, expiresAt, description, metadata },
  });

  for (const [step, body] of [['authorize', { payer: { token: 'tok_approve' } }], ['capture'], ['refunds']] as const) {
    const { payment } = await act(created, step, body);
    expect(facts(payment)).toEqual(facts(created));
  }
});

test('qr.url is path-absolute without PUBLIC_URL, and leads to the picture', async () => {
  const { id, qr } = await createPayment();

  const picture = await call('GET', qr.url);

  expect(qr.url).toBe(`/v1/payments/${id}/qr`);
  expect([picture.status, picture.type]).toEqual([200, 'image/svg+xml']);
});
