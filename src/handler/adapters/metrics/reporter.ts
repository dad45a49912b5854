/** Looks at the process now and then, and writes the figures down every half minute and at the end. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Metric } from '../../../contract';
import { LIMITS } from '../../domain/limits';
import type { Metrics } from './metrics';

export interface ReporterOptions {
  readonly metrics: Metrics;
  readonly load: { readonly requestsInFlight: number; readonly longPollsParked: number };
  readonly write: (line: string) => void;
}

const TICK_MS = 20;

/** @returns stops it, after the last lines */
export function startReporter({ metrics, load, write }: ReporterOptions): () => void {
  const ticks = monitorEventLoopDelay({ resolution: TICK_MS });
  ticks.enable();
  const look = () => {
    metrics.gauge(Metric.REQUESTS_IN_FLIGHT, load.requestsInFlight);
    metrics.gauge(Metric.LONG_POLLS_PARKED, load.longPollsParked);
  };
  const report = () => {
    // Nanoseconds from one tick to the next.
    const lateMs = (percentile: number) => Math.max(ticks.percentile(percentile) / 1e6 - TICK_MS, 0);
    if (ticks.count > 0) {
      for (let n = 1; n <= LIMITS.metricValues; n++) {
        metrics.gauge(Metric.EVENT_LOOP_DELAY, lateMs((100 * n) / LIMITS.metricValues));
      }
      ticks.reset();
    }
    for (const line of metrics.take()) write(line);
  };
  look();
  const looking = setInterval(look, LIMITS.gaugeIntervalMs).unref();
  const reporting = setInterval(report, LIMITS.metricsIntervalMs).unref();
  return () => {
    clearInterval(looking);
    clearInterval(reporting);
    report();
    ticks.disable();
  };
}
