/** JSON of the wrong form, operation by operation: unknown members, wrong types, values out of bounds. */
import { approve, type Call, order, profile, sgd, useHandler } from '../harness';

const { call, createPayment, paymentIn, read, act } = useHandler();

const amountOf = (value: unknown) => ({ ...order, amount: { currency: 'SGD', value } });
const currencyOf = (currency: unknown) => ({ ...order, amount: { currency, value: 1250 } });
const members = (count: number) => Object.fromEntries([...Array(count).keys()].map((n) => [`k${n}`, 'v']));

const NO_AMOUNTS: readonly unknown[] = [
  ...[0, -1, -1250, 1.5, 12.5, 1e-7, 1e12 + 1, 1e13, 1e21, 2 ** 53, 0.1 + 0.2, '1250', '', 'x', true, false],
  ...[null, [], [1250], {}, { value: 1250 }],
];
const NO_CURRENCIES: readonly unknown[] = [
  ...['XXZ', 'AAA', 'sgd', 'SG', 'SGDX', 'S$', '', ' SGD', 'SGD ', 'ＳＧＤ', '702', 702, null, true, ['SGD'], {}],
];

interface Case {
  readonly what: string;
  readonly body: unknown;
  readonly pointer: string;
}

const one = (what: string, body: unknown, pointer: string): Case => ({ what, body, pointer });
const withMember = (name: string, values: readonly unknown[]): Case[] =>
  values.map((value) =>
    one(`${name} ${String(JSON.stringify(value)).slice(0, 40)}`, { ...order, [name]: value }, `/${name}`),
  );
const shown = ({ what, pointer }: Case): [string, string] => [what, pointer];

const CREATES: readonly Case[] = [
  ...NO_AMOUNTS.map((value) => one(`value ${JSON.stringify(value)}`, amountOf(value), '/amount/value')),
  ...NO_CURRENCIES.map((value) => one(`currency ${JSON.stringify(value)}`, currencyOf(value), '/amount/currency')),
  ...withMember('amount', [null, 1250, '1250', 'SGD 12.50', [], [sgd(1)], true]),
  one('no amount', { reference: 'a' }, '/amount'),
  one('no value', { ...order, amount: { currency: 'SGD' } }, '/amount/value'),
  one('no currency', { ...order, amount: { value: 1 } }, '/amount/currency'),
  one('no reference', { amount: sgd(1) }, '/reference'),
  ...withMember('reference', ['', 'r'.repeat(65), 42, null, true, [], {}, ['a']]),
  ...withMember('captureMethod', ['', 'auto', 'Automatic', 'MANUAL', null, 1, true, ['manual']]),
  ...withMember('expiresInSeconds', [59, 86_401, 0, -900, 900.5, 60.0001, '900', null, true, [900]]),
  ...withMember('description', ['d'.repeat(141), '😀'.repeat(141), 1, null, true, {}, []]),
  ...withMember('scheme', ['', 'EMV', 'no scheme', 7, null, {}]),
  ...withMember('metadata', [null, 'a', 1, [], ['a'], members(21)]),
  one('a metadata value that is a number', { ...order, metadata: { n: 1 } }, '/metadata/n'),
  one('a metadata value that is null', { ...order, metadata: { n: null } }, '/metadata/n'),
  one('a metadata value that is an object', { ...order, metadata: { n: { m: 'x' } } }, '/metadata/n'),
  one('a metadata value of 201', { ...order, metadata: { n: 'v'.repeat(201) } }, '/metadata/n'),
  one('an unknown member', { ...order, colour: 'red' }, '/colour'),
  one('an unknown member of the amount', { ...order, amount: { ...sgd(1), unit: 'minor' } }, '/amount/unit'),
  one('a name in need of escapes', { ...order, 'a/b~c': 1 }, '/a~1b~0c'),
  ...[
    'id',
    'status',
    'merchantId',
    'version',
    'captured',
    'authorized',
    'refunded',
    'qr',
    'operations',
    'createdAt',
  ].map((name) => one(`${name}, which is not the client's`, { ...order, [name]: 'x' }, `/${name}`)),
  ...['expiresAt', 'Amount', 'amount ', 'capture_method', 'idempotencyKey'].map((name) =>
    one(`${name}, which is no member`, { ...order, [name]: 'x' }, `/${name}`),
  ),
];

test.each(CREATES.map((each): [...[string, string], Case] => [...shown(each), each]))(
  'create: %s is 400 at %s',
  async (_what, pointer, { body }) => {
    const { status, problem } = await call('POST', '/v1/payments', { body });

    expect([status, problem.code]).toEqual([400, 'invalid-request']);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  },
);

test.each([
  ['a key of 41', { ['k'.repeat(41)]: 'v' }],
  ['an empty key', { '': 'v' }],
])('create: metadata with %s is 400', async (_, metadata) => {
  const { status, problem } = await call('POST', '/v1/payments', { body: { ...order, metadata } });

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors?.[0].pointer).toMatch(/^\/metadata/);
});

