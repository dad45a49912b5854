/** The VPC that is made where none is given. */

import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Egress } from '../egress';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';
import type { ServiceSize } from './service-size';
import { checkInteger, refuse } from './validation';

export interface VpcProps {
  readonly egress: Egress;
  readonly availabilityZones?: number;
  readonly size: ServiceSize;
  readonly logKey: kms.IKey;
  readonly logRetention?: logs.RetentionDays;
}

/** What the tasks call, and ECS on their behalf, besides DynamoDB and S3. */
const INTERFACE_ENDPOINTS: Readonly<Record<string, ec2.InterfaceVpcEndpointAwsService>> = {
  EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
};

export function createVpc(scope: Construct, props: VpcProps): ec2.IVpc {
  const { egress, size } = props;
  const maxAzs = props.availabilityZones ?? size.availabilityZones;
  checkInteger(scope, maxAzs, { prop: 'availabilityZones', min: 2, max: 3 });
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    maxAzs,
    ...(egress._hasNat ? natOptions(scope, egress, Math.min(size.natGateways, maxAzs)) : ISOLATED),
    // Free, and keep payments and image layers off the NAT gateways.
    gatewayEndpoints: {
      DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
    },
    // A feature flag decides it otherwise, and then by a custom resource. Nothing here uses the default security group.
    restrictDefaultSecurityGroup: false,
  });
  if (!egress._hasNat) addInterfaceEndpoints(scope, vpc);
  addFlowLog(scope, vpc, props);
  acknowledge(ACKNOWLEDGED.DEFAULT_SECURITY_GROUP, vpc.node.defaultChild);
  acknowledge(
    ACKNOWLEDGED.ROUTE_TO_INTERNET,
    ...vpc.publicSubnets.map(({ node }) => node.tryFindChild('DefaultRoute')),
  );
  return vpc;
}

const ISOLATED: ec2.VpcProps = {
  natGateways: 0,
  subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
};

function natOptions(scope: Construct, { _eipAllocationIds: eipAllocationIds }: Egress, natGateways: number) {
  if (eipAllocationIds !== undefined && eipAllocationIds.length !== natGateways) {
    refuse(scope, {
      code: 'eip-count',
      what: 'egress has another number of addresses than there are NAT gateways',
      got: eipAllocationIds,
      allowed: `${natGateways} allocation ids`,
      fix: 'name one address for each NAT gateway: the profile and availabilityZones say how many there are',
    });
  }
  return {
    natGateways,
    natGatewayProvider: ec2.NatProvider.gateway({ eipAllocationIds }),
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
  };
}

/** One group for all of them, which lets in whoever is in the VPC: nothing but this service is. */
function addInterfaceEndpoints(scope: Construct, vpc: ec2.Vpc): void {
  const securityGroup = new ec2.SecurityGroup(scope, 'EndpointSecurityGroup', {
    vpc,
    description: 'Endpoints of AWS services',
    allowAllOutbound: false,
  });
  securityGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(443), 'Tasks of this VPC');
  for (const [id, service] of Object.entries(INTERFACE_ENDPOINTS)) {
    vpc.addInterfaceEndpoint(id, { service, securityGroups: [securityGroup], open: false });
  }
}

function addFlowLog(scope: Construct, vpc: ec2.Vpc, { logKey, logRetention }: VpcProps): void {
  const logGroup = new logs.LogGroup(scope, 'FlowLogs', {
    encryptionKey: logKey,
    retention: logRetention ?? logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const { iamRole } = vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup) });
  acknowledge(ACKNOWLEDGED.INLINE_POLICY, iamRole?.node.tryFindChild('DefaultPolicy'));
}
