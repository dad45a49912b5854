import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FailoverMode, FailoverSwitch } from '../src';
import { SHARED_NAME } from './private/failover-stacks';
import { agnosticStack, regionalStack, STANDBY } from './private/stacks';

function switchIn(stack = regionalStack(new App(), STANDBY)): {
  failoverSwitch: FailoverSwitch;
  template: () => Template;
} {
  const failoverSwitch = new FailoverSwitch(stack, 'Switch', { sharedDomainName: SHARED_NAME });
  return { failoverSwitch, template: () => Template.fromStack(stack) };
}

test('is an alarm that stays where it was put, over a metric that the command writes', () => {
  const { failoverSwitch, template } = switchIn();
  const [, Namespace] = /--namespace (\S+)/.exec(failoverSwitch.failOverCommand)!;
  const [, MetricName] = /--metric-name (\S+)/.exec(failoverSwitch.failOverCommand)!;
  const [, Name, Value] = /--dimensions (\S+)=(\S+)/.exec(failoverSwitch.failOverCommand)!;

  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: `failover-switch-${SHARED_NAME}`,
    Namespace,
    MetricName,
    Dimensions: [{ Name, Value }],
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'ignore',
  });
});

test('is what Route 53 can read: one metric of standard resolution, a plain statistic, every period', () => {
  switchIn().template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    Statistic: 'Maximum',
    Period: 60,
    Metrics: Match.absent(),
    ExtendedStatistic: Match.absent(),
    DatapointsToAlarm: Match.absent(),
  });
});

test('the commands go to the Region that is to serve, and the page for operators has them word for word', () => {
  const { failOverCommand, failBackCommand } = switchIn().failoverSwitch;
  const page = readFileSync(join(__dirname, '..', 'docs', 'failing-over.md'), 'utf8').replace(/\s*\\\n\s*/g, ' ');

  expect(failOverCommand).toMatch(/^aws cloudwatch put-metric-data --region us-west-2 .* --value 1$/);
  expect(failBackCommand).toBe(failOverCommand.replace('--value 1', '--value 0'));
  for (const command of [failOverCommand, failBackCommand]) expect(page).toContain(command);
});

test('whoever may switch may write to the namespace of switches and no other', () => {
  const stack = regionalStack(new App(), STANDBY);
  const role = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });

  switchIn(stack).failoverSwitch.grantOperate(role);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'cloudwatch:PutMetricData',
          Resource: '*',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'QrPayments/Failover' } },
        },
      ],
    },
  });
});

test.each([
  ['a stack without a Region', () => switchIn(agnosticStack()), 'region-agnostic-stack'],
  [
    'a name known at deployment only',
    () => new FailoverSwitch(regionalStack(new App(), STANDBY), 'Switch', { sharedDomainName: Aws.STACK_NAME }),
    'switch-name',
  ],
  [
    'what names no routing control',
    () => FailoverMode.manual({ routingControlArn: 'arn:aws:sns:us-east-1:111122223333:topic' }),
    'routing-control',
  ],
])('%s is refused', (_, make, code) => {
  expect(make).toThrow(`[${code}]`);
});
