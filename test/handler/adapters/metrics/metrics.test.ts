/** What is counted, under which name and dimensions, and that CloudWatch takes it. */
import fc from 'fast-check';
import { Metric, MetricDimension } from '../../../../src/contract';
import { Metrics, type RequestFigures } from '../../../../src/handler/adapters/metrics/metrics';
import type { OperationKind } from '../../../../src/handler/domain/operation';
import { append, appendRefusal, newPayment, type Payment } from '../../../../src/handler/domain/payment';
import { type EmbeddedMetrics, readEmbeddedMetrics } from './embedded-format-schema';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const make = () => new Metrics('shop', { now: () => NOW });
const take = (metrics: Metrics): EmbeddedMetrics[] => metrics.take().map(readEmbeddedMetrics);
const total = (metrics: Metrics) => take(metrics)[0].values;

const ok: RequestFigures = { method: 'GET', route: '/v1/payments/{id}', status: 200, durationMs: 3 };

describe('requests', () => {
  test('are counted by route and together', () => {
    const metrics = make();
    metrics.request(ok);
    metrics.request({ ...ok, durationMs: 5 });
    metrics.request({ ...ok, method: 'POST', route: '/v1/payments', status: 422, code: 'qr-invalid' });
    metrics.request({ ...ok, method: 'POST', route: '/v1/payments', status: 500, code: 'internal' });

    const [all, read, create, ...more] = take(metrics);

    expect(more).toEqual([]);
    expect(all.dimensions).toEqual({ Service: 'shop' });
    expect(all.values).toMatchObject({ Requests: [4], ClientErrors: [1], ServerErrors: [1] });
    expect(all.values.Latency).toHaveLength(4);
    expect(read).toMatchObject({
      dimensions: { Service: 'shop', Route: 'GET /v1/payments/{id}' },
      values: { Requests: [2], ClientErrors: [0], ServerErrors: [0], Latency: [3, 5] },
    });
    expect(create.dimensions).toEqual({ Service: 'shop', Route: 'POST /v1/payments' });
    expect(create.values).toMatchObject({ Requests: [2], ClientErrors: [1], ServerErrors: [1] });
  });

  test('that asked for health are not, and a long poll that waited has no latency', () => {
    const metrics = make();
    metrics.request({ ...ok, route: '/health/ready', status: 503 });
    metrics.request({ ...ok, parked: true, durationMs: 25_000 });
    const [all] = take(metrics);
    expect(all.values).toMatchObject({ Requests: [1], ServerErrors: [0] });
    expect(all.values).not.toHaveProperty('Latency');
  });

  test('that were one too many are counted as that too', () => {
    const metrics = make();
    metrics.request({ ...ok, route: 'none', status: 503, code: 'overloaded', durationMs: 0 });
    expect(total(metrics)).toMatchObject({ RequestsRefused: [1], ServerErrors: [1] });
  });

  test('of paths and methods that clients make up are one route', () => {
    const metrics = make();
    metrics.request({ ...ok, method: 'PROPFIND', status: 405, code: 'method-not-allowed' });
    metrics.request({ ...ok, method: 'LOCK', route: 'none', status: 404, code: 'not-found' });
    const [, other, ...more] = take(metrics);
    expect([other.dimensions.Route, other.values.Requests, more]).toEqual(['other', [2], []]);
  });
});

type Outcome = 'operation_succeeded' | 'operation_declined' | 'operation_late' | 'operation_unknown';

