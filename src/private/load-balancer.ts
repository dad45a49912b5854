/** The internal load balancer: API Gateway's VPC link on one side, the tasks on the other. */
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { CONTAINER_PORT, DRAIN_SECONDS, HealthPath } from '../contract';
import type { ServiceNetwork } from './service-network';

const LISTENER_PORT = 80;

export function createLoadBalancer(scope: Construct, { vpc, vpcSubnets }: ServiceNetwork): elbv2.NetworkLoadBalancer {
  const securityGroup = new ec2.SecurityGroup(scope, 'LoadBalancerSecurityGroup', {
    vpc,
    description: 'Load balancer of the payment handler',
    allowAllOutbound: false,
  });
  return new elbv2.NetworkLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    vpcSubnets,
    internetFacing: false,
    // Given, for a feature flag would decide it; a load balancer without one can never get one.
    securityGroups: [securityGroup],
    // The group admits nobody, so that the VPC link is the only way in: its addresses are API Gateway's and cannot be named.
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
    crossZoneEnabled: true,
    zonalShift: true,
  });
}

export function createTargetGroup(scope: Construct, service: ecs.FargateService): elbv2.NetworkTargetGroup {
  return new elbv2.NetworkTargetGroup(scope, 'Targets', {
    vpc: service.cluster.vpc,
    targetType: elbv2.TargetType.IP,
    protocol: elbv2.Protocol.TCP,
    port: CONTAINER_PORT,
    targets: [service],
    preserveClientIp: false,
    crossZoneEnabled: true,
    // ECS takes a task out here first, and stops it when this time is over; the handler then finishes what is in flight.
    deregistrationDelay: Duration.seconds(DRAIN_SECONDS),
    healthCheck: {
      protocol: elbv2.Protocol.HTTP,
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
): elbv2.NetworkListener {
  return loadBalancer.addListener('Listener', {
    protocol: elbv2.Protocol.TCP,
    port: LISTENER_PORT,
    defaultTargetGroups: [targetGroup],
  });
}
