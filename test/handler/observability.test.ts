/** What the handler tells of itself while it pays payments: metrics that CloudWatch takes, and one trace from client to bank and log. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { Metric } from '../../src/contract';
import { startHandler } from '../../src/handler/start';
import { readEmbeddedMetrics } from './adapters/metrics/embedded-format-schema';

function sink() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      lines.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
  return { lines, stream };
}

const ORDER = { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' };

function clientOf(url: string) {
  let count = 0;
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': `some-key-0123456-${count++}`, ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as { id: string } };
  };
}

test('METRICS=emf: what was done is in the lines, and CloudWatch takes them', async () => {
  const { lines, stream } = sink();
  const handler = await startHandler({ PORT: '0', METRICS: 'emf', SERVICE_NAME: 'shop/payments' }, { log: stream });
  const send = clientOf(handler.url);
  const { body: sold } = await send('POST', '/v1/payments', ORDER, { 'idempotency-key': 'the-same-key-0001' });
  await send('POST', '/v1/payments', ORDER, { 'idempotency-key': 'the-same-key-0001' });
  const { body: declined } = await send('POST', '/v1/payments', ORDER);
  await send('POST', `/v1/payments/${sold.id}/authorize`, { payer: { token: 'tok_approve' } });
  await send('POST', `/v1/payments/${declined.id}/authorize`, { payer: { token: 'tok_decline' } });
  await send('POST', `/v1/payments/${sold.id}/refunds`, {});
  await send('GET', '/v1/payments/pay_none');
  await send('GET', '/health/live');
  await handler.close();

  const read = lines.filter((line) => line.includes('"_aws"')).map(readEmbeddedMetrics);
  const [all] = read;
  expect(all.dimensions).toEqual({ Service: 'shop/payments' });
  expect(all.values).toMatchObject({
    ...{ PaymentsCreated: [2], PaymentsCaptured: [1], PaymentsDeclined: [1], Refunds: [1], Replays: [1] },
    ...{ Requests: [7], ClientErrors: [2], ServerErrors: [0], ConnectorCalls: [3], ConnectorUnknown: [0] },
  });
  expect(all.values.CreatedToCaptured).toHaveLength(1);
  expect(all.values.EventLoopDelay.length).toBeGreaterThan(0);
  expect(all.values.RequestsInFlight.length).toBeGreaterThan(0);
  const seen = read.map(({ dimensions }) => dimensions.Route ?? dimensions.Connector).filter(Boolean);
  expect(seen.sort()).toEqual([
    'GET /v1/payments/{id}',
    'POST /v1/payments',
    'POST /v1/payments/{id}/authorize',
    'POST /v1/payments/{id}/refunds',
    'default',
  ]);
  const all_names = new Set(read.flatMap(({ values }) => Object.keys(values)));
  const only = [Metric.STORE_LATENCY]; // that is DynamoDB's
  expect(Object.values(Metric).filter((name) => !all_names.has(name))).toEqual(only);
});

test('without METRICS there are none', async () => {
  const { lines, stream } = sink();
  const handler = await startHandler({ PORT: '0' }, { log: stream });
  await handler.close();
  expect(lines.join('')).not.toContain('_aws');
});

test('one trace from the client to the bank and the log', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const bank = createServer((request, response) => {
    asked.push(request.headers);
    const opKey = decodeURIComponent(request.url?.split('/').pop() ?? '');
    const amount = ORDER.amount;
    response.end(JSON.stringify({ opKey, result: 'approved', code: 'ok', connectorReference: 'b1', amount }));
  }).listen(0, '127.0.0.1');
  await once(bank, 'listening');
  const { lines, stream } = sink();
  const { port } = bank.address() as AddressInfo;
  const handler = await startHandler(
    {
      PORT: '0',
      CONNECTOR_URL: `http://127.0.0.1:${port}`,
      CONNECTOR_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0',
    },
    { log: stream },
  );
  const send = clientOf(handler.url);
  const traced = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'congo=t61rcWkgMzE',
  };
  const pay = async (headers: Record<string, string>) => {
    const { body } = await send('POST', '/v1/payments', ORDER);
    return send('POST', `/v1/payments/${body.id}/authorize`, { payer: { token: 't' } }, headers);
  };

  expect((await pay(traced)).status).toBe(200);
  expect((await pay({})).status).toBe(200);
  await handler.close();
  bank.closeAllConnections();
  bank.close();

  const logged = lines.map((line) => JSON.parse(line)).filter(({ route = '' }) => route.endsWith('/authorize'));
  const [given, own] = logged;
  expect(given.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(own.traceId).toBe(own.requestId.replaceAll('-', ''));
  expect(asked.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([
    [`00-${given.traceId}-${given.requestId.replaceAll('-', '').slice(16)}-01`, 'congo=t61rcWkgMzE'],
    [`00-${own.traceId}-${own.traceId.slice(16)}-00`, undefined],
  ]);
});
