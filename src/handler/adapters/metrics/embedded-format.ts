/** CloudWatch's embedded metric format: figures in a log line that CloudWatch Logs makes metrics of. */
import { METRIC_NAMESPACE, MetricDimension } from '../../../contract';

export type Unit = 'Count' | 'Milliseconds' | 'Seconds';

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  /** A list is as many values of that moment, 100 at most. */
  readonly value: number | readonly number[];
}

export interface Label {
  readonly dimension: string;
  readonly value: string;
}

/** @param by what the figures are of, beside the service */
export function metricsLine(at: Date, service: string, figures: readonly Figure[], by?: Label): string {
  const dimensions: string[] = [MetricDimension.SERVICE, ...(by === undefined ? [] : [by.dimension])];
  const metrics = figures.map(({ name, unit }) => ({ Name: name, Unit: unit }));
  return JSON.stringify({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [dimensions], Metrics: metrics }],
    },
    [MetricDimension.SERVICE]: service,
    ...(by !== undefined && { [by.dimension]: by.value }),
    ...Object.fromEntries(
      figures.map(({ name, value }) => [name, typeof value === 'number' ? value : value.map(round)]),
    ),
  });
}

/** A measured time has no more than four digits that mean anything. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
