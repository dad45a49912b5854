/** Card numbers are refused in every field, told to nobody and logged nowhere (I39, S18); numbers that only look long pass. */
import { approve, type Call, order, profile, type Reply, sgd, useHandler } from '../harness';

const { call, createPayment, paymentIn, act, read, log } = useHandler();

/** Public test numbers of the brands and of processors. */
const CARDS = [
  ...['4111111111111111', '4012888888881881', '4222222222222', '4242424242424242', '4917610000000000003'], // Visa, also 13 and 19
  ...['5555555555554444', '5105105105105100', '2223003122003222', '2720994326581252'], // Mastercard
  ...['378282246310005', '371449635398431', '341111111111111'], // American Express
  ...['30569309025904', '36227206271667', '38520000023237'], // Diners Club
  ...['6011111111111117', '6011000990139424', '6445644564456445'], // Discover
  ...['3530111333300000', '3566002020360505'], // JCB
  ...['6200000000000005', '6243030000000001', '6205500000000000004'], // UnionPay, also 19
  ...['6759649826438453', '6799990100000000019'], // Maestro, also 19
  ...['2201382000000013', '6521111111111110', '6062826786276634', '5066991111111118'], // Mir, RuPay, Hipercard, Elo
];
const [VISA] = CARDS;

const groups = (digits: string, separator: string) => digits.replace(/(\d{4})(?=\d)/g, `$1${separator}`);
const create = (members: object) => call('POST', '/v1/payments', { body: { ...order, ...members } });

/** Refused, and the number is neither in the reply nor in the log, however it is written. */
function expectRefused({ status, problem, text }: Reply, number: string): void {
  expect([number, status, problem.code]).toEqual([number, 400, 'card-data-refused']);
  const bare = (written: string) => written.replace(/[\s\p{Pd}]/gu, '');
  expect(bare(text)).not.toContain(bare(number));
  expect(bare(log.join(''))).not.toContain(bare(number));
}

test.each(CARDS)('%s, plain and grouped', async (number) => {
  for (const written of [
    number,
    groups(number, ' '),
    groups(number, '-'),
    groups(number, '  '),
    groups(number, ' - '),
  ]) {
    expectRefused(await create({ reference: written }), written);
  }
});

test.each([
  ['text around it', `card ${VISA} of a friend`],
  ['its expiry and code after it', '4111 1111 1111 1111 12/28 123'],
  ['a number before it', 'table 7 4111 1111 1111 1111'],
  ['punctuation around it', `(${VISA})`],
  ['letters right beside it', `PAN${VISA}X`],
  ['an underscore', `card_${VISA}`],
  ['a JSON text', JSON.stringify({ pan: VISA })],
  ['single digits', VISA.split('').join(' ')],
  ['another grouping', '41-11111-111-111111'],
  ['a track', `%B${VISA}^DOE/JOHN^2812101?`],
])('with %s', async (_, text) => {
  const { status, problem } = await create({ description: text });

  expect([status, problem.code]).toEqual([400, 'card-data-refused']);
});

const FIELDS: readonly [name: string, members: object][] = [
  ['reference', { reference: VISA }],
  ['description', { description: VISA }],
  ['a metadata value', { metadata: { note: VISA } }],
  ['a metadata key', { metadata: { [VISA]: 'x' } }],
  ['a metadata key in groups', { metadata: { [groups(VISA, ' ')]: 'x' } }],
  ['currency', { amount: { currency: VISA, value: 1 } }],
  ['captureMethod', { captureMethod: VISA }],
  ['scheme', { scheme: VISA }],
  ['an unknown member', { card: VISA }],
  ['the name of an unknown member', { [VISA]: 1 }],
  ['an object in an unknown member', { card: { deep: { deeper: [{ pan: VISA }] } } }],
  ['a list', { cards: [VISA] }],
  ['the amount, as a number', { amount: { currency: 'SGD', value: Number(VISA) } }],
  ['expiresInSeconds, as a number', { expiresInSeconds: Number(VISA) }],
  ['an unknown member, as a number', { card: Number(VISA) }],
  ['a metadata value, as a number', { metadata: { note: Number(VISA) } }],
];

test.each(FIELDS)('in %s of a create', async (_, members) => {
  expectRefused(await create(members), VISA);
});

