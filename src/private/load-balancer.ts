/**
 * The internal load balancer: API Gateway's VPC link on one side, the tasks on the other. Over TLS on both where the profile has a
 * certificate: the gateway checks the load balancer's, and the load balancer takes the one that each task makes for itself.
 */
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CONTAINER_PORT, DRAIN_SECONDS, HealthPath } from '../contract';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';
import type { ServiceNetwork } from './service-network';
import type { ServiceSize, ServiceTls } from './service-size';

const PLAIN_PORT = 80;
const TLS_PORT = 443;

export interface LoadBalancerProps extends ServiceNetwork {
  readonly size: ServiceSize;
  readonly loadBalancerLogBucket?: s3.IBucket;
  readonly deletionProtection?: boolean;
}

export function createLoadBalancer(scope: Construct, props: LoadBalancerProps): elbv2.NetworkLoadBalancer {
  const { vpc, vpcSubnets, size, loadBalancerLogBucket, deletionProtection = size.deletionProtection } = props;
  const securityGroup = new ec2.SecurityGroup(scope, 'LoadBalancerSecurityGroup', {
    vpc,
    description: 'Load balancer of the payment handler',
    allowAllOutbound: false,
  });
  const loadBalancer = new elbv2.NetworkLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    vpcSubnets,
    internetFacing: false,
    // Given, for a feature flag would decide it; a load balancer without one can never get one.
    securityGroups: [securityGroup],
    // The group admits nobody, so that the VPC link is the only way in: its addresses are API Gateway's and cannot be named.
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
    crossZoneEnabled: true,
    zonalShift: true,
    deletionProtection,
  });
  if (loadBalancerLogBucket === undefined) acknowledge(ACKNOWLEDGED.LOAD_BALANCER_LOGS, loadBalancer);
  else loadBalancer.logAccessLogs(loadBalancerLogBucket);
  if (!deletionProtection) acknowledge(ACKNOWLEDGED.LOAD_BALANCER_DELETION, loadBalancer);
  return loadBalancer;
}

export function createTargetGroup(
  scope: Construct,
  service: ecs.FargateService,
  { tls }: ServiceSize,
): elbv2.NetworkTargetGroup {
  return new elbv2.NetworkTargetGroup(scope, 'Targets', {
    vpc: service.cluster.vpc,
    targetType: elbv2.TargetType.IP,
    protocol: tls === undefined ? elbv2.Protocol.TCP : elbv2.Protocol.TLS,
    port: CONTAINER_PORT,
    targets: [service],
    preserveClientIp: false,
    crossZoneEnabled: true,
    // ECS takes a task out here first, and stops it when this time is over; the handler then finishes what is in flight.
    deregistrationDelay: Duration.seconds(DRAIN_SECONDS),
    healthCheck: {
      protocol: tls === undefined ? elbv2.Protocol.HTTP : elbv2.Protocol.HTTPS,
      path: HealthPath.READY,
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
}

export function createListener(
  loadBalancer: elbv2.NetworkLoadBalancer,
  targetGroup: elbv2.NetworkTargetGroup,
  { tls }: ServiceSize,
): elbv2.NetworkListener {
  const listener = loadBalancer.addListener('Listener', {
    ...(tls === undefined ? { protocol: elbv2.Protocol.TCP, port: PLAIN_PORT } : tlsListener(tls)),
    defaultTargetGroups: [targetGroup],
  });
  if (tls === undefined) acknowledge(ACKNOWLEDGED.LOAD_BALANCER_CERTIFICATE, listener);
  return listener;
}

/** Where the API sends requests. A name in the certificate is for the handshake; the VPC link asks no DNS for it. */
export function endpointUrl({ loadBalancerDnsName }: elbv2.NetworkLoadBalancer, { tls }: ServiceSize): string {
  return tls === undefined ? `http://${loadBalancerDnsName}` : `https://${tls.domainName}`;
}

function tlsListener({ certificate }: ServiceTls): elbv2.BaseNetworkListenerProps {
  return {
    protocol: elbv2.Protocol.TLS,
    port: TLS_PORT,
    certificates: [certificate],
    sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
  };
}
