/**
 * What watches over payments: alarms that tell a topic, each with a section of the runbook in `docs/operating.md`, and a dashboard
 * to look at when one does.
 */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmThresholds, PaymentMonitoringProps } from './payment-monitoring-props';
import { ALARMS, type AlarmDefinition } from './private/alarm-catalogue';
import { dashboardRows } from './private/dashboard';
import { refuse } from './private/validation';

/** Of the repository. An alarm's id is the anchor. */
const RUNBOOK = 'https://github.com/cdk-qr-payments/cdk-qr-payments/blob/main/docs/operating.md';

/** Alarms and a dashboard of one service. */
export class PaymentMonitoring extends Construct {
  /** Who is told. */
  public readonly alarmTopic: sns.ITopic;
  /** Every alarm made here. */
  public readonly alarms: cloudwatch.Alarm[];
  /** What to look at. */
  public readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: PaymentMonitoringProps) {
    super(scope, id);
    this.checkThresholds(props.thresholds ?? {});
    this.alarmTopic = props.alarmTopic ?? this.createTopic(props);
    this.alarms = ALARMS.flatMap((definition) => this.createAlarm(definition, props) ?? []);
    props.service.rollbackAlarm.addAlarmAction(new SnsAction(this.alarmTopic));
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [[new cloudwatch.AlarmStatusWidget({ alarms: this.alarms, width: 24 })], ...dashboardRows(props)],
    });
  }

  private createTopic({ service }: PaymentMonitoringProps): sns.ITopic {
    return new sns.Topic(this, 'Alarms', {
      displayName: 'Alarms of payments',
      masterKey: service.keys.encryptionKey,
      enforceSSL: true,
    });
  }

  private createAlarm(definition: AlarmDefinition, props: PaymentMonitoringProps): cloudwatch.Alarm | undefined {
    const metric = definition.metric(props);
    if (metric === undefined) return undefined;
    const action = new SnsAction(this.alarmTopic);
    const alarm = new cloudwatch.Alarm(this, camelCase(definition.id), {
      alarmDescription: `${definition.description} What to do: ${RUNBOOK}#${definition.id}`,
      metric,
      threshold: definition.threshold(props.thresholds ?? {}),
      comparisonOperator: definition.isTooFew
        ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        : cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: definition.minutes,
      datapointsToAlarm: definition.of ?? definition.minutes,
      treatMissingData: definition.isTooFew
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }

  private checkThresholds(thresholds: AlarmThresholds): void {
    for (const [name, value] of Object.entries(thresholds)) {
      if (typeof value !== 'number' || value > 0) continue;
      refuse(this, {
        code: 'alarm-threshold',
        what: `thresholds.${name} is not more than nothing`,
        got: value,
        allowed: 'a number above 0',
        fix: `set thresholds.${name} to such a number, or leave it out`,
      });
    }
  }
}

/** `server-errors` → `ServerErrors` */
function camelCase(id: string): string {
  return id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
