/** Where the tasks run: a VPC and a cluster, each given or made, and subnets with the way out that they need. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { Egress } from '../egress';
import { createVpc, type VpcProps } from './service-vpc';
import { refuse } from './validation';

export interface ServiceNetwork {
  readonly vpc: ec2.IVpc;
  readonly cluster: ecs.ICluster;
  readonly vpcSubnets: ec2.SubnetSelection;
}

export interface ServiceNetworkProps extends Omit<VpcProps, 'egress'> {
  readonly vpc?: ec2.IVpc;
  readonly cluster?: ecs.ICluster;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly egress?: Egress;
}

export function serviceNetwork(scope: Construct, props: ServiceNetworkProps): ServiceNetwork {
  checkClusterVpc(scope, props);
  const egress = props.egress ?? Egress.natGateways();
  const given = props.vpc ?? props.cluster?.vpc;
  if (given !== undefined) checkGivenVpc(scope, props);
  const vpc = given ?? createVpc(scope, { ...props, egress });
  const vpcSubnets = props.vpcSubnets ?? { subnetType: subnetTypeFor(egress) };
  checkSubnets(scope, vpc, props.vpcSubnets, egress);
  return { vpc, vpcSubnets, cluster: props.cluster ?? createCluster(scope, vpc) };
}

function subnetTypeFor({ _hasNat: hasNat }: Egress): ec2.SubnetType {
  return hasNat ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
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

/** What can only be said of a VPC that is made here. */
function checkGivenVpc(scope: Construct, { egress, availabilityZones }: ServiceNetworkProps): void {
  const wrong =
    egress?._eipAllocationIds !== undefined
      ? { prop: 'egress', got: egress._eipAllocationIds }
      : availabilityZones !== undefined && { prop: 'availabilityZones', got: availabilityZones };
  if (!wrong) return;
  refuse(scope, {
    code: 'given-vpc',
    what: `${wrong.prop} is set, and the VPC is given`,
    got: wrong.got,
    allowed: `${wrong.prop} of a VPC that is made here`,
    fix: `leave ${wrong.prop} out, or leave vpc and cluster out`,
  });
}

/** Tasks have no public address, so that a public subnet has no way out for them either. */
function checkSubnets(
  scope: Construct,
  vpc: ec2.IVpc,
  selection: ec2.SubnetSelection | undefined,
  { _hasNat: hasNat }: Egress,
): void {
  const closed = [...(hasNat ? vpc.isolatedSubnets : []), ...vpc.publicSubnets];
  const usual = hasNat ? vpc.privateSubnets : vpc.isolatedSubnets;
  const chosen = selection === undefined ? usual : vpc.selectSubnets(selection).subnets;
  if (chosen.length > 0 && !chosen.some((subnet) => closed.includes(subnet))) return;
  refuse(scope, {
    code: 'subnets-without-egress',
    what: `${selection === undefined ? 'vpc' : 'vpcSubnets'} gives the tasks no private subnet ${hasNat ? 'with a way out' : 'without one'}`,
    got: (chosen.length > 0 ? chosen : closed).map(({ node }) => node.path),
    allowed: hasNat
      ? 'subnets of the type PRIVATE_WITH_EGRESS: the tasks call the bank, ECR and AWS services'
      : 'subnets of the type PRIVATE_ISOLATED with endpoints of the AWS services that the tasks call',
    fix: hasNat
      ? 'add private subnets with a NAT gateway to the VPC, leave vpc out and one is made, or say Egress.vpcEndpoints()'
      : 'name other subnets by vpcSubnets, or leave egress out',
  });
}
