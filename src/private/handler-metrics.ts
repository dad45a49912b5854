/** The handler's own metrics, as CloudWatch has them. */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct, IConstruct } from 'constructs';
import { METRIC_NAMESPACE, Metric, MetricDimension } from '../contract';
import { known, refuse } from './validation';

export function handlerMetric(
  where: IConstruct,
  serviceName: string,
  metricName: string,
  props: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  const names: readonly string[] = Object.values(Metric);
  if (known(metricName) !== undefined && !names.includes(metricName)) {
    refuse(where, {
      code: 'unknown-metric',
      what: 'metricName is no metric of the handler',
      got: metricName,
      allowed: names.join(', '),
      fix: 'write it as it stands there',
    });
  }
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    ...props,
    dimensionsMap: { [MetricDimension.SERVICE]: serviceName, ...props.dimensionsMap },
  });
}

/** Of so few requests that one error is much, nothing follows. */
const REQUESTS_THAT_COUNT = 20;
const ERROR_PERCENT = 5;

/** Takes a deployment back: more than one answer in twenty says that something is wrong inside. */
export function createRollbackAlarm(
  scope: Construct,
  requests: cloudwatch.IMetric,
  errors: cloudwatch.IMetric,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'RollbackAlarm', {
    alarmDescription: 'More than 5 % of the answers are errors of ours. A deployment that is under way is taken back.',
    metric: new cloudwatch.MathExpression({
      expression: `IF(requests >= ${REQUESTS_THAT_COUNT}, 100 * errors / requests, 0)`,
      label: 'Errors, percent',
      usingMetrics: { requests, errors },
      period: Duration.minutes(1),
    }),
    threshold: ERROR_PERCENT,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
