/**
 * How many tasks run: between two bounds, by the CPU in use and by the requests in hand. A load balancer of connections does not know
 * requests, so that the handler counts them itself.
 */
import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ScheduledTaskCount } from '../payment-processing-service-props';
import { PaymentQuotas } from '../payment-quotas';
import { warnOfQuota } from './quota-warning';
import type { ServiceSize } from './service-size';
import { checkInteger, known } from './validation';

export interface ScalingProps {
  readonly size: ServiceSize;
  readonly cpu?: number;
  readonly minTaskCount?: number;
  readonly maxTaskCount?: number;
  readonly scheduledTaskCounts?: readonly ScheduledTaskCount[];
  readonly requestsInFlightPerTask?: number;
  /** Requests in hand of one task, on average. */
  readonly requestsInFlight: cloudwatch.IMetric;
}

const CPU_UNITS_PER_VCPU = 1024;
const MAX_TASKS_PER_MIN_TASK = 2;
/** ECS takes no more a service. */
const TASKS_LIMIT = 5000;
const CPU_TARGET_PERCENT = 50;
const IN_FLIGHT_TARGET = 50;
/** What the handler takes at once before it refuses more. */
const IN_FLIGHT_MAX = 500;
/** Out at once, back slowly: traffic that came once comes again. */
const COOLDOWN = { scaleOutCooldown: Duration.seconds(30), scaleInCooldown: Duration.minutes(5) };

/** The service has no desired count of its own: each deployment would set it back. */
export function scaleService(service: ecs.FargateService, props: ScalingProps): void {
  const { requestsInFlight, requestsInFlightPerTask = IN_FLIGHT_TARGET, scheduledTaskCounts = [] } = props;
  checkInteger(service, requestsInFlightPerTask, { prop: 'requestsInFlightPerTask', min: 1, max: IN_FLIGHT_MAX });
  const { minTaskCount = props.size.minTaskCount, maxTaskCount } = props;
  const range = bounds(service, '', { minTaskCount, maxTaskCount });
  warnOfTasks(service, range.maxCapacity, props.cpu ?? props.size.cpu);
  const tasks = service.autoScaleTaskCount(range);
  tasks.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_TARGET_PERCENT, ...COOLDOWN });
  tasks.scaleToTrackCustomMetric('RequestsInFlight', {
    metric: requestsInFlight,
    targetValue: requestsInFlightPerTask,
    ...COOLDOWN,
  });
  for (const [i, scheduled] of scheduledTaskCounts.entries()) {
    tasks.scaleOnSchedule(`Scheduled${i}`, {
      schedule: scheduled.schedule,
      ...bounds(service, `scheduledTaskCounts[${i}].`, scheduled),
    });
  }
}

/** A deployment at the busiest time runs twice as many for a while; that it has to wait then is no reason to warn. */
function warnOfTasks(service: ecs.FargateService, maxTasks: number, cpu: number): void {
  if (known(maxTasks) === undefined || known(cpu) === undefined) return;
  const vcpus = (maxTasks * cpu) / CPU_UNITS_PER_VCPU;
  warnOfQuota(service, PaymentQuotas.FARGATE_VCPU, vcpus, `maxTaskCount of ${maxTasks} with cpu of ${cpu}`);
}

interface TaskCounts {
  readonly minTaskCount: number;
  readonly maxTaskCount?: number;
}

function bounds(
  service: ecs.FargateService,
  where: string,
  { minTaskCount, maxTaskCount }: TaskCounts,
): { minCapacity: number; maxCapacity: number } {
  const max = maxTaskCount ?? minTaskCount * MAX_TASKS_PER_MIN_TASK;
  checkInteger(service, minTaskCount, { prop: `${where}minTaskCount`, min: 1, max: TASKS_LIMIT });
  checkInteger(service, max, { prop: `${where}maxTaskCount`, min: known(minTaskCount) ?? 1, max: TASKS_LIMIT });
  return { minCapacity: minTaskCount, maxCapacity: max };
}
