/** What the dashboard shows, from money down to machines: a row for each question that somebody asks when an alarm goes off. */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from '../contract';
import type { PaymentMonitoringProps } from '../payment-monitoring-props';
import type { PaymentProcessingService } from '../payment-processing-service';
import type { QrPaymentApi } from '../qr-payment-api';

type Row = [cloudwatch.IWidget, cloudwatch.IWidget];

const HALF = { width: 12, height: 6 };
const MINUTE = { period: Duration.minutes(1) };
const SUM = { ...MINUTE, statistic: cloudwatch.Stats.SUM };
const AVERAGE = { ...MINUTE, statistic: cloudwatch.Stats.AVERAGE };
const MAXIMUM = { ...MINUTE, statistic: cloudwatch.Stats.MAXIMUM };
const PERCENTILES = [50, 90, 99];
const TABLE_OPERATIONS = ['GetItem', 'PutItem', 'Query'];
const TABLE_USE = [
  'ConsumedWriteCapacityUnits',
  'ConsumedReadCapacityUnits',
  'WriteThrottleEvents',
  'ReadThrottleEvents',
];
const CACHE_TIME = ['SuccessfulReadRequestLatency', 'SuccessfulWriteRequestLatency'];
const CACHE_USE = ['ElastiCacheProcessingUnits', 'BytesUsedForCache', 'ThrottledCmds'];

export function dashboardRows({ service, api }: PaymentMonitoringProps): Row[] {
  return [
    ...paymentRows(service),
    ...serviceRows(service),
    ...(api === undefined ? [] : [gatewayRow(api)]),
    ...storeRows(service),
    ...(service.cacheName === undefined ? [] : [cacheRow(service.cacheName)]),
  ];
}

function paymentRows(service: PaymentProcessingService): Row[] {
  const { PAYMENTS_CREATED, PAYMENTS_AUTHORIZED, PAYMENTS_CAPTURED, REFUNDS } = Metric;
  const { PAYMENTS_DECLINED, PAYMENTS_EXPIRED, PAYMENTS_CANCELLED } = Metric;
  const { CONNECTOR_CALLS, CONNECTOR_UNKNOWN, CONNECTOR_NOT_SENT } = Metric;
  return [
    [
      graph(
        'What became of payments',
        of(service, SUM, PAYMENTS_CREATED, PAYMENTS_AUTHORIZED, PAYMENTS_CAPTURED, REFUNDS),
      ),
      graph('What did not become of them', of(service, SUM, PAYMENTS_DECLINED, PAYMENTS_EXPIRED, PAYMENTS_CANCELLED)),
    ],
    [
      graph('Captured of decided, percent', [successRate(service)]),
      graph('From created to captured, ms', percentiles(service, Metric.CREATED_TO_CAPTURED)),
    ],
    [
      graph('Without an outcome', of(service, MAXIMUM, Metric.OPERATIONS_UNRESOLVED, Metric.OLDEST_UNRESOLVED)),
      graph('For people to look at', of(service, SUM, Metric.NEEDS_RECONCILIATION, Metric.LATE_APPROVALS)),
    ],
    [
      graph('Bank: time, ms', percentiles(service, Metric.CONNECTOR_LATENCY)),
      graph('Bank: calls', of(service, SUM, CONNECTOR_CALLS, CONNECTOR_UNKNOWN, CONNECTOR_NOT_SENT)),
    ],
  ];
}

function serviceRows(service: PaymentProcessingService): Row[] {
  const { REQUESTS, CLIENT_ERRORS, SERVER_ERRORS, REPLAYS, REQUESTS_REFUSED } = Metric;
  return [
    [
      graph('Service: time, ms', percentiles(service, Metric.LATENCY)),
      graph('Service: answers', of(service, SUM, REQUESTS, CLIENT_ERRORS, SERVER_ERRORS, REPLAYS, REQUESTS_REFUSED)),
    ],
    [
      graph('In hand of a task', of(service, AVERAGE, Metric.REQUESTS_IN_FLIGHT, Metric.LONG_POLLS_PARKED)),
      graph('Tasks, percent in use', [service.metricCpuUtilization(MINUTE), service.metricMemoryUtilization(MINUTE)]),
    ],
    [
      graph('Event loop: delay, ms', percentiles(service, Metric.EVENT_LOOP_DELAY)),
      graph('Store: time and errors, as the service sees it', [
        ...percentiles(service, Metric.STORE_LATENCY),
        ...of(service, SUM, Metric.STORE_ERRORS),
      ]),
    ],
  ];
}

function gatewayRow(api: QrPaymentApi): Row {
  return [
    graph('Gateway: time, ms', [api.metricLatency({ ...MINUTE, statistic: cloudwatch.Stats.p(99) })]),
    graph('Gateway: answers', [api.metricCount(MINUTE), api.metricClientError(SUM), api.metricServerError(SUM)]),
  ];
}

function storeRows({ table: { tableName: TableName } }: PaymentProcessingService): Row[] {
  const metric = (metricName: string, options: cloudwatch.MetricOptions, dimensions = {}) =>
    new cloudwatch.Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName, ...dimensions },
      ...options,
    });
  const times = TABLE_OPERATIONS.map((Operation) => metric('SuccessfulRequestLatency', AVERAGE, { Operation }));
  const use = TABLE_USE.map((name) => metric(name, SUM));
  return [[graph('Table: time, ms', times), graph('Table: units and throttles', use)]];
}

function cacheRow(cacheName: string): Row {
  const metric = (metricName: string, options: cloudwatch.MetricOptions) =>
    new cloudwatch.Metric({
      namespace: 'AWS/ElastiCache',
      metricName,
      dimensionsMap: { clusterId: cacheName },
      ...options,
    });
  const times = CACHE_TIME.map((name) => metric(name, AVERAGE));
  const use = CACHE_USE.map((name) => metric(name, SUM));
  return [graph('Cache: time, µs', times), graph('Cache: use', use)];
}

function successRate(service: PaymentProcessingService): cloudwatch.IMetric {
  const [captured, declined] = of(service, SUM, Metric.PAYMENTS_CAPTURED, Metric.PAYMENTS_DECLINED);
  return new cloudwatch.MathExpression({
    expression: '100 * captured / (captured + declined)',
    label: 'Captured',
    usingMetrics: { captured: captured!, declined: declined! },
    ...MINUTE,
  });
}

function of(
  service: PaymentProcessingService,
  options: cloudwatch.MetricOptions,
  ...names: string[]
): cloudwatch.IMetric[] {
  return names.map((name) => service.metric(name, options));
}

function percentiles(service: PaymentProcessingService, name: string): cloudwatch.IMetric[] {
  return PERCENTILES.map((p) =>
    service.metric(name, { ...MINUTE, statistic: cloudwatch.Stats.p(p), label: `${name} p${p}` }),
  );
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, leftYAxis: { min: 0 }, ...HALF });
}
