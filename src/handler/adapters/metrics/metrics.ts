/**
 * What is counted and measured, kept in memory and written as a few lines every half minute: a line a request would cost more than the
 * request. A process that is killed takes its last half minute along; nothing decides by it.
 */
import { Metric, MetricDimension } from '../../../contract';
import type { Clock, Observer } from '../../app/ports';
import { findOperation, kindOf, NEEDS_RECONCILIATION, type OperationKind } from '../../domain/operation';
import type { Payment } from '../../domain/payment';
import { type CallNames, Calls, times } from './calls';
import { Distribution } from './distribution';
import { type Figure, metricsLine } from './embedded-format';

/** A request, as far as figures go. */
export interface RequestFigures {
  readonly method: string;
  /** Path template; `none` where no operation has that path. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly code?: string;
  readonly parked?: boolean;
}

export type MetricName = (typeof Metric)[keyof typeof Metric];

/** All of them go out each time, a nought too: an alarm tells it from silence. */
const COUNTED: readonly MetricName[] = [
  ...[Metric.PAYMENTS_CREATED, Metric.PAYMENTS_AUTHORIZED, Metric.PAYMENTS_CAPTURED, Metric.PAYMENTS_DECLINED],
  ...[Metric.PAYMENTS_EXPIRED, Metric.PAYMENTS_CANCELLED, Metric.REFUNDS, Metric.LATE_APPROVALS],
  ...[Metric.NEEDS_RECONCILIATION, Metric.REPLAYS, Metric.REQUESTS_REFUSED, Metric.STORE_ERRORS],
];

const REQUESTS: CallNames = {
  all: Metric.REQUESTS,
  faults: [Metric.CLIENT_ERRORS, Metric.SERVER_ERRORS],
  latency: Metric.LATENCY,
};
const CONNECTOR_CALLS: CallNames = {
  all: Metric.CONNECTOR_CALLS,
  faults: [Metric.CONNECTOR_UNKNOWN, Metric.CONNECTOR_NOT_SENT],
  latency: Metric.CONNECTOR_LATENCY,
};

/** What a step that succeeded has made of its payment. */
const DONE: Readonly<Record<OperationKind, MetricName>> = {
  authorize: Metric.PAYMENTS_AUTHORIZED,
  sale: Metric.PAYMENTS_CAPTURED,
  capture: Metric.PAYMENTS_CAPTURED,
  cancel: Metric.PAYMENTS_CANCELLED,
  refund: Metric.REFUNDS,
};

/** What no operation of the document answers for: its names are the client's, and there is no end of them. */
const OTHER_ROUTE = 'other';

class Interval {
  readonly counts = new Map<MetricName, number>(COUNTED.map((name) => [name, 0]));
  readonly routes = new Map<string, Calls>();
  readonly connectors = new Map<string, Calls>();
  readonly createdToCaptured = new Distribution();
  readonly store = new Distribution();
  readonly gauges = new Map<MetricName, number[]>();

  count(name: MetricName): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  of(calls: Map<string, Calls>, label: string): Calls {
    const known = calls.get(label);
    if (known !== undefined) return known;
    const added = new Calls();
    calls.set(label, added);
    return added;
  }
}

export class Metrics implements Observer {
  private interval = new Interval();
  /** As the sweep saw it last. */
  private unresolved: { readonly count: number; readonly oldestSince?: string } = { count: 0 };