test.each<[string, string, string, object]>([
  ['payer.token', 'created', 'authorize', { payer: { token: VISA } }],
  ['payer.token in groups', 'created', 'authorize', { payer: { token: groups(VISA, '-') } }],
  ['an unknown member of payer', 'created', 'authorize', { payer: { token: 'tok_approve', pan: VISA } }],
  ['amount.value', 'created', 'authorize', { ...approve, amount: { currency: 'SGD', value: Number(VISA) } }],
  ['reason', 'captured', 'refunds', { reason: `wrong card ${VISA}` }],
  ['amount.value', 'captured', 'refunds', { amount: { currency: 'SGD', value: Number(VISA) } }],
  ['an unknown member', 'authorized', 'capture', { card: VISA }],
  ['an unknown member', 'created', 'cancel', { card: VISA }],
])('in %s of a payment that is %s: %s', async (_, from, step, body) => {
  const payment = await paymentIn(from);

  expectRefused(await act(payment, step, body), VISA);
  expect((await read(payment)).payment).toEqual(payment);
});

test.each<[string, object]>([
  ['name', { name: VISA }],
  ['local name', { local: { language: 'zh', name: VISA } }],
  ['mcc', { mcc: VISA }],
  ['an account', { accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': VISA } }] }],
])('in %s of a profile', async (_, members) => {
  expectRefused(await call('PUT', '/v1/merchants/m_card', { body: { ...profile, ...members } }), VISA);
});

/** Where it is no field but still must not come back or be written down. */
test.each<[string, string, string, Call]>([
  ['a path', 'GET', `/v1/payments/${VISA}`, {}],
  ['a path to nothing', 'GET', `/v1/cards/${VISA}`, {}],
  ['a query', 'GET', `/v1/payments?cursor=${VISA}`, {}],
  ['a query value', 'GET', `/v1/payments?status=${VISA}`, {}],
  ['the name of a query parameter', 'GET', `/v1/payments?${VISA}=1`, {}],
  ['JSON that ends too early', 'POST', '/v1/payments', { raw: `{"reference":"${VISA}` }],
  ['JSON with a word too many', 'POST', '/v1/payments', { raw: `{"reference": ${VISA} x}` }],
  ['a member that is there twice', 'POST', '/v1/payments', { raw: `{"${VISA}":1,"${VISA}":2}` }],
  ['a header', 'GET', '/v1/payments', { headers: { 'if-none-match': VISA, cookie: VISA } }],
  ['If-Match', 'POST', `/v1/payments/pay_${'a'.repeat(26)}local/cancel`, { headers: { 'if-match': `"${VISA}"` } }],
  ['Content-Type', 'POST', '/v1/payments', { body: order, headers: { 'content-type': `text/${VISA}` } }],
  ['a request id', 'GET', '/v1/payments', { headers: { 'x-request-id': VISA } }],
])('not echoed and not logged from %s', async (_, method, path, request) => {
  const reply = await call(method, path, request);

  expect(reply.text).not.toContain(VISA);
  expect(JSON.stringify(reply.headers)).not.toContain(VISA);
  expect(log.join('')).not.toContain(VISA);
});

test.each([
  ['of no issuer', '1234567890123452'],
  ['of no issuer, beginning with 0', '0000000000000000'],
  ['with a wrong check digit', '4111111111111112'],
  ['of 15 digits that Visa has not', '411111111111116'],
  ['of 12 digits', '411111111111'],
  ['of 20 digits', '41111111111111110000'],
  ['of 20 digits with a card number at its end', '00004111111111111111'],
  ['that is a time', '20261122083000512'],
  ['that is a UUID', '7d4ab1f5-4b4d-4e3a-9c1c-0123456789ab'],
  ['that is an order number', 'INV-2026-11-22-000042'],
  ['that is a telephone number', '+65 6123 4567'],
])('an order number %s is taken', async (_, reference) => {
  const payment = await createPayment({ reference, description: reference, metadata: { reference } });

  expect(payment).toMatchObject({ reference, description: reference, metadata: { reference } });
});

test('QR payloads may hold one under /v1/qr, and are not logged', async () => {
  const fields = { ...profileFields(), '02': VISA };

  const encoded = await call('POST', '/v1/qr/encode', { body: { fields } });
  const decoded = await call('POST', '/v1/qr/decode', { body: { payload: encoded.json.payload } });

  expect([encoded.status, decoded.status]).toEqual([200, 200]);
  expect(decoded.json).toMatchObject({ fields: { '02': VISA } });
  expect(log.join('')).not.toContain(VISA);
});

test('amounts of ours are never taken for one', async () => {
  const largest = 999_999_999_999;

  expect((await createPayment({ amount: sgd(largest) })).amount.value).toBe(largest);
});

function profileFields(): object {
  return { '00': '01', '01': '11', '52': '5812', '53': '702', '58': 'SG', '59': 'Kopi Corner', '60': 'Singapore' };
}
