/** Alarms and dashboard; and that each alarm has its section of the runbook, and each section its alarm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PaymentEvents, PaymentMonitoring, type PaymentMonitoringProps, SessionCache } from '../src';
import { Metric } from '../src/contract';
import { ALARMS } from '../src/private/alarm-catalogue';
import { apiIn, PRIMARY, regionalStack, serviceIn } from './private/stacks';

const ALARM = 'AWS::CloudWatch::Alarm';
const RUNBOOK = readFileSync(join(__dirname, '..', 'docs', 'operating.md'), 'utf8');

function monitored(props: Partial<PaymentMonitoringProps> = {}, everything = true) {
  const stack = regionalStack(new App(), PRIMARY);
  const service = serviceIn(stack, { sessionCache: SessionCache.valkeyServerless() });
  const parts = everything
    ? { api: apiIn(stack, { service }), events: new PaymentEvents(stack, 'Events', { service }) }
    : {};
  const monitoring = new PaymentMonitoring(stack, 'Monitoring', { service, ...parts, ...props });
  return { stack, monitoring, template: Template.fromStack(stack) };
}

function alarmsOf(template: Template) {
  return Object.entries(template.findResources(ALARM))
    .filter(([id]) => id.startsWith('Monitoring'))
    .map(([, { Properties }]) => Properties);
}

const all = monitored();

test('every alarm has its section of the runbook, and says where', () => {
  const sections = [...RUNBOOK.matchAll(/^### (\S+)$/gm)].map(([, id]) => id);

  expect(ALARMS.map(({ id }) => id)).toEqual(sections);
  const named = alarmsOf(all.template).map(
    ({ AlarmDescription }) => /operating\.md#([a-z-]+)$/.exec(AlarmDescription)?.[1],
  );
  expect(named.sort()).toEqual([...sections].sort());
});

test('a section says what to look at or what to do', () => {
  for (const section of RUNBOOK.split(/^### /m).slice(1)) expect(section).toMatch(/\*(Look|Do):\*|As for writes/);
});

test('each goes to the topic, and so does its end', () => {
  for (const alarm of alarmsOf(all.template)) {
    const topic = [{ Ref: expect.stringMatching(/^MonitoringAlarms/) }];
    expect([alarm.AlarmActions, alarm.OKActions]).toEqual([topic, topic]);
  }
});

test('silence is bad news, and nothing else is', () => {
  const bad = alarmsOf(all.template).filter(({ TreatMissingData }) => TreatMissingData === 'breaching');

  expect(bad).toEqual([expect.objectContaining({ ComparisonOperator: 'LessThanThreshold', Threshold: 1 })]);
  expect(bad[0].AlarmDescription).toContain('#silence');
  const rest = alarmsOf(all.template).filter((alarm) => alarm.TreatMissingData !== 'breaching');
  for (const alarm of rest) expect(alarm.ComparisonOperator).toBe('GreaterThanThreshold');
});

test('the topic is encrypted with the key of the service, which alarms may use', () => {
  all.template.hasResourceProperties('AWS::SNS::Topic', {
    KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceKeysKey'), 'Arn'] },
  });
  all.template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({ Sid: 'CloudWatchAlarms', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
      ]),
    },
  });
});

test('a topic can be given', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const alarmTopic = new Topic(stack, 'Mine');
  new PaymentMonitoring(stack, 'Monitoring', { service: serviceIn(stack), alarmTopic });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SNS::Topic', 1);
  expect(alarmsOf(template)[0].AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Mine/) }]);
});

test('without API and events the rest is watched', () => {
  const { template } = monitored({}, false);

  expect(alarmsOf(template)).toHaveLength(ALARMS.length - 2);
});

test.each([
  [{ latencyMs: 800 }, 'latency', 800],
  [{ serverErrorPercent: 3 }, 'server-errors', 3],
  [{ serverErrorPercent: 3 }, 'gateway-errors', 0.03],
  [{ connectorUnknownPercent: 2 }, 'connector-unknown', 2],
  [{ declinedPercent: 30 }, 'declines', 30],
  [{ unresolvedSeconds: 60 }, 'operations-unresolved', 60],
])('thresholds %j', (thresholds, id, threshold) => {
  const alarm = alarmsOf(monitored({ thresholds }).template).find(({ AlarmDescription }) =>
    AlarmDescription.endsWith(`#${id}`),
  );

  expect(alarm!.Threshold).toBe(threshold);
});

test('a threshold of nothing is refused', () => {
  expect(() => monitored({ thresholds: { latencyMs: 0 } })).toThrow(/thresholds.latencyMs.*\[alarm-threshold\]/);
});

test('the dashboard shows every metric of the handler', () => {
  const [dashboard] = Object.values(all.template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard!.Properties.DashboardBody);

  for (const name of Object.values(Metric)) expect(body).toContain(`\\"${name}\\"`);
  for (const namespace of ['AWS/ApiGateway', 'AWS/DynamoDB', 'AWS/ECS', 'AWS/ElastiCache'])
    expect(body).toContain(namespace);
});

test('the runbook explains every metric of the handler', () => {
  for (const name of Object.values(Metric)) expect(RUNBOOK).toContain(`\`${name}\``);
});
