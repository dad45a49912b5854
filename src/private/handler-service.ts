/** The ECS service that keeps the handler's tasks running. */
import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ServiceNetwork } from './service-network';
import { type ScalingProps, scaleService } from './service-scaling';

export interface HandlerServiceProps extends ServiceNetwork, ScalingProps {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  /** What a deployment is taken back for. */
  readonly rollbackAlarm: cloudwatch.IAlarm;
}

export function createHandlerService(scope: Construct, props: HandlerServiceProps): ecs.FargateService {
  const { vpc, cluster, vpcSubnets, taskDefinition, rollbackAlarm } = props;
  const securityGroup = new ec2.SecurityGroup(scope, 'TaskSecurityGroup', {
    vpc,
    description: 'Payment handler',
    allowAllOutbound: false,
  });
  const service = new ecs.FargateService(scope, 'Service', {
    cluster,
    taskDefinition,
    vpcSubnets,
    securityGroups: [securityGroup],
    assignPublicIp: false,
    platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
    // Old tasks stay until new ones serve; a deployment that does not get there goes back by itself.
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
    circuitBreaker: { enable: true, rollback: true },
    deploymentAlarms: { alarmNames: [rollbackAlarm.alarmName], behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM },
    deploymentController: { type: ecs.DeploymentControllerType.ECS },
    healthCheckGracePeriod: Duration.minutes(1),
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  // Tasks that start before their route out exists cannot fetch their image, and the circuit breaker gives up.
  service.node.addDependency(vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished);
  scaleService(service, props);
  return service;
}
