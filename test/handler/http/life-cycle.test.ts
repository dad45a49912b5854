/** The state table of a payment: what each step does in each status, and every refusal. */
import { approve, type Payment, sgd, useHandler } from '../harness';

const { call, createPayment, paymentIn, act, read } = useHandler();

/** status × step → status after it, or null where it is refused. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  created: { authorize: 'authorized', capture: null, cancel: 'cancelled', refunds: null },
  authorized: { authorize: null, capture: 'captured', cancel: 'cancelled', refunds: null },
  captured: { authorize: null, capture: null, cancel: null, refunds: 'refunded' },
  partially_refunded: { authorize: null, capture: null, cancel: null, refunds: 'refunded' },
  refunded: { authorize: null, capture: null, cancel: null, refunds: null },
  cancelled: { authorize: null, capture: null, cancel: null, refunds: null },
};
const CELLS = Object.entries(TABLE).flatMap(([from, steps]) =>
  Object.entries(steps).map(([step, to]) => ({ from, step, to, shown: to ?? '409 payment-state' })),
);
const bodyOf = (step: string) => (step === 'authorize' ? approve : {});
const amounts = ({ authorized, captured, refunded }: Payment) => [authorized.value, captured.value, refunded.value];
const steps = ({ operations }: Payment) => operations.map(({ kind, status }) => `${kind} ${status}`);

test.each(CELLS)('$from + $step = $shown (I08, I09)', async ({ from, step, to }) => {
  const payment = await paymentIn(from);

  const reply = await act(payment, step, bodyOf(step));

  const after = (await read(payment)).payment;
  if (to === null) {
    expect([reply.status, reply.problem.code]).toEqual([409, 'payment-state']);
    expect(after).toEqual(payment);
  } else {
    expect(reply.status).toBe(step === 'refunds' ? 201 : 200);
    expect(reply.payment.status).toBe(to);
    expect(reply.headers.etag).toBe(`"${reply.payment.version}"`);
    expect(after).toEqual(reply.payment);
  }
});

describe('authorize', () => {
  test('automatic capture is one sale at the bank', async () => {
    const payment = await createPayment();

    const { payment: paid } = await act(payment, 'authorize', approve);

    expect([paid.status, paid.version, amounts(paid)]).toEqual(['captured', 3, [1250, 1250, 0]]);
    expect(paid.operations).toMatchObject([
      { id: `${payment.id}.sale.1`, kind: 'sale', status: 'succeeded', amount: sgd(1250) },
    ]);
  });

  test('manual capture authorizes only', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });

    const { payment: held } = await act(payment, 'authorize', approve);

    expect([held.status, held.version, amounts(held)]).toEqual(['authorized', 3, [1250, 0, 0]]);
    expect(held.operations).toMatchObject([{ id: `${payment.id}.authorize.1`, status: 'succeeded' }]);
  });

  test('a decline is 402 and leaves the payment to another try', async () => {
    const payment = await createPayment();

    const declined = await act(payment, 'authorize', { payer: { token: 'tok_decline' } });
    const between = (await read(payment)).payment;
    const { payment: paid } = await act(payment, 'authorize', approve);

    expect([declined.status, declined.problem.code]).toEqual([402, 'payment-declined']);
    expect([between.status, between.version, amounts(between)]).toEqual(['created', 3, [0, 0, 0]]);
    expect([paid.status, paid.version, steps(paid)]).toEqual(['captured', 5, ['sale declined', 'sale succeeded']]);
    expect(paid.operations[1].id).toBe(`${payment.id}.sale.2`);
  });

  test('with the scanned code and the amount as they are', async () => {
    const payment = await createPayment();

    const reply = await act(payment, 'authorize', { ...approve, qrPayload: payment.qr.payload, amount: sgd(1250) });

    expect(reply.status).toBe(200);
  });

  test.each<[string, (payment: Payment, other: Payment) => object, string]>([
    ['more', () => ({ amount: sgd(1251) }), 'amount-mismatch'],
    ['less', () => ({ amount: sgd(1249) }), 'amount-mismatch'],
    ['another currency', () => ({ amount: { currency: 'USD', value: 1250 } }), 'currency-mismatch'],
    ["another payment's code", (_, other) => ({ qrPayload: other.qr.payload }), 'qr-mismatch'],
    ['a code with one digit changed', ({ qr }) => ({ qrPayload: qr.payload.replace('12.50', '02.50') }), 'qr-mismatch'],
    ['a code with white space', ({ qr }) => ({ qrPayload: `${qr.payload} ` }), 'qr-mismatch'],
    ['something else', () => ({ qrPayload: 'x' }), 'qr-mismatch'],
  ])('what the wallet showed differs, %s: 422 and nothing happened (S04)', async (_, members, code) => {
    const payment = await createPayment();
    const body = { ...approve, ...members(payment, await createPayment()) };

    const { status, problem } = await act(payment, 'authorize', body);

    expect([status, problem.code]).toEqual([422, code]);
    expect((await read(payment)).payment).toEqual(payment);
  });

  test('any code of ours can be sent back: no payload is taken for a card number', async () => {
    const payments = await Promise.all([...Array(80).keys()].map((n) => createPayment({ amount: sgd(100 + n * 37) })));

    const replies = await Promise.all(
      payments.map((payment) => act(payment, 'authorize', { ...approve, qrPayload: payment.qr.payload })),
    );

    expect(replies.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
  });
});

describe('capture', () => {
  test('partial is final: the rest is released and a second one is refused (I12)', async () => {
    const payment = await paymentIn('authorized');

    const { payment: captured } = await act(payment, 'capture', { amount: sgd(1000) });
    const again = await act(payment, 'capture', { amount: sgd(250) });

    expect([captured.status, amounts(captured)]).toEqual(['captured', [1250, 1000, 0]]);
    expect([again.status, again.problem.code]).toEqual([409, 'payment-state']);
  });

  test('of the smallest amount, and of all by its amount', async () => {
    const least = await act(await paymentIn('authorized'), 'capture', { amount: sgd(1) });
    const all = await act(await paymentIn('authorized'), 'capture', { amount: sgd(1250) });

    expect([amounts(least.payment), amounts(all.payment)]).toEqual([
      [1250, 1, 0],
      [1250, 1250, 0],
    ]);
  });

  test.each([
    [sgd(1251), 'amount-exceeded'],
    [sgd(1_000_000_000_000), 'amount-exceeded'],
    [{ currency: 'JPY', value: 1250 }, 'currency-mismatch'],
  ])('of %j is 422 and changes nothing', async (amount, code) => {
    const payment = await paymentIn('authorized');

    const { status, problem } = await act(payment, 'capture', { amount });

    expect([status, problem.code]).toEqual([422, code]);
    expect((await read(payment)).payment).toEqual(payment);
  });

  test.each([
    ['no body', {}],
    ['an empty object', { raw: '{}' }],
  ])('takes %s for everything', async (_, rest) => {
    const payment = await paymentIn('authorized');

    const reply = await call('POST', `/v1/payments/${payment.id}/capture`, rest);

    expect([reply.status, amounts(reply.payment)]).toEqual([200, [1250, 1250, 0]]);
  });
});

describe('cancel', () => {
  test('before an authorization never asks the bank', async () => {
    const payment = await createPayment();

    const reply = await call('POST', `/v1/payments/${payment.id}/cancel`);

    expect([reply.status, reply.payment.status, reply.payment.version]).toEqual([200, 'cancelled', 2]);
    expect(reply.payment.operations).toEqual([]);
  });

  test('of an authorized payment voids it; authorized does not shrink', async () => {
    const { payment } = await act(await paymentIn('authorized'), 'cancel', {});

    expect([payment.status, amounts(payment)]).toEqual(['cancelled', [1250, 0, 0]]);
    expect(steps(payment)).toEqual(['authorize succeeded', 'cancel succeeded']);
  });

  test('after a decline', async () => {
    const payment = await createPayment();
    await act(payment, 'authorize', { payer: { token: 'tok_decline' } });

    expect((await act(payment, 'cancel')).payment.status).toBe('cancelled');
  });
});

describe('refunds', () => {
  test('several partial ones, up to what was captured', async () => {
    const payment = await paymentIn('authorized');
    await act(payment, 'capture', { amount: sgd(1000) });

    const seen: [number, string, number[]][] = [];
    for (const body of [{ amount: sgd(300) }, { amount: sgd(300), reason: 'cold' }, {}, {}]) {
      const { status, payment: now } = await act(payment, 'refunds', body);
      seen.push([status, String(now.status), status < 300 ? amounts(now) : []]);
    }

    expect(seen).toEqual([
      [201, 'partially_refunded', [1250, 1000, 300]],
      [201, 'partially_refunded', [1250, 1000, 600]],
      [201, 'refunded', [1250, 1000, 1000]],
      [409, '409', []],
    ]);
    expect((await read(payment)).payment.operations.map(({ id }) => id.split('.').slice(1).join('.'))).toEqual([
      ...['authorize.1', 'capture.1', 'refund.1', 'refund.2', 'refund.3'],
    ]);
  });

  test.each([
    [sgd(801), 'amount-exceeded'],
    [sgd(1250), 'amount-exceeded'],
    [{ currency: 'USD', value: 800 }, 'currency-mismatch'],
  ])('of %j, where 800 are left, is 422 and changes nothing', async (amount, code) => {
    const { id } = await paymentIn('partially_refunded');
    const before = (await read({ id })).payment;

    const { status, problem } = await act({ id }, 'refunds', { amount });

    expect([status, problem.code]).toEqual([422, code]);
    expect((await read({ id })).payment).toEqual(before);
    expect((await act({ id }, 'refunds', { amount: sgd(800) })).payment.status).toBe('refunded');
  });
});
