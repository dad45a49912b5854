import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Connector } from '../../src';
import { CONTAINER_PORT, DRAIN_SECONDS } from '../../src/contract';
import { agnosticStack, serviceIn, serviceTemplate } from './stacks';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';

test('is internal, spans zones, and has a group of its own that admits nobody', () => {
  const template = serviceTemplate();

  template.hasResourceProperties(LOAD_BALANCER, {
    Scheme: 'internal',
    Type: 'network',
    SecurityGroups: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('LoadBalancerSecurityGroup'), 'GroupId'] }],
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    LoadBalancerAttributes: Match.arrayWith([
      { Key: 'load_balancing.cross_zone.enabled', Value: 'true' },
      { Key: 'zonal_shift.config.enabled', Value: 'true' },
    ]),
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Load balancer of the payment handler',
    SecurityGroupIngress: Match.absent(),
  });
});

test('the tasks admit it alone, on their one port', () => {
  const template = serviceTemplate();

  const [ingress, ...others] = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
  expect(others).toEqual([]);
  expect(ingress!.Properties).toMatchObject({ FromPort: CONTAINER_PORT, ToPort: CONTAINER_PORT });
  expect(JSON.stringify(ingress!.Properties.SourceSecurityGroupId)).toContain('LoadBalancerSecurityGroup');
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Payment handler',
    SecurityGroupIngress: Match.absent(),
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' })],
  });
});

test("the tasks reach a bank's connector on its own port", () => {
  const stack = agnosticStack();
  serviceIn(stack, {
    connector: Connector.http({ url: 'https://bank.example:8443', secret: new Secret(stack, 'S') }),
  });

  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443 }), Match.objectLike({ FromPort: 8443 })],
  });
});

test('targets are taken out for as long as the drain takes, and asked whether they can serve', () => {
  serviceTemplate().hasResourceProperties(TARGETS, {
    TargetType: 'ip',
    Protocol: 'TCP',
    Port: CONTAINER_PORT,
    HealthCheckProtocol: 'HTTP',
    HealthCheckPath: '/health/ready',
    Matcher: { HttpCode: '200' },
    TargetGroupAttributes: Match.arrayWith([
      { Key: 'deregistration_delay.timeout_seconds', Value: String(DRAIN_SECONDS) },
      { Key: 'preserve_client_ip.enabled', Value: 'false' },
    ]),
  });
});
