/**
 * The service in one Region: the payment handler on Fargate behind an internal load balancer, its table and its keys.
 *
 * Only a VPC link reaches the load balancer, and only the load balancer reaches the tasks: the handler believes the headers of
 * whoever can connect to it.
 */
import { Names, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Connector } from './connector';
import { CONTAINER_PORT, Environment, Metric } from './contract';
import { type IPaymentKeys, PaymentKeys } from './payment-keys';
import type { IPaymentProcessingService, PaymentProcessingServiceProps } from './payment-processing-service-props';
import { PaymentStore, type PaymentStoreConfig } from './payment-store';
import { bankPorts } from './private/connector-rules';
import { createRollbackAlarm, handlerMetric } from './private/handler-metrics';
import { createHandlerService } from './private/handler-service';
import { createHandlerTask } from './private/handler-task';
import { createListener, createLoadBalancer, createTargetGroup, endpointUrl } from './private/load-balancer';
import { merchantsJson } from './private/merchant-rules';
import { serviceNetwork } from './private/service-network';
import type { ServiceSize } from './private/service-size';
import { grantRead, TaskRights } from './private/task-rights';
import { checkBaseUrl, checkSameRegion } from './private/validation';
import { ServiceProfile } from './service-profile';
import type { SessionCacheConfig } from './session-cache';

const HTTPS_PORT = 443;

/** The payment handler, its load balancer, table and keys, in one Region. */
export class PaymentProcessingService extends Construct implements IPaymentProcessingService, ec2.IConnectable {
  /** Network of load balancer and tasks. */
  public readonly vpc: ec2.IVpc;
  /** Cluster that the tasks run in. */
  public readonly cluster: ecs.ICluster;
  public readonly keys: IPaymentKeys;
  /** The table of payments. */
  public readonly table: dynamodb.ITable;
  /** Logs of the handler. */
  public readonly logGroup: logs.LogGroup;
  /** The task: one container. */
  public readonly taskDefinition: ecs.FargateTaskDefinition;
  /** The ECS service. */
  public readonly service: ecs.FargateService;
  /** The internal load balancer. */
  public readonly loadBalancer: elbv2.NetworkLoadBalancer;
  /** Where the VPC link comes in. */
  public readonly listener: elbv2.NetworkListener;
  /** The tasks, as the load balancer sees them. */
  public readonly targetGroup: elbv2.NetworkTargetGroup;
  public readonly vpcLinkTarget: elbv2.INetworkLoadBalancer;
  public readonly endpointUrl: string;
  public readonly scopePrefix?: string;
  /** Value of the dimension `Service` of the handler's metrics. */
  public readonly metricServiceName: string;
  /** Takes a deployment back that answers with errors. */
  public readonly rollbackAlarm: cloudwatch.Alarm;
  /** Name of the session cache in ElastiCache, where it has one. */
  public readonly cacheName?: string;
  /** Of the tasks. */
  public readonly connections: ec2.Connections;

  private readonly store: PaymentStoreConfig;
  private readonly rights: TaskRights;

