/** Budgets of each caller: 429 with Retry-After and no effect at all. */
import type { OutgoingHttpHeaders } from 'node:http';
import { newKey, order, profile, useHandler, wallet } from '../harness';

const { call } = useHandler({ CALLER_WRITES_PER_SECOND: '3', CALLER_READS_PER_SECOND: '5' });

/** Gives an account a profile, out of another account's budget. */
async function merchant(id: string): Promise<OutgoingHttpHeaders> {
  const reply = await call('PUT', `/v1/merchants/${id}`, {
    body: profile,
    headers: { 'x-merchant-id': `${id}_admin` },
  });
  if (reply.status !== 200) throw new Error(`no merchant: ${reply.status} ${reply.text}`);
  return { 'x-merchant-id': id };
}

/** Uses up a budget and gives the first reply that is none. */
async function exhaust(method: string, path: string, headers: object) {
  for (let n = 0; n < 50; n++) {
    const reply = await call(method, path, { body: method === 'GET' ? undefined : order, headers: { ...headers } });
    if (reply.status === 429) return reply;
  }
  throw new Error('nobody is refused');
}

test('429 with Retry-After and a problem that says what to do', async () => {
  const { problem, headers } = await exhaust('POST', '/v1/payments', await merchant('m_one'));

  expect(problem).toMatchObject({ code: 'rate-limited', status: 429 });
  expect(headers['retry-after']).toBe('1');
});

test('a refused request had no effect: its key is free, and the same request goes through in time (I36)', async () => {
  const headers = await merchant('m_two');
  await exhaust('POST', '/v1/payments', headers);
  const key = newKey();
  const send = () => call('POST', '/v1/payments', { body: order, key, headers });
  expect((await send()).status).toBe(429);

  let reply = await send();
  while (reply.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    reply = await send();
  }

  expect([reply.status, reply.headers['idempotent-replayed']]).toEqual([201, undefined]);
  const { json } = await call('GET', '/v1/payments?limit=100', { headers });
  const ids = (Object(json).data as { id: string }[]).map(({ id }) => id);
  expect(ids.filter((id) => id === reply.payment.id)).toHaveLength(1);
});

test('whatever else is wrong with it: 429 comes first, but not before it is known who calls', async () => {
  const headers = await merchant('m_three');
  await exhaust('POST', '/v1/payments', headers);

  const broken = await call('POST', '/v1/payments', { raw: '{"amount":', key: null, headers });
  const scopeless = await call('POST', '/v1/payments', { body: order, headers: { ...headers, 'x-scopes': 'qr:read' } });
  const nobody = await call('POST', '/v1/payments', { body: order, headers: { 'x-merchant-id': 'not an id' } });

  expect([broken.status, scopeless.status, nobody.status]).toEqual([429, 429, 401]);
});

test('writes do not use up reads, nor one caller another one’s', async () => {
  const headers = await merchant('m_four');
  await exhaust('POST', '/v1/payments', headers);

  expect((await call('GET', '/v1/payments', { headers })).status).toBe(200);
  expect((await call('POST', '/v1/payments', { body: order, headers: await merchant('m_five') })).status).toBe(201);
});

test('to read a QR code is a read, whatever its method', async () => {
  const headers = await merchant('m_six');
  await exhaust('POST', '/v1/payments', headers);
  const decode = () => call('POST', '/v1/qr/decode', { body: { payload: 'x' }, headers });
  expect((await decode()).status).toBe(422);

  await exhaust('GET', '/v1/payments', headers);
  expect((await decode()).status).toBe(429);
});

test('health and the document are no caller’s', async () => {
  for (const path of ['/health/live', '/health/ready', '/openapi.json']) {
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n++) statuses.add((await call('GET', path)).status);
    expect([...statuses]).toEqual([200]);
  }
});

test('a long poll counts once, however long it waits', async () => {
  const headers = await merchant('m_seven');
  const { payment } = await call('POST', '/v1/payments', { body: order, headers });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const poll = () =>
    call('GET', `/v1/payments/${payment.id}?wait=3`, { headers: { ...headers, 'if-none-match': '"1"' } });

  const polls = await Promise.all([poll(), poll(), poll(), poll(), poll()]);

  expect(polls.map(({ status }) => status)).toEqual([304, 304, 304, 304, 304]);
}, 10_000);

test('a wallet has a budget too', async () => {
  expect((await exhaust('GET', `/v1/payments/pay_${'a'.repeat(26)}local`, wallet)).status).toBe(429);
});
