/** GET /v1/payments/{id} and its events: entity tags, and the long poll. */
import { approve, useHandler } from '../harness';

const { call, createPayment, act, read, paymentIn, running } = useHandler();

const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const begun = performance.now();
  const result = await work;
  return [result, (performance.now() - begun) / 1000];
};

describe('entity tags', () => {
  test('ETag is the version in quotes', async () => {
    const payment = await paymentIn('authorized');

    const { headers } = await read(payment);

    expect(payment.version).toBeGreaterThan(1);
    expect(headers.etag).toBe(`"${payment.version}"`);
  });

  test.each(['"1"', 'W/"1"', '"7", "1"', '*'])('If-None-Match: %s is 304 without a body', async (tag) => {
    const payment = await createPayment();

    const reply = await read(payment, { 'if-none-match': tag });

    expect([reply.status, reply.text, reply.headers.etag]).toEqual([304, '', '"1"']);
  });

  test.each(['"2"', '"11"', '1'])('If-None-Match: %s is not what version 1 has', async (tag) => {
    const payment = await createPayment();

    const reply = await read(payment, { 'if-none-match': tag });

    expect([reply.status, reply.payment?.version]).toEqual([200, 1]);
  });
});

describe('long poll', () => {
  test('an authorization wakes every waiting reader', async () => {
    const payment = await createPayment();
    const wait = () => call('GET', `/v1/payments/${payment.id}?wait=10`, { headers: { 'if-none-match': '"1"' } });

    const waiting = Promise.all([timed(wait()), timed(wait()), timed(wait())]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await act(payment, 'authorize', approve);

    for (const [reply, seconds] of await waiting) {
      expect(reply.status).toBe(200);
      expect(reply.payment.version).toBeGreaterThan(1);
      expect(reply.headers.etag).toBe(`"${reply.payment.version}"`);
      expect(seconds).toBeGreaterThan(0.1);
      expect(seconds).toBeLessThan(1.5);
    }
  });

  test('a cancellation wakes a waiting wallet', async () => {
    const payment = await createPayment();
    const headers = { 'x-merchant-id': 'w_wallet', 'x-scopes': 'payments:authorize', 'if-none-match': '"1"' };

    const waiting = timed(call('GET', `/v1/payments/${payment.id}?wait=10`, { headers }));
    await act(payment, 'cancel');

    const [reply, seconds] = await waiting;
    expect([reply.status, reply.payment.status]).toEqual([200, 'cancelled']);
    expect(seconds).toBeLessThan(1.5);
  });

  test('304 when the time is up, not before and not long after', async () => {
    const payment = await createPayment();

    const [reply, seconds] = await timed(
      call('GET', `/v1/payments/${payment.id}?wait=1`, { headers: { 'if-none-match': '"1"' } }),
    );

    expect([reply.status, reply.headers.etag]).toEqual([304, '"1"']);
    expect(seconds).toBeGreaterThan(0.95);
    expect(seconds).toBeLessThan(2);
  });

  test.each([
    ['without If-None-Match', '?wait=25', {}, 200],
    ['at another version', '?wait=25', { 'if-none-match': '"2"' }, 200],
    ['with wait=0', '?wait=0', { 'if-none-match': '"1"' }, 304],
    ['without wait', '', { 'if-none-match': '"1"' }, 304],
  ])('answers at once %s', async (_, query, headers, status) => {
    const payment = await createPayment();

    const [reply, seconds] = await timed(call('GET', `/v1/payments/${payment.id}${query}`, { headers }));

    expect(reply.status).toBe(status);
    expect(seconds).toBeLessThan(0.5);
  });

  test.each(['26', '-1', '1.5', 'abc', '', '1e1', '0x5', '1&wait=2', '%2B5', '5%20'])(
    'wait=%s is 400',
    async (wait) => {
      const payment = await createPayment();

      const reply = await call('GET', `/v1/payments/${payment.id}?wait=${wait}`);

      expect([reply.status, reply.problem.code]).toEqual([400, 'invalid-request']);
      expect(reply.problem.errors?.map(({ pointer }) => pointer)).toEqual(['?/wait']);
    },
  );

  test('a waiting reader that hangs up costs nothing: the next request is served', async () => {
    const payment = await createPayment();
    const options = { headers: { 'if-none-match': '"1"' }, signal: AbortSignal.timeout(100) };

    await expect(fetch(`${running().url}/v1/payments/${payment.id}?wait=25`, options)).rejects.toThrow();

    expect((await act(payment, 'authorize', approve)).status).toBe(200);
  });
});

describe('what is no id of a payment is 404, not 400', () => {
  test.each([
    ['a word', 'x'],
    ['65 characters', 'a'.repeat(65)],
    ['2,000 characters', 'a'.repeat(2000)],
    ['capitals', `pay_${'A'.repeat(26)}local`],
    ['one that nobody has', `pay_${'a'.repeat(26)}local`],
    ['another Region', `pay_${'a'.repeat(26)}euw1`],
    ['a member of every object', '__proto__'],
    ['a slash', 'a%2Fb'],
    ['two dots', '%2e%2e'],
    ['NUL', 'pay_%00'],
    ['a smile', '%F0%9F%98%80'],
    ['a merchant in the same table', 'merchant%23m_demo'],
  ])('%s', async (_, id) => {
    const replies = [await call('GET', `/v1/payments/${id}`), await call('POST', `/v1/payments/${id}/capture`)];

    expect(replies.map(({ status, problem }) => [status, problem.code])).toEqual([
      [404, 'payment-not-found'],
      [404, 'payment-not-found'],
    ]);
  });

  test('a percent sign that encodes nothing is a client error', async () => {
    const { status } = await call('GET', '/v1/payments/%zz');

    expect([400, 404]).toContain(status);
  });
});

describe('events', () => {
  test('version 1 to n in order, with actor and request, and a time that never goes back (I10)', async () => {
    const payment = await createPayment({ captureMethod: 'manual' });
    const authorized = await act(payment, 'authorize', approve, {
      headers: { 'x-merchant-id': 'w_1', 'x-scopes': 'payments:authorize' },
    });
    await act(payment, 'capture', { amount: { currency: 'SGD', value: 1000 } });
    await act(payment, 'refunds', { amount: { currency: 'SGD', value: 300 }, reason: 'Toast was cold' });

    const reply = await call('GET', `/v1/payments/${payment.id}/events`);

    const at = (kind: string, value: number) => ({
      id: `${payment.id}.${kind}.1`,
      kind,
      amount: { currency: 'SGD', value },
    });
    expect(reply.json).toMatchObject({
      data: [
        { version: 1, type: 'created', actor: 'm_demo' },
        { version: 2, type: 'operation_pending', actor: 'w_1', operation: at('authorize', 1250) },
        { version: 3, type: 'operation_succeeded', operation: at('authorize', 1250) },
        { version: 4, type: 'operation_pending', actor: 'm_demo', operation: at('capture', 1000) },
        { version: 5, type: 'operation_succeeded', operation: at('capture', 1000) },
        { version: 6, type: 'operation_pending', operation: at('refund', 300), reason: 'Toast was cold' },
        { version: 7, type: 'operation_succeeded', operation: at('refund', 300) },
      ],
    });
    const events: { at: string; requestId: string }[] = JSON.parse(reply.text).data;
    const times = events.map((event) => event.at);
    expect(times).toEqual([...times].sort());
    expect(events[1].requestId).toBe(authorized.headers['x-request-id']);
    expect(reply.headers.etag).toBe('"7"');
  });

  test('a saved refusal is no event and no version', async () => {
    const payment = await createPayment();

    await act(payment, 'refunds');
    await act(payment, 'capture');

    expect((await read(payment)).payment.version).toBe(1);
    expect((await call('GET', `/v1/payments/${payment.id}/events`)).page.data).toHaveLength(1);
  });

  test('say nothing of the payer token or of keys (I39)', async () => {
    const payment = await createPayment();
    await act(payment, 'authorize', approve, { key: 'canary-key-0123456789' });

    const { text } = await call('GET', `/v1/payments/${payment.id}/events`);

    expect(text).not.toMatch(/tok_|canary/);
  });
});
