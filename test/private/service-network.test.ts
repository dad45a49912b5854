import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Egress } from '../../src';
import { agnosticStack, serviceIn, serviceTemplate } from './stacks';

const SERVICE = 'AWS::ECS::Service';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

test('is made with two zones, ways out, and gateway endpoints, and without a custom resource', () => {
  const template = serviceTemplate();

  template.resourceCountIs('AWS::EC2::Subnet', 4);
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
  template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 2);
  template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  template.resourceCountIs('AWS::Lambda::Function', 0);
  template.hasResourceProperties('AWS::ECS::Cluster', {
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
  });
});

test('tasks wait for their way out', () => {
  const [service] = Object.values(serviceTemplate().findResources(SERVICE));

  expect(service!.DependsOn.filter((id: string) => id.includes('DefaultRoute'))).toHaveLength(2);
});

test('a VPC, its subnets and a cluster can be given', () => {
  const stack = agnosticStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Pay', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Other', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
  });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });

  const service = serviceIn(stack, { vpc, cluster, vpcSubnets: { subnetGroupName: 'Pay' } });

  const template = Template.fromStack(stack);
  expect([service.vpc, service.cluster]).toEqual([vpc, cluster]);
  template.resourceCountIs('AWS::EC2::VPC', 1);
  template.resourceCountIs('AWS::ECS::Cluster', 1);
  const [{ Properties }] = Object.values(template.findResources(LOAD_BALANCER)) as [
    { Properties: { Subnets: { Ref: string }[] } },
  ];
  expect(Properties.Subnets.map(({ Ref }) => Ref)).toEqual([
    expect.stringMatching(/^VpcPay/),
    expect.stringMatching(/^VpcPay/),
  ]);
});

test('a cluster alone brings its VPC', () => {
  const stack = agnosticStack();
  const vpc = new ec2.Vpc(stack, 'Vpc');

  expect(serviceIn(stack, { cluster: new ecs.Cluster(stack, 'Cluster', { vpc }) }).vpc).toBe(vpc);
});

test('a cluster of another VPC is refused', () => {
  const stack = agnosticStack();
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'One') });

  expect(() => serviceIn(stack, { cluster, vpc: new ec2.Vpc(stack, 'Two') })).toThrow(
    /vpc is not the VPC of cluster.*\[cluster-vpc\]/,
  );
});

test.each([
  ['isolated subnets only', ec2.SubnetType.PRIVATE_ISOLATED, undefined],
  ['public subnets only', ec2.SubnetType.PUBLIC, undefined],
  ['isolated subnets chosen', ec2.SubnetType.PRIVATE_ISOLATED, { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  ['public subnets chosen', ec2.SubnetType.PUBLIC, { subnetType: ec2.SubnetType.PUBLIC }],
])('%s are refused', (_, subnetType, vpcSubnets) => {
  const stack = agnosticStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Only', subnetType }] });

  expect(() => serviceIn(stack, { vpc, vpcSubnets })).toThrow(
    /PRIVATE_WITH_EGRESS.*add private subnets.*\[subnets-without-egress\]/,
  );
});

describe('the way out of a VPC that is made', () => {
  test('has the addresses that the bank was told', () => {
    const template = serviceTemplate({
      egress: Egress.natGateways({ eipAllocationIds: ['eipalloc-0123456789abcdef0'] }),
    });

    template.resourceCountIs('AWS::EC2::EIP', 0);
    template.hasResourceProperties('AWS::EC2::NatGateway', { AllocationId: 'eipalloc-0123456789abcdef0' });
  });

  test.each([
    [{ eipAllocationIds: [] }, 'eip-allocation'],
    [{ eipAllocationIds: ['198.51.100.7'] }, 'eip-allocation'],
  ])('refused: %j', (props, code) => {
    expect(() => Egress.natGateways(props)).toThrow(`[${code}]`);
  });

  test('another number of addresses than gateways is refused', () => {
    const eipAllocationIds = ['eipalloc-0123456789abcdef0', 'eipalloc-0123456789abcdef1'];

    expect(() => serviceTemplate({ egress: Egress.natGateways({ eipAllocationIds }) })).toThrow(
      /allowed 1 allocation ids.*\[eip-count\]/,
    );
  });

  test('may be none: endpoints for the AWS services, which this VPC alone may use', () => {
    const template = serviceTemplate({ egress: Egress.vpcEndpoints() });

    for (const type of ['NatGateway', 'InternetGateway', 'EIP']) template.resourceCountIs(`AWS::EC2::${type}`, 0);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 2);
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint'))
      .filter(({ Properties }) => Properties.VpcEndpointType === 'Interface')
      .map(({ Properties }) => JSON.stringify(Properties.ServiceName).match(/([a-z.]+)"\]\]?\}?$/)?.[1]);
    expect(endpoints).toEqual(['.ecr.api', '.ecr.dkr', '.logs', '.secretsmanager']);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Endpoints of AWS services',
      SecurityGroupIngress: [Match.objectLike({ FromPort: 443, ToPort: 443, CidrIp: Match.objectLike({}) })],
    });
  });

  test('of a given VPC with isolated subnets is none, if one says so', () => {
    const stack = agnosticStack();
    const subnetType = ec2.SubnetType.PRIVATE_ISOLATED;
    const vpc = new ec2.Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Only', subnetType }] });

    expect(() => serviceIn(stack, { vpc, egress: Egress.vpcEndpoints() })).not.toThrow();
  });

  test.each([
    { egress: Egress.natGateways({ eipAllocationIds: ['eipalloc-0123456789abcdef0'] }) },
    { availabilityZones: 2 },
  ])('of a given VPC is not ours to change: %#', (props) => {
    const stack = agnosticStack();

    expect(() => serviceIn(stack, { vpc: new ec2.Vpc(stack, 'Vpc'), ...props })).toThrow('[given-vpc]');
  });

  test.each([1, 4])('%p zones are refused', (availabilityZones) => {
    expect(() => serviceTemplate({ availabilityZones })).toThrow(/availabilityZones.*\[number-out-of-range\]/);
  });
});