describe('payments', () => {
  const facts = {
    ...{ id: 'pay_1', merchantId: 'm_1', amount: { currency: 'SGD', value: 100 }, reference: 'r', scheme: 'emv' },
    ...{ captureMethod: 'automatic' as const, createdAt: '2026-11-22T11:00:00.000Z', qrPayload: 'q', requestHash: 'h' },
    expiresAt: '2026-11-22T12:00:00.000Z',
  };
  const at = '2026-11-22T11:00:02.500Z';
  const by = { at, by: 'm_1' };
  const key = { key: 'k', requestHash: 'h' };
  const created = newPayment(facts, 'm_1', 'request');
  const begin = (payment: Payment, kind: OperationKind) =>
    append(payment, { type: 'operation_pending', ...by, op: `${kind}.1`, amount: 100, ...key });
  const end = (payment: Payment, op: string, type: Outcome = 'operation_succeeded', code?: string) =>
    append(payment, { type, ...by, op, ...(code !== undefined && { code }) });
  const sold = end(begin(created, 'sale'), 'sale.1');
  const authorized = end(begin(created, 'authorize'), 'authorize.1');

  const late = end(end(begin(created, 'sale'), 'sale.1', 'operation_declined'), 'sale.1', 'operation_late');
  const undo = (payment: Payment) =>
    append(payment, { type: 'operation_pending', ...by, op: 'refund.1', amount: 100, undoes: 'sale.1' });

  const COUNTS = [
    ...[Metric.PAYMENTS_CREATED, Metric.PAYMENTS_AUTHORIZED, Metric.PAYMENTS_CAPTURED, Metric.PAYMENTS_DECLINED],
    ...[Metric.PAYMENTS_EXPIRED, Metric.PAYMENTS_CANCELLED, Metric.REFUNDS, Metric.LATE_APPROVALS],
    Metric.NEEDS_RECONCILIATION,
  ];

  test.each<[string, Payment, string | undefined]>([
    ['created', created, Metric.PAYMENTS_CREATED],
    ['begun', begin(created, 'sale'), undefined],
    ['sold', sold, Metric.PAYMENTS_CAPTURED],
    ['authorized', authorized, Metric.PAYMENTS_AUTHORIZED],
    ['captured', end(begin(authorized, 'capture'), 'capture.1'), Metric.PAYMENTS_CAPTURED],
    ['voided', end(begin(authorized, 'cancel'), 'cancel.1'), Metric.PAYMENTS_CANCELLED],
    ['refunded', end(begin(sold, 'refund'), 'refund.1'), Metric.REFUNDS],
    ['declined', end(begin(created, 'sale'), 'sale.1', 'operation_declined'), Metric.PAYMENTS_DECLINED],
    ['unknown', end(begin(created, 'sale'), 'sale.1', 'operation_unknown'), undefined],
    [
      'for people to look at',
      end(begin(created, 'sale'), 'sale.1', 'operation_unknown', 'needs-reconciliation'),
      Metric.NEEDS_RECONCILIATION,
    ],
    ['done late', late, Metric.LATE_APPROVALS],
    ['done late and undone', end(undo(late), 'refund.1'), undefined],
    ['expired', append(created, { type: 'expired', ...by }), Metric.PAYMENTS_EXPIRED],
    ['cancelled', append(created, { type: 'cancelled', ...by, ...key }), Metric.PAYMENTS_CANCELLED],
    [
      'refused something',
      appendRefusal(sold, { ...key, requestId: 'r', code: 'payment-state', detail: 'd' }),
      undefined,
    ],
  ])('one that was %s', (_, payment, name) => {
    const metrics = make();
    metrics.changed(payment);
    const values = total(metrics);
    for (const each of COUNTS) expect([each, values[each]]).toEqual([each, [each === name ? 1 : 0]]);
  });

  test('a refusal before does not hide what comes after', () => {
    const metrics = make();
    const refused = appendRefusal(created, { ...key, requestId: 'r', code: 'payment-state', detail: 'd' });
    metrics.changed(append(refused, { type: 'expired', ...by }));
    expect(total(metrics).PaymentsExpired).toEqual([1]);
  });

  test('the time from created to captured', () => {
    const metrics = make();
    metrics.changed(sold);
    expect(total(metrics).CreatedToCaptured).toEqual([2_500]);
  });

  test('replays', () => {
    const metrics = make();
    metrics.replayed();
    expect(total(metrics).Replays).toEqual([1]);
  });
});

