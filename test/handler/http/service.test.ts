/** Health, the document, and how the handler ends. */
import { approve, useHandler } from '../harness';
import { openApi } from './check-reply';

describe('while it serves', () => {
  const { call } = useHandler();

  test.each(['live', 'ready', 'region'])('/health/%s says ok', async (which) => {
    const { status, json } = await call('GET', `/health/${which}`);

    expect([status, json]).toEqual([200, { status: 'ok' }]);
  });

  test('/openapi.json is the document', async () => {
    const { status, json, type } = await call('GET', '/openapi.json');

    expect([status, type]).toEqual([200, 'application/json']);
    expect(json).toEqual(openApi);
  });

  test('health is never cached', async () => {
    expect((await call('GET', '/health/ready')).headers['cache-control']).toMatch(/no-store|no-cache/);
  });

  test('nothing of the API may be cached by others', async () => {
    expect((await call('GET', '/v1/payments')).headers['cache-control']).toMatch(/no-store|private/);
  });

  test('replies do not say what they are made with, nor are sniffed', async () => {
    const { headers } = await call('GET', '/health/live');

    expect([headers.server, headers['x-powered-by']]).toEqual([undefined, undefined]);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('while it drains', () => {
  const { call, running, createPayment, act } = useHandler();

  test('ready is 503 with Retry-After, live is not, and what comes is still served', async () => {
    const payment = await createPayment();
    const drained = running().drain();

    const ready = await call('GET', '/health/ready');
    const live = await call('GET', '/health/live');
    const paid = await act(payment, 'authorize', approve);

    expect([ready.status, live.status, paid.status]).toEqual([503, 200, 200]);
    await drained;
  });
});

describe('when it stops', () => {
  const { call, running, createPayment, act } = useHandler();

  test('requests in flight finish, and a waiting reader is not kept', async () => {
    const payment = await createPayment();
    const parked = await createPayment();
    const paying = act(payment, 'authorize', { payer: { token: 'tok_slow' } });
    const waiting = call('GET', `/v1/payments/${parked.id}?wait=20`, { headers: { 'if-none-match': '"1"' } });
    await new Promise((resolve) => setTimeout(resolve, 300));

    const closed = running().close();

    expect([(await waiting).status, (await paying).status]).toEqual([304, 200]);
    await closed;
  });
});
