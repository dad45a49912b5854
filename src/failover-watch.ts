/**
 * Route 53's own view of both Regions, and an alarm for each: what the internet sees of them, from many places.
 *
 * Route 53 puts its metrics into us-east-1 and nowhere else, and so these alarms stand there. They move no traffic.
 */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { regionCheck } from './private/record-health';
import { knownRegion, refuse } from './private/validation';

/** Who is watched. */
export interface FailoverWatchProps {
  /** Each Region's own name, by Region: `{ 'us-east-1': 'us-east-1.pay.example.com', ... }`. */
  readonly regionalDomainNames: Record<string, string>;
}

/** Where Route 53 puts its metrics. */
const METRICS_REGION = 'us-east-1';
/** It is for people to read, who need no ten seconds. */
const CHECK = { requestInterval: Duration.seconds(30) };
const RUNBOOK = 'https://github.com/cdk-qr-payments/cdk-qr-payments/blob/main/docs/failing-over.md';

/** An alarm for each Region that does not say to Route 53 that it may take payments. Its stack is in us-east-1. */
export class FailoverWatch extends Construct {
  /** One for each Region. Give them an action. */
  public readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: FailoverWatchProps) {
    super(scope, id);
    this.checkRegion();
    this.alarms = Object.entries(props.regionalDomainNames).map(([region, name]) => this.createAlarm(region, name));
  }

  private createAlarm(region: string, name: string): cloudwatch.Alarm {
    const { healthCheckId } = regionCheck(this, `HealthCheck-${region}`, name, CHECK);
    return new cloudwatch.Alarm(this, `Alarm-${region}`, {
      alarmDescription: `Route 53 hears from ${name} that it may not take payments, or hears nothing. What to do: ${RUNBOOK}`,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensionsMap: { HealthCheckId: healthCheckId },
        statistic: cloudwatch.Stats.MINIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private checkRegion(): void {
    const region = knownRegion(this);
    if (region === METRICS_REGION) return;
    refuse(this, {
      code: 'watch-region',
      what: `the stack of a FailoverWatch is not in ${METRICS_REGION}`,
      got: region,
      allowed: `${METRICS_REGION}, the only Region that has Route 53's metrics`,
      fix: `give it a stack with env: { region: '${METRICS_REGION}' }`,
    });
  }
}
