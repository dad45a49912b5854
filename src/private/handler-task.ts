/** The task: one container of the payment handler, with nothing that it does not need. */
import { Duration, Size, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { CONTAINER_PORT, DRAIN_SECONDS, Environment } from '../contract';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';
import { checkFargateSize } from './fargate-size';
import { handlerImage } from './handler-image';
import type { ServiceSize } from './service-size';
import { checkInteger } from './validation';

export interface HandlerTaskProps {
  readonly size: ServiceSize;
  /** Tells the services of one account apart in their metrics. */
  readonly serviceName: string;
  readonly callerWritesPerSecond?: number;
  readonly callerReadsPerSecond?: number;
  readonly cpu?: number;
  readonly memoryLimitMiB?: number;
  readonly cpuArchitecture?: ecs.CpuArchitecture;
  readonly image?: ecs.ContainerImage;
  readonly publicUrl?: string;
  readonly scopePrefix?: string;
  readonly logLevel?: string;
}

/** Of the image (src/handler/Dockerfile), and as good for another: a number needs no entry in /etc/passwd. */
const USER = '65532:65532';
/** Between the end of the handler's drain and the kill. */
const STOP_MARGIN_SECONDS = 10;
const LOG_BUFFER_MIB = 25;
/** More than the gateway lets through. */
const BUDGET_MAX = 10_000;

export interface HandlerTask {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
}

export function createHandlerTask(scope: Construct, logGroup: logs.ILogGroup, props: HandlerTaskProps): HandlerTask {
  const cpuArchitecture = props.cpuArchitecture ?? ecs.CpuArchitecture.ARM64;
  const taskDefinition = createTaskDefinition(scope, cpuArchitecture, props);
  const container = taskDefinition.addContainer('Handler', {
    containerName: 'handler',
    image: props.image ?? handlerImage(cpuArchitecture),
    environment: environment(scope, props),
    portMappings: [{ containerPort: CONTAINER_PORT }],
    // A full buffer drops lines; a log service that is down must not stop payments. What happened to a payment is in its events.
    logging: ecs.LogDrivers.awsLogs({
      logGroup,
      streamPrefix: 'handler',
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(LOG_BUFFER_MIB),
    }),
    readonlyRootFilesystem: true,
    user: USER,
    linuxParameters: linuxParameters(scope),
    stopTimeout: Duration.seconds(DRAIN_SECONDS + STOP_MARGIN_SECONDS),
    healthCheck: {
      command: ['CMD', 'node', '/app/index.js', '--health'],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      startPeriod: Duration.seconds(30),
      retries: 3,
    },
  });
  acknowledge(ACKNOWLEDGED.PLAIN_VARIABLES, taskDefinition);
  return { taskDefinition, container };
}

function createTaskDefinition(
  scope: Construct,
  cpuArchitecture: ecs.CpuArchitecture,
  props: HandlerTaskProps,
): ecs.FargateTaskDefinition {
  const cpu = props.cpu ?? props.size.cpu;
  const memoryLimitMiB = props.memoryLimitMiB ?? props.size.memoryLimitMiB;
  checkFargateSize(scope, cpu, memoryLimitMiB);
  const executionRole = new iam.Role(scope, 'ExecutionRole', {
    assumedBy: ecsOf(scope),
    description: 'What ECS needs to start the payment handler',
  });
  for (const rule of [ACKNOWLEDGED.ANY_RESOURCE, ACKNOWLEDGED.INLINE_POLICY]) acknowledge(rule, executionRole);
  return new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    cpu,
    memoryLimitMiB,
    runtimePlatform: { cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    executionRole,
    taskRole: new iam.Role(scope, 'TaskRole', {
      assumedBy: ecsOf(scope),
      description: 'What the payment handler may do',
    }),
  });
}

/** Only for tasks of this account: ECS acts for every customer. */
function ecsOf(scope: Construct): iam.ServicePrincipal {
  return new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/** An init process passes signals on and reaps; the handler needs no capability of the kernel. */
function linuxParameters(scope: Construct): ecs.LinuxParameters {
  const parameters = new ecs.LinuxParameters(scope, 'LinuxParameters', { initProcessEnabled: true });
  parameters.dropCapabilities(ecs.Capability.ALL);
  return parameters;
}

/** What the handler needs to know besides its store, cache, keys and bank, which come with the rights to use them. */
function environment(scope: Construct, props: HandlerTaskProps): Record<string, string> {
  const { region } = Stack.of(scope);
  const optional: Readonly<Record<string, string | undefined>> = {
    [Environment.TLS]: props.size.tls && 'self-signed',
    [Environment.PUBLIC_URL]: props.publicUrl,
    [Environment.SCOPE_PREFIX]: props.scopePrefix,
    [Environment.CALLER_WRITES_PER_SECOND]: budget(scope, 'callerWritesPerSecond', props.callerWritesPerSecond),
    [Environment.CALLER_READS_PER_SECOND]: budget(scope, 'callerReadsPerSecond', props.callerReadsPerSecond),
    [Environment.LOG_LEVEL]: props.logLevel,
  };
  return {
    [Environment.HOST]: '0.0.0.0',
    [Environment.PORT]: String(CONTAINER_PORT),
    [Environment.AWS_REGION]: region,
    [Environment.HOME_REGION]: region,
    [Environment.METRICS]: 'emf',
    [Environment.SERVICE_NAME]: props.serviceName,
    ...Object.fromEntries(
      Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

function budget(scope: Construct, prop: string, perSecond: number | undefined): string | undefined {
  if (perSecond === undefined) return undefined;
  checkInteger(scope, perSecond, { prop, min: 1, max: BUDGET_MAX });
  return String(perSecond);
}