test('connectors by name and together; a call that was not sent has no latency', () => {
  const metrics = make();
  metrics.connectorCall('acme', 'approved', 120);
  metrics.connectorCall('acme', 'unknown', 5_000);
  metrics.connectorCall('other', 'not-sent', 0.1);

  const [all, acme, other] = take(metrics);

  expect(all.values).toMatchObject({ ConnectorCalls: [3], ConnectorUnknown: [1], ConnectorNotSent: [1] });
  expect(acme).toMatchObject({
    dimensions: { Service: 'shop', Connector: 'acme' },
    values: { ConnectorCalls: [2], ConnectorUnknown: [1], ConnectorNotSent: [0], ConnectorLatency: [120, 5_000] },
  });
  expect(other.values).toEqual({ ConnectorCalls: [1], ConnectorUnknown: [0], ConnectorNotSent: [1] });
});

test('the store, gauges, and what is unresolved', () => {
  const metrics = make();
  metrics.storeCall(false, 4);
  metrics.storeCall(true, 1_000);
  metrics.gauge(Metric.REQUESTS_IN_FLIGHT, 3);
  metrics.gauge(Metric.REQUESTS_IN_FLIGHT, 5);
  metrics.swept(2, '2026-11-22T11:59:30.000Z');
  const expected = { StoreLatency: [4, 1_000], StoreErrors: [1], RequestsInFlight: [3, 5] };
  expect(total(metrics)).toMatchObject({ ...expected, OperationsUnresolved: [2], OldestUnresolved: [30] });
  expect(total(metrics)).toMatchObject({ StoreErrors: [0], OperationsUnresolved: [2], OldestUnresolved: [30] });
  metrics.swept(0);
  expect(total(metrics)).toMatchObject({ OperationsUnresolved: [0], OldestUnresolved: [0] });
});

test('each interval begins at nought, and says so', () => {
  const metrics = make();
  metrics.request(ok);
  take(metrics);
  const [all, ...more] = take(metrics);
  expect(more).toEqual([]);
  expect(all.values).toMatchObject({ Requests: [0], PaymentsCreated: [0], ConnectorUnknown: [0], StoreErrors: [0] });
});

test('CloudWatch takes whatever has happened, and no name is outside the contract', () => {
  const names = new Set<string>(Object.values(Metric));
  const dimensions = new Set<string>(Object.values(MetricDimension));
  const duration = fc.double({ min: 0, max: 1e9, noNaN: true });
  const happening = fc.oneof(
    fc.record({
      kind: fc.constant('request' as const),
      figures: fc.record({
        ...{
          method: fc.constantFrom('GET', 'POST', 'BREW'),
          route: fc.constantFrom('none', '/v1/payments', '/v1/payments/{id}'),
        },
        ...{ status: fc.constantFrom(200, 304, 404, 503), durationMs: duration, parked: fc.boolean() },
      }),
    }),
    fc.record({
      kind: fc.constant('connector' as const),
      name: fc.constantFrom('a', 'b'),
      result: fc.constantFrom('unknown', 'approved', 'not-sent'),
      ms: duration,
    }),
    fc.record({ kind: fc.constant('store' as const), failed: fc.boolean(), ms: duration }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 400 }), (happenings) => {
      const metrics = make();
      for (const each of happenings) {
        if (each.kind === 'request') metrics.request(each.figures);
        if (each.kind === 'connector') metrics.connectorCall(each.name, each.result, each.ms);
        if (each.kind === 'store') metrics.storeCall(each.failed, each.ms);
      }
      const lines = take(metrics);
      const requests = happenings.filter(({ kind }) => kind === 'request').length;
      expect(lines[0].values.Requests).toEqual([requests]);
      const routes = lines.filter((line) => 'Route' in line.dimensions);
      expect(routes.reduce((sum, { values }) => sum + values.Requests[0], 0)).toBe(requests);
      for (const line of lines) {
        expect(Object.keys(line.values).filter((name) => !names.has(name))).toEqual([]);
        expect(Object.keys(line.dimensions).filter((name) => !dimensions.has(name))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});
