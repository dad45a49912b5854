/**
 * Every alarm there is: what it watches, from when on, and for how long. Each has a section of its own, under its id, in `docs/operating.md`;
 * a test holds the two together.
 */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from '../contract';
import type { AlarmThresholds, PaymentMonitoringProps } from '../payment-monitoring-props';

export interface AlarmDefinition {
  /** In kebab case: its section in the runbook. */
  readonly id: string;
  readonly description: string;
  /** Nothing where what it watches is not there. */
  readonly metric: (watched: PaymentMonitoringProps) => cloudwatch.IMetric | undefined;
  readonly threshold: (thresholds: AlarmThresholds) => number;
  /** Minutes that are looked at, and how many of them are over the threshold. */
  readonly minutes: number;
  readonly of?: number;
  /** Fewer than the threshold are bad, and none at all is as bad. */
  readonly isTooFew?: boolean;
}

const MINUTE = { period: Duration.minutes(1) };
/** Of fewer, a share says nothing. */
const COUNTS_THAT_TELL = 20;

const sum = (name: string) => (watched: PaymentMonitoringProps) =>
  watched.service.metric(name, { ...MINUTE, statistic: cloudwatch.Stats.SUM });
const most = (name: string) => (watched: PaymentMonitoringProps) =>
  watched.service.metric(name, { ...MINUTE, statistic: cloudwatch.Stats.MAXIMUM });
const p99 = (name: string) => (watched: PaymentMonitoringProps) =>
  watched.service.metric(name, { ...MINUTE, statistic: cloudwatch.Stats.p(99) });
const anyAtAll = () => 0;

/** Percent, and nothing while there are too few. */
const share =
  (part: string, ...whole: string[]) =>
  (watched: PaymentMonitoringProps) =>
    new cloudwatch.MathExpression({
      expression: `IF(${whole.map((_, i) => `w${i}`).join(' + ')} >= ${COUNTS_THAT_TELL}, 100 * p / (${whole.map((_, i) => `w${i}`).join(' + ')}), 0)`,
      label: `${part}, percent`,
      usingMetrics: {
        p: sum(part)(watched),
        ...Object.fromEntries(whole.map((name, i) => [`w${i}`, sum(name)(watched)])),
      },
      ...MINUTE,
    });

const throttles =
  (name: string) =>
  ({ service }: PaymentMonitoringProps) =>
    new cloudwatch.Metric({
      namespace: 'AWS/DynamoDB',
      metricName: name,
      dimensionsMap: { TableName: service.table.tableName },
      statistic: cloudwatch.Stats.SUM,
      ...MINUTE,
    });