  constructor(
    private readonly service: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  request({ method, route, status, durationMs, code, parked }: RequestFigures): void {
    if (route.startsWith('/health/')) return;
    const { interval } = this;
    if (code === 'overloaded') interval.count(Metric.REQUESTS_REFUSED);
    const isOther = route === 'none' || code === 'method-not-allowed';
    const calls = interval.of(interval.routes, isOther ? OTHER_ROUTE : `${method} ${route}`);
    const fault = status >= 500 ? 1 : status >= 400 ? 0 : undefined;
    calls.record(fault, parked === true ? undefined : durationMs);
  }

  changed(payment: Payment): void {
    const name = meaningOf(payment);
    if (name === undefined) return;
    this.interval.count(name);
    if (name === Metric.PAYMENTS_CAPTURED) {
      const tookMs = Date.parse(payment.state.updatedAt) - Date.parse(payment.facts.createdAt);
      this.interval.createdToCaptured.record(Math.max(tookMs, 0));
    }
  }

  replayed(): void {
    this.interval.count(Metric.REPLAYS);
  }

  swept(count: number, oldestSince?: string): void {
    this.unresolved = { count, oldestSince };
  }

  connectorCall(connector: string, result: string, durationMs: number): void {
    const fault = result === 'unknown' ? 0 : result === 'not-sent' ? 1 : undefined;
    this.interval.of(this.interval.connectors, connector).record(fault, fault === 1 ? undefined : durationMs);
  }

  storeCall(failed: boolean, durationMs: number): void {
    this.interval.store.record(durationMs);
    if (failed) this.interval.count(Metric.STORE_ERRORS);
  }

  gauge(name: MetricName, value: number): void {
    const values = this.interval.gauges.get(name);
    if (values === undefined) this.interval.gauges.set(name, [value]);
    else values.push(value);
  }

  /** The lines for what has been since the last time. */
  take(): string[] {
    const { interval, service } = this;
    this.interval = new Interval();
    const at = this.clock.now();
    const byLabel = (calls: Map<string, Calls>, names: CallNames, dimension: string) =>
      [...calls].map(([value, each]) => metricsLine(at, service, each.figures(names), { dimension, value }));
    return [
      metricsLine(at, service, this.totals(interval, at)),
      ...byLabel(interval.routes, REQUESTS, MetricDimension.ROUTE),
      ...byLabel(interval.connectors, CONNECTOR_CALLS, MetricDimension.CONNECTOR),
    ];
  }

  private totals(interval: Interval, at: Date): Figure[] {
    const { count, oldestSince } = this.unresolved;
    const oldestMs = oldestSince === undefined ? 0 : at.getTime() - Date.parse(oldestSince);
    return [
      ...sum(interval.routes).figures(REQUESTS),
      ...sum(interval.connectors).figures(CONNECTOR_CALLS),
      ...[...interval.counts].map(([name, value]): Figure => ({ name, unit: 'Count', value })),
      ...times(Metric.CREATED_TO_CAPTURED, interval.createdToCaptured),
      ...times(Metric.STORE_LATENCY, interval.store),
      ...[...interval.gauges].map(
        ([name, value]): Figure => ({
          name,
          unit: name === Metric.EVENT_LOOP_DELAY ? 'Milliseconds' : 'Count',
          value,
        }),
      ),
      { name: Metric.OPERATIONS_UNRESOLVED, unit: 'Count', value: count },
      { name: Metric.OLDEST_UNRESOLVED, unit: 'Seconds', value: Math.max(oldestMs, 0) / 1000 },
    ];
  }
}

function sum(calls: ReadonlyMap<string, Calls>): Calls {
  const total = new Calls();
  for (const each of calls.values()) total.add(each);
  return total;
}

/** What has just been written has made of the payment; `undefined`: nothing that is counted. */
export function meaningOf({ events, refusals, state }: Payment): MetricName | undefined {
  const event = events.at(-1);
  // A saved refusal is no event, and bears the version that the payment had already.
  if (event === undefined || refusals.at(-1)?.version === events.length) return undefined;
  switch (event.type) {
    case 'created':
      return Metric.PAYMENTS_CREATED;
    case 'expired':
      return Metric.PAYMENTS_EXPIRED;
    case 'cancelled':
      return Metric.PAYMENTS_CANCELLED;
    case 'operation_declined':
      return Metric.PAYMENTS_DECLINED;
    case 'operation_late':
      return Metric.LATE_APPROVALS;
    case 'operation_unknown':
      return event.code === NEEDS_RECONCILIATION ? Metric.NEEDS_RECONCILIATION : undefined;
    case 'operation_succeeded':
      // To undo what the bank did late changes nothing of what the payment amounts to.
      return findOperation(state, event.op)?.undoes === undefined ? DONE[kindOf(event.op)] : undefined;
    default:
      return undefined;
  }
}
