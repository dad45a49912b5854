import { Match } from 'aws-cdk-lib/assertions';
import { serviceTemplate } from './stacks';

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
  [{}, 2, 6],
  [{ minTaskCount: 4 }, 4, 12],
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
