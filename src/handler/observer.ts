/** Who is told what happened to payments: the metrics, and people where something waits for them. */
import { Metric } from '../contract';
import { type MetricName, type Metrics, meaningOf } from './adapters/metrics/metrics';
import type { Observer } from './app/ports';
import type { Logger } from './logger';

const NOTICES: { readonly [name in MetricName]?: string } = {
  [Metric.NEEDS_RECONCILIATION]: 'needs reconciliation',
  [Metric.LATE_APPROVALS]: 'approved late',
};

export function createObserver(logger: Logger, metrics: Metrics | undefined): Observer {
  return {
    changed(payment) {
      metrics?.changed(payment);
      const name = meaningOf(payment);
      const notice = name && NOTICES[name];
      if (notice !== undefined) logger.warn(notice, { paymentId: payment.facts.id });
    },
    replayed: () => metrics?.replayed(),
    swept: (count, oldestSince) => metrics?.swept(count, oldestSince),
  };
}
