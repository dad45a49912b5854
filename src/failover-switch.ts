/**
 * The switch that decides which Region serves, kept in the standby's Region: a metric that an operator writes one number to.
 *
 * A health check of Route 53 reads the metric by way of an alarm and keeps what it read last. So one call of a data plane in the Region
 * that is to serve moves the traffic: neither the lost Region nor any control plane has a part in it, and if the standby's Region is the
 * one that is lost, nothing moves.
 */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  SWITCH_DIMENSION,
  SWITCH_METRIC,
  SWITCH_NAMESPACE,
  SwitchValue,
  switchAlarmName,
} from './private/region-switch';
import { known, knownRegion, refuse } from './private/validation';

/** What the switch moves. */
export interface FailoverSwitchProps {
  /** The name that every Region has: `sharedDomainName` of the APIs. */
  readonly sharedDomainName: string;
}

/** The operator's switch. Its stack is in the standby's Region and is deployed before the primary's service. */
export class FailoverSwitch extends Construct {
  /** In alarm while the standby serves. Give it an action, and people hear of every switch. */
  public readonly alarm: cloudwatch.Alarm;
  /** What it moves. */
  public readonly sharedDomainName: string;
  /** Where it is: the standby's Region. */
  public readonly region: string;
  /** Command that moves traffic to the standby. It says what shall be, so that it can be given again. */
  public readonly failOverCommand: string;
  /** Command that moves traffic back to the primary. */
  public readonly failBackCommand: string;

  constructor(scope: Construct, id: string, props: FailoverSwitchProps) {
    super(scope, id);
    const { sharedDomainName } = props;
    this.sharedDomainName = sharedDomainName;
    this.region = this.checkedRegion();
    this.checkName();
    this.failOverCommand = this.command(SwitchValue.STANDBY_SERVES);
    this.failBackCommand = this.command(SwitchValue.PRIMARY_SERVES);
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmName: switchAlarmName(sharedDomainName),
      alarmDescription: `Traffic of ${sharedDomainName} is switched to ${this.region}. To switch it back: ${this.failBackCommand}`,
      metric: this.metric(),
      threshold: SwitchValue.STANDBY_SERVES,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Plain, for Route 53 reads the metric by itself: no arithmetic, no percentiles, not some periods out of many.
      evaluationPeriods: 1,
      // Nobody writes to it for months: it stays where it was put.
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    });
  }

  /** Where the switch stands, in the minutes in which somebody set it. */
  public metric(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: SWITCH_NAMESPACE,
      metricName: SWITCH_METRIC,
      dimensionsMap: { [SWITCH_DIMENSION]: this.sharedDomainName },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.minutes(1),
      ...props,
    });
  }

  /** Lets someone switch. CloudWatch knows no smaller right than a namespace: whoever has it may set every switch of the account. */
  public grantOperate(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['cloudwatch:PutMetricData'],
      resourceArns: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': SWITCH_NAMESPACE } },
    });
  }

  private command(value: number): string {
    return (
      `aws cloudwatch put-metric-data --region ${this.region} --namespace ${SWITCH_NAMESPACE} --metric-name ${SWITCH_METRIC} ` +
      `--dimensions ${SWITCH_DIMENSION}=${this.sharedDomainName} --value ${value}`
    );
  }

  private checkedRegion(): string {
    const region = knownRegion(this);
    if (region !== undefined) return region;
    refuse(this, {
      code: 'region-agnostic-stack',
      what: 'the stack of a FailoverSwitch has no Region',
      got: region,
      allowed: "a stack in the standby's Region",
      fix: "give the stack its Region: env: { region: 'us-west-2' }",
    });
  }

  private checkName(): void {
    if (known(this.sharedDomainName) !== undefined && this.sharedDomainName !== '') return;
    refuse(this, {
      code: 'switch-name',
      what: 'sharedDomainName is not known at synth',
      got: this.sharedDomainName === '' ? '' : 'a token',
      allowed: 'a plain string, for the other Region names the switch by it',
      fix: "write it out: 'pay.example.com'",
    });
  }
}
