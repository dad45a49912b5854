import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { agnosticStack, containerOf, serviceIn, serviceTemplate } from './stacks';

const SERVICE = 'AWS::ECS::Service';
const TARGET_COUNT = 'AWS::ApplicationAutoScaling::ScalableTarget';

test('goes back by itself from a deployment that fails, and has no public address or shell', () => {
  serviceTemplate().hasResourceProperties(SERVICE, {
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    },
    DeploymentController: { Type: 'ECS' },
    AvailabilityZoneRebalancing: 'ENABLED',
    EnableExecuteCommand: false,
    NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    DesiredCount: Match.absent(),
  });
});

test.each([
  [{}, 2, 4],
  [{ minTaskCount: 4 }, 4, 8],
  [{ minTaskCount: 3, maxTaskCount: 30 }, 3, 30],
])('runs between a least and a most of tasks: %p', (props, MinCapacity, MaxCapacity) => {
  serviceTemplate(props).hasResourceProperties(TARGET_COUNT, { MinCapacity, MaxCapacity });
});

test.each([{ minTaskCount: 0 }, { minTaskCount: 4, maxTaskCount: 3 }, { maxTaskCount: 5001 }, { minTaskCount: 1.5 }])(
  'refuses %p',
  (props) => {
    expect(() => serviceTemplate(props)).toThrow('[number-out-of-range]');
  },
);

test('a deployment that answers with errors is taken back', () => {
  const template = serviceTemplate();

  template.hasResourceProperties(SERVICE, {
    DeploymentConfiguration: {
      Alarms: {
        AlarmNames: [{ Ref: Match.stringLikeRegexp('^ServiceRollbackAlarm') }],
        Enable: true,
        Rollback: true,
      },
    },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 5,
    TreatMissingData: 'notBreaching',
    Metrics: Match.arrayWith([
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({ Namespace: 'QrPayments', MetricName: 'ServerErrors' }),
        }),
      }),
    ]),
  });
});

test.each([
  [{}, 50],
  [{ requestsInFlightPerTask: 20 }, 20],
])('more tasks are started for the requests that each has in hand: %p', (props, TargetValue) => {
  const template = serviceTemplate(props);
  const name = (containerOf(template).Environment as { Name: string; Value: string }[]).find(
    ({ Name }) => Name === 'SERVICE_NAME',
  )!.Value;

  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue,
      CustomizedMetricSpecification: {
        Namespace: 'QrPayments',
        MetricName: 'RequestsInFlight',
        Statistic: 'Average',
        Dimensions: [{ Name: 'Service', Value: name }],
      },
    },
  });
});

test('other bounds hold from a time on', () => {
  const schedule = Schedule.cron({ hour: '8', minute: '0' });

  serviceTemplate({ scheduledTaskCounts: [{ schedule, minTaskCount: 10 }] }).hasResourceProperties(TARGET_COUNT, {
    ScheduledActions: [{ Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 10, MaxCapacity: 20 } }],
  });
});

test.each([
  [{ requestsInFlightPerTask: 0 }, 'requestsInFlightPerTask'],
  [{ requestsInFlightPerTask: 501 }, 'requestsInFlightPerTask'],
  [
    { scheduledTaskCounts: [{ schedule: Schedule.cron({}), minTaskCount: 4, maxTaskCount: 3 }] },
    'scheduledTaskCounts\\[0\\].maxTaskCount',
  ],
  [{ callerWritesPerSecond: 0 }, 'callerWritesPerSecond'],
  [{ callerReadsPerSecond: 10_001 }, 'callerReadsPerSecond'],
])('refuses %j', (props, prop) => {
  expect(() => serviceTemplate(props)).toThrow(new RegExp(`${prop}.*\\[number-out-of-range\\]`));
});

test('budgets of callers go to the handler', () => {
  const variables = containerOf(serviceTemplate({ callerWritesPerSecond: 100, callerReadsPerSecond: 400 })).Environment;

  expect(variables).toEqual(
    expect.arrayContaining([
      { Name: 'CALLER_WRITES_PER_SECOND', Value: '100' },
      { Name: 'CALLER_READS_PER_SECOND', Value: '400' },
    ]),
  );
});

test("any of the handler's metrics can be had, and no other", () => {
  const service = serviceIn(agnosticStack());

  expect(service.metric('PaymentsCaptured').metricName).toBe('PaymentsCaptured');
  expect(() => service.metric('PaymentsLost')).toThrow(/got 'PaymentsLost'.*\[unknown-metric\]/);
});