test("create: a scheme that the merchant has no account of is the client's mistake", async () => {
  const { status } = await call('POST', '/v1/payments', { body: { ...order, scheme: 'pix' } });

  expect([400, 409, 422]).toContain(status);
});

test('what is told is the pointer and the rule, with every field once', async () => {
  const { problem } = await call('POST', '/v1/payments', { body: { ...order, amount: sgd(0), colour: 'red' } });

  for (const error of problem.errors ?? [])
    expect(error).toEqual({ pointer: expect.any(String), message: expect.any(String) });
});

/** Three capitals that are no currency may as well be another currency than the payment's: that is 422 and tested elsewhere. */
const NO_CODES = NO_CURRENCIES.filter((currency) => !/^[A-Z]{3}$/.test(String(currency)) || Array.isArray(currency));
const AMOUNTS: readonly Case[] = [
  ...NO_AMOUNTS.map((value) =>
    one(`value ${JSON.stringify(value)}`, { amount: { currency: 'SGD', value } }, '/amount/value'),
  ),
  ...NO_CODES.map((value) => one(`currency ${value}`, { amount: { currency: value, value: 1 } }, '/amount/currency')),
  one('amount null', { amount: null }, '/amount'),
  one('amount as a number', { amount: 100 }, '/amount'),
  one('an unknown member', { ammount: sgd(1) }, '/ammount'),
  one('an unknown member of the amount', { amount: { ...sgd(1), unit: 'minor' } }, '/amount/unit'),
];

const STEPS: readonly [step: string, from: string, base: object, more: readonly Case[]][] = [
  [
    'authorize',
    'created',
    approve,
    [
      one('no payer', { payer: undefined }, '/payer'),
      one('payer null', { payer: null }, '/payer'),
      one('payer as a string', { payer: 'tok_approve' }, '/payer'),
      one('no token', { payer: {} }, '/payer/token'),
      ...[null, 1, '', 't'.repeat(257), ['tok_approve'], {}].map((token) =>
        one(`token ${String(JSON.stringify(token)).slice(0, 20)}`, { payer: { token } }, '/payer/token'),
      ),
      one('an unknown member of the payer', { payer: { token: 'tok_approve', name: 'x' } }, '/payer/name'),
      ...[null, 1, '', 'q'.repeat(4097)].map((qrPayload) =>
        one(`qrPayload ${String(JSON.stringify(qrPayload)).slice(0, 20)}`, { qrPayload }, '/qrPayload'),
      ),
    ],
  ],
  ['capture', 'authorized', {}, []],
  [
    'refunds',
    'captured',
    {},
    [
      one('reason of 141', { reason: 'r'.repeat(141) }, '/reason'),
      one('reason as a number', { reason: 1 }, '/reason'),
      one('reason null', { reason: null }, '/reason'),
    ],
  ],
];

describe.each(STEPS)('%s of a payment that is %s', (step, from, base, more) => {
  test('refuses every body of the wrong form, and nothing happens', async () => {
    const payment = await paymentIn(from);

    for (const { what, body, pointer } of [...AMOUNTS, ...more]) {
      const { status, problem } = await act(payment, step, { ...base, ...Object(body) });
      const pointers = (problem.errors ?? []).map((error) => error.pointer);
      expect([what, status, problem.code, pointers]).toEqual([what, 400, 'invalid-request', [pointer]]);
    }

    expect((await read(payment)).payment).toEqual(payment);
  });
});

test('cancel takes no members at all', async () => {
  const payment = await createPayment();

  for (const raw of ['{"amount":{"currency":"SGD","value":1}}', '{"reason":"x"}', '[]', 'null', '""', '0']) {
    const { status } = await call('POST', `/v1/payments/${payment.id}/cancel`, { raw });
    expect([raw, status]).toEqual([raw, 400]);
  }
  expect((await read(payment)).payment).toEqual(payment);
});

test.each<[string, string, Call]>([
  ['GET', '/v1/merchants/m_demo', {}],
  ['PUT', '/v1/merchants/m_demo', { body: profile }],
  ['POST', '/v1/payments', { body: order }],
  ['GET', '/v1/payments/{id}', {}],
  ['GET', '/v1/payments/{id}/qr', {}],
  ['GET', '/v1/payments/{id}/events', {}],
  ['POST', '/v1/payments/{id}/authorize', { body: approve }],
  ['POST', '/v1/payments/{id}/capture', {}],
  ['POST', '/v1/payments/{id}/cancel', {}],
  ['POST', '/v1/payments/{id}/refunds', {}],
  ['POST', '/v1/qr/encode', { body: { merchant: profile } }],
  ['POST', '/v1/qr/decode', { body: { payload: 'x' } }],
])('%s %s refuses an unknown query parameter', async (method, path, request) => {
  const payment = await createPayment();

  const { status, problem } = await call(method, `${path.replace('{id}', payment.id)}?colour=red`, request);

  expect([status, problem.code, problem.errors?.[0].pointer]).toEqual([400, 'invalid-request', '?/colour']);
  expect((await read(payment)).payment).toEqual(payment);
});
