import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FailoverWatch } from '../src';
import { agnosticStack, PRIMARY, regionalStack, STANDBY } from './private/stacks';

const regionalDomainNames = {
  [PRIMARY]: `${PRIMARY}.pay.example.com`,
  [STANDBY]: `${STANDBY}.pay.example.com`,
};

function watchIn(stack: Stack): FailoverWatch {
  return new FailoverWatch(stack, 'Watch', { regionalDomainNames });
}

test("asks both Regions by their own names, and has an alarm over each check, in the Region of Route 53's metrics", () => {
  const stack = regionalStack(new App(), 'us-east-1');

  const { alarms } = watchIn(stack);

  const template = Template.fromStack(stack);
  const checks = template.findResources('AWS::Route53::HealthCheck');
  expect(Object.values(checks).map(({ Properties }) => Properties.HealthCheckConfig)).toEqual(
    Object.values(regionalDomainNames).map((FullyQualifiedDomainName) =>
      expect.objectContaining({
        Type: 'HTTPS',
        FullyQualifiedDomainName,
        ResourcePath: '/health/region',
        RequestInterval: 30,
      }),
    ),
  );
  expect(alarms).toHaveLength(2);
  for (const id of Object.keys(checks)) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Route53',
      MetricName: 'HealthCheckStatus',
      Dimensions: [{ Name: 'HealthCheckId', Value: { Ref: id } }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  }
});

test.each([
  ['another Region', () => regionalStack(new App(), STANDBY)],
  ['no Region', () => agnosticStack()],
])('is refused in a stack of %s, where no metric of Route 53 is', (_, stack) => {
  expect(() => watchIn(stack())).toThrow('[watch-region]');
});