export const ALARMS: readonly AlarmDefinition[] = [
  // money
  {
    id: 'needs-reconciliation',
    description: "The bank's record of an operation is not the one that was asked for. People have to look at it.",
    metric: sum(Metric.NEEDS_RECONCILIATION),
    threshold: anyAtAll,
    minutes: 1,
  },
  {
    id: 'late-approvals',
    description: 'The bank did what it had declined. It is being undone.',
    metric: sum(Metric.LATE_APPROVALS),
    threshold: anyAtAll,
    minutes: 1,
  },
  {
    id: 'operations-unresolved',
    description: 'An operation has had no outcome for longer than the sweep needs.',
    metric: most(Metric.OLDEST_UNRESOLVED),
    threshold: ({ unresolvedSeconds = 120 }) => unresolvedSeconds,
    minutes: 3,
  },
  // bank
  {
    id: 'connector-unknown',
    description: 'The bank leaves too many calls without an answer that can be believed.',
    metric: share(Metric.CONNECTOR_UNKNOWN, Metric.CONNECTOR_CALLS),
    threshold: ({ connectorUnknownPercent = 5 }) => connectorUnknownPercent,
    minutes: 5,
    of: 3,
  },
  {
    id: 'connector-not-sent',
    description: 'Too many calls do not reach the bank at all.',
    metric: share(Metric.CONNECTOR_NOT_SENT, Metric.CONNECTOR_CALLS),
    threshold: ({ connectorUnknownPercent = 5 }) => connectorUnknownPercent,
    minutes: 5,
    of: 3,
  },
  {
    id: 'declines',
    description: 'The bank declines more payments than it usually does.',
    metric: share(
      Metric.PAYMENTS_DECLINED,
      Metric.PAYMENTS_DECLINED,
      Metric.PAYMENTS_AUTHORIZED,
      Metric.PAYMENTS_CAPTURED,
    ),
    threshold: ({ declinedPercent = 50 }) => declinedPercent,
    minutes: 15,
    of: 10,
  },
  // service
  {
    id: 'server-errors',
    description: 'Too many answers say that something is wrong inside.',
    metric: share(Metric.SERVER_ERRORS, Metric.REQUESTS),
    threshold: ({ serverErrorPercent = 1 }) => serverErrorPercent,
    minutes: 5,
    of: 3,
  },
  {
    id: 'latency',
    description: 'One answer in a hundred takes too long. Waiting for the bank is part of it.',
    metric: p99(Metric.LATENCY),
    threshold: ({ latencyMs = 5000 }) => latencyMs,
    minutes: 5,
    of: 3,
  },
  {
    id: 'requests-refused',
    description: 'The service has more in hand than it can take, and turns requests away.',
    metric: sum(Metric.REQUESTS_REFUSED),
    threshold: anyAtAll,
    minutes: 5,
    of: 3,
  },
  {
    id: 'event-loop-delay',
    description: 'A process is too busy to come round: everything in it is late.',
    metric: p99(Metric.EVENT_LOOP_DELAY),
    threshold: () => 250,
    minutes: 5,
    of: 3,
  },
  {
    id: 'silence',
    description: 'No task has told anything about itself.',
    metric: ({ service }) =>
      service.metric(Metric.REQUESTS_IN_FLIGHT, { ...MINUTE, statistic: cloudwatch.Stats.SAMPLE_COUNT }),
    threshold: () => 1,
    isTooFew: true,
    minutes: 5,
  },
  {
    id: 'unhealthy-tasks',
    description: 'The load balancer sends nothing to some task.',
    metric: ({ service }) => service.metricUnhealthyTasks({ ...MINUTE, statistic: cloudwatch.Stats.MAXIMUM }),
    threshold: anyAtAll,
    minutes: 10,
    of: 8,
  },
  {
    id: 'cpu',
    description: 'Tasks are short of CPU, and scaling does not keep up.',
    metric: ({ service }) => service.metricCpuUtilization(MINUTE),
    threshold: () => 85,
    minutes: 15,
    of: 12,
  },
  {
    id: 'memory',
    description: 'Tasks are short of memory. One that has none left is killed.',
    metric: ({ service }) => service.metricMemoryUtilization(MINUTE),
    threshold: () => 85,
    minutes: 15,
    of: 12,
  },
  // store
  {
    id: 'store-errors',
    description: 'The table does not answer, or not in time.',
    metric: sum(Metric.STORE_ERRORS),
    threshold: () => 5,
    minutes: 5,
    of: 3,
  },
  {
    id: 'write-throttles',
    description: 'The table turns writes away.',
    metric: throttles('WriteThrottleEvents'),
    threshold: anyAtAll,
    minutes: 5,
    of: 3,
  },
  {
    id: 'read-throttles',
    description: 'The table turns reads away.',
    metric: throttles('ReadThrottleEvents'),
    threshold: anyAtAll,
    minutes: 5,
    of: 3,
  },
  // gateway and events
  {
    id: 'gateway-errors',
    description: 'The API answers with errors that the service did not give: it cannot reach it, or not in time.',
    metric: ({ api }) => api?.metricServerError({ ...MINUTE, statistic: cloudwatch.Stats.AVERAGE }),
    threshold: ({ serverErrorPercent = 1 }) => serverErrorPercent / 100,
    minutes: 5,
    of: 3,
  },
  {
    id: 'events-undelivered',
    description: 'Events of payments could not be delivered.',
    metric: ({ events }) =>
      events?.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        ...MINUTE,
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
    threshold: anyAtAll,
    minutes: 1,
  },
];
