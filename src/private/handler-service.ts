/** The ECS service that keeps the handler's tasks running, and how many of them. */
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ServiceNetwork } from './service-network';
import { checkInteger, known } from './validation';

export interface HandlerServiceProps extends ServiceNetwork {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly minTaskCount?: number;
  readonly maxTaskCount?: number;
}

const DEFAULT_MIN_TASKS = 2;
const MAX_TASKS_PER_MIN_TASK = 3;
/** ECS takes no more a service. */
const TASKS_LIMIT = 5000;
const CPU_TARGET_PERCENT = 50;

export function createHandlerService(scope: Construct, props: HandlerServiceProps): ecs.FargateService {
  const { vpc, cluster, vpcSubnets, taskDefinition } = props;
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
    deploymentController: { type: ecs.DeploymentControllerType.ECS },
    healthCheckGracePeriod: Duration.minutes(1),
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  // Tasks that start before their route out exists cannot fetch their image, and the circuit breaker gives up.
  service.node.addDependency(vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished);
  scale(service, props);
  return service;
}

/** The service has no desired count of its own: each deployment would set it back. */
function scale(
  service: ecs.FargateService,
  { minTaskCount = DEFAULT_MIN_TASKS, maxTaskCount }: HandlerServiceProps,
): void {
  const max = maxTaskCount ?? minTaskCount * MAX_TASKS_PER_MIN_TASK;
  checkInteger(service, minTaskCount, { prop: 'minTaskCount', min: 1, max: TASKS_LIMIT });
  checkInteger(service, max, { prop: 'maxTaskCount', min: known(minTaskCount) ?? 1, max: TASKS_LIMIT });
  service.autoScaleTaskCount({ minCapacity: minTaskCount, maxCapacity: max }).scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: CPU_TARGET_PERCENT,
    scaleOutCooldown: Duration.seconds(30),
    scaleInCooldown: Duration.minutes(5),
  });
}
