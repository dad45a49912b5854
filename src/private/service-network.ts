/** Where the tasks run: a VPC and a cluster, each given or made, and subnets with a way out. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { refuse } from './validation';

export interface ServiceNetwork {
  readonly vpc: ec2.IVpc;
  readonly cluster: ecs.ICluster;
  readonly vpcSubnets: ec2.SubnetSelection;
}

export interface ServiceNetworkProps {
  readonly vpc?: ec2.IVpc;
  readonly cluster?: ecs.ICluster;
  readonly vpcSubnets?: ec2.SubnetSelection;
}

/** Two work in every Region, and are all that a Region-agnostic stack can have. */
const AVAILABILITY_ZONES = 2;

export function serviceNetwork(scope: Construct, props: ServiceNetworkProps): ServiceNetwork {
  checkClusterVpc(scope, props);
  const vpc = props.vpc ?? props.cluster?.vpc ?? createVpc(scope);
  const vpcSubnets = props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  checkSubnets(scope, vpc, props.vpcSubnets);
  return { vpc, vpcSubnets, cluster: props.cluster ?? createCluster(scope, vpc) };
}

function createVpc(scope: Construct): ec2.IVpc {
  return new ec2.Vpc(scope, 'Vpc', {
    maxAzs: AVAILABILITY_ZONES,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
    // Free, and keep payments and image layers off the NAT gateways.
    gatewayEndpoints: {
      DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
    },
    // A feature flag decides it otherwise, and then by a custom resource. Nothing here uses the default security group.
    restrictDefaultSecurityGroup: false,
  });
}

function createCluster(scope: Construct, vpc: ec2.IVpc): ecs.ICluster {
  return new ecs.Cluster(scope, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
}

function checkClusterVpc(scope: Construct, { vpc, cluster }: ServiceNetworkProps): void {
  if (vpc === undefined || cluster === undefined || vpc === cluster.vpc || vpc.vpcId === cluster.vpc.vpcId) return;
  refuse(scope, {
    code: 'cluster-vpc',
    what: 'vpc is not the VPC of cluster',
    got: `${vpc.node.path} and ${cluster.vpc.node.path}`,
    allowed: 'one VPC',
    fix: 'leave vpc out: the VPC of cluster is used',
  });
}

/** Tasks have no public address, so that a public subnet has no way out for them either. */
function checkSubnets(scope: Construct, vpc: ec2.IVpc, selection?: ec2.SubnetSelection): void {
  const closed = [...vpc.isolatedSubnets, ...vpc.publicSubnets];
  const chosen = selection === undefined ? vpc.privateSubnets : vpc.selectSubnets(selection).subnets;
  if (chosen.length > 0 && !chosen.some((subnet) => closed.includes(subnet))) return;
  refuse(scope, {
    code: 'subnets-without-egress',
    what: `${selection === undefined ? 'vpc' : 'vpcSubnets'} gives the tasks no private subnet with a way out`,
    got: (chosen.length > 0 ? chosen : closed).map(({ node }) => node.path),
    allowed: 'subnets of the type PRIVATE_WITH_EGRESS: the tasks call the bank, ECR and AWS services',
    fix: 'add private subnets with a NAT gateway to the VPC, or leave vpc out and one is made',
  });
}