  constructor(scope: Construct, id: string, props: PaymentProcessingServiceProps) {
    super(scope, id);
    if (props.publicUrl !== undefined) checkBaseUrl(this, 'publicUrl', props.publicUrl);
    const size = sizeOf(props);
    this.scopePrefix = props.scopePrefix;
    this.metricServiceName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });

    if (props.keys !== undefined) checkSameRegion(this, 'keys', props.keys);
    this.keys = props.keys ?? new PaymentKeys(this, 'Keys');
    const { encryptionKey } = this.keys;
    const network = serviceNetwork(this, { ...props, size, logKey: encryptionKey });
    this.vpc = network.vpc;
    this.cluster = network.cluster;
    this.store = (props.paymentStore ?? PaymentStore.dynamoDb()).bind(this, { encryptionKey });
    this.table = this.store.table;
    const cache = size.sessionCache.bind(this, { ...network, encryptionKey });
    this.cacheName = cache?.cacheName;

    this.logGroup = this.createLogGroup(props);
    const serviceName = this.metricServiceName;
    const task = createHandlerTask(this, this.logGroup, { ...props, size, serviceName });
    this.taskDefinition = task.taskDefinition;
    this.rights = this.grantRights(task.container, props.connector, cache);
    if (props.merchants !== undefined && props.merchants.length > 0) {
      task.container.addEnvironment(Environment.MERCHANTS, merchantsJson(this, props.merchants));
    }

    this.rollbackAlarm = createRollbackAlarm(this, this.metricRequests(), this.metricServerErrors());
    this.service = createHandlerService(this, {
      ...network,
      ...props,
      size,
      taskDefinition: this.taskDefinition,
      rollbackAlarm: this.rollbackAlarm,
      requestsInFlight: this.metricRequestsInFlight(),
    });
    this.connections = this.service.connections;

    this.loadBalancer = createLoadBalancer(this, { ...network, ...props, size });
    this.targetGroup = createTargetGroup(this, this.service, size);
    this.listener = createListener(this.loadBalancer, this.targetGroup, size);
    this.vpcLinkTarget = this.loadBalancer;
    this.endpointUrl = endpointUrl(this.loadBalancer, size);
    this.openPaths(props.connector, cache);
  }

  /** Lets someone read payments, for reports and reconciliation. Payments hold personal data. */
  public grantReadPayments(grantee: iam.IGrantable): iam.Grant {
    return grantRead(grantee, this.store);
  }

  /**
   * Lets a task reconcile a restored table with the bank: `docs/restoring.md`. It may do what the service's tasks may, and scan the table.
   *
   * @param role of the task that is started with `--reconcile`; ECS must be able to assume it
   */
  public grantReconcile(role: iam.IRole): iam.Grant {
    return this.rights.grantReconcile(role, this.store);
  }

  /** CPU in use, of what the tasks have. */
  public metricCpuUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.service.metricCpuUtilization(props);
  }

  /** Memory in use, of what the tasks have. */
  public metricMemoryUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.service.metricMemoryUtilization(props);
  }

  /** Tasks that the load balancer sends nothing to. */
  public metricUnhealthyTasks(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.targetGroup.metrics.unHealthyHostCount(props);
  }

  /** Requests answered, health aside. */
  public metricRequests(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.REQUESTS, { statistic: cloudwatch.Stats.SUM, ...props });
  }

  /** Answers that say that something is wrong inside. */
  public metricServerErrors(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.SERVER_ERRORS, { statistic: cloudwatch.Stats.SUM, ...props });
  }

  /** Requests in hand of a task, parked long polls aside. */
  public metricRequestsInFlight(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(Metric.REQUESTS_IN_FLIGHT, { statistic: cloudwatch.Stats.AVERAGE, ...props });
  }

  /**
   * Any metric of the handler.
   *
   * @param metricName one of those in `docs/operating.md`
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return handlerMetric(this, this.metricServiceName, metricName, props);
  }

  private createLogGroup({ logRetention }: PaymentProcessingServiceProps): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      encryptionKey: this.keys.encryptionKey,
      retention: logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private grantRights(
    container: ecs.ContainerDefinition,
    connector: Connector,
    cache?: SessionCacheConfig,
  ): TaskRights {
    const rights = new TaskRights(this, 'Rights', container);
    rights.useStore(this.store);
    if (cache !== undefined) rights.useCache(cache);
    rights.useSecret('PaymentIdKey', Environment.PAYMENT_ID_KEY_SECRET_ARN, this.keys.paymentIdKey);
    rights.useSecret('QrKeys', Environment.QR_KEYS_SECRET_ARN, this.keys.qrKeys);
    rights.useConnector(connector);
    return rights;
  }

  private openPaths(connector: Connector, cache?: SessionCacheConfig): void {
    if (cache !== undefined) this.openCache(cache);
    this.service.connections.allowFrom(this.loadBalancer, ec2.Port.tcp(CONTAINER_PORT), 'Requests and health checks');
    for (const port of new Set([HTTPS_PORT, ...bankPorts(connector)])) {
      this.service.connections.allowToAnyIpv4(ec2.Port.tcp(port), 'Bank, ECR and AWS services');
    }
  }

  private openCache({ securityGroup, port }: SessionCacheConfig): void {
    const { connections } = this.service;
    if (securityGroup === undefined) connections.allowToAnyIpv4(ec2.Port.tcp(port), 'Session cache');
    else connections.allowTo(securityGroup, ec2.Port.tcp(port), 'Session cache');
  }
}

/** What has a prop of its own goes before the profile. */
function sizeOf({ profile, sessionCache }: PaymentProcessingServiceProps): ServiceSize {
  const { _size: size } = profile ?? ServiceProfile.development();
  return sessionCache === undefined ? size : { ...size, sessionCache };
}
