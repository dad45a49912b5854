import { App } from 'aws-cdk-lib';
import { Connector, PaymentKeys, PaymentProcessingService } from '../src';
import { agnosticStack, PRIMARY, regionalStack, resourcesOf, STANDBY, serviceIn } from './private/stacks';

const SERVICE = 'AWS::ECS::Service';

test('two services in one stack do not collide, and nothing is named physically', () => {
  const stack = agnosticStack();

  for (const id of ['One', 'Two']) new PaymentProcessingService(stack, id, { connector: Connector.simulator() });

  const resources = Object.values(resourcesOf(stack));
  expect(resources.filter(({ Type }) => Type === SERVICE)).toHaveLength(2);
  for (const name of ['TableName', 'Name', 'ClusterName', 'LogGroupName', 'RoleName', 'GroupName']) {
    expect(resources.filter(({ Properties }) => typeof Properties?.[name] === 'string')).toEqual([]);
  }
});

test('metrics are of this service', () => {
  const stack = agnosticStack();
  const service = serviceIn(stack);

  const metrics = [service.metricCpuUtilization(), service.metricMemoryUtilization(), service.metricUnhealthyTasks()];

  expect(metrics.map(({ metricName }) => metricName)).toEqual([
    'CPUUtilization',
    'MemoryUtilization',
    'UnHealthyHostCount',
  ]);
});

test('others can be let in to the tasks by their connections', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const service = serviceIn(stack);

  expect(service.connections.securityGroups).toHaveLength(1);
});

test('keys of another Region are refused', () => {
  const app = new App();
  const keys = new PaymentKeys(regionalStack(app, PRIMARY), 'Keys');

  expect(() => serviceIn(regionalStack(app, STANDBY), { keys })).toThrow(/keys is in another Region.*\[other-region\]/);
});
