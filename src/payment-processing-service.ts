/**
 * The service in one Region: the payment handler on Fargate behind an internal load balancer, its table and its keys.
 *
 * Only a VPC link reaches the load balancer, and only the load balancer reaches the tasks: the handler believes the headers of
 * whoever can connect to it.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import type { Connector } from './connector';
import { CONTAINER_PORT, Environment } from './contract';
import type { MerchantProfileProps } from './merchant-profile';
import { type IPaymentKeys, PaymentKeys } from './payment-keys';
import { PaymentStore, type PaymentStoreConfig } from './payment-store';
import { createHandlerService } from './private/handler-service';
import { createHandlerTask } from './private/handler-task';
import { createListener, createLoadBalancer, createTargetGroup } from './private/load-balancer';
import { merchantsJson } from './private/merchant-rules';
import { serviceNetwork } from './private/service-network';
import { grantRead, TaskRights } from './private/task-rights';
import { checkBaseUrl, checkSameRegion, known } from './private/validation';

/** How much the handler logs. */
export enum LogLevel {
  /** Everything. */
  DEBUG = 'debug',
  /** A line a request. */
  INFO = 'info',
  /** What someone should look at. */
  WARN = 'warn',
  /** What failed. */
  ERROR = 'error',
}

/** A payment service, as the API in front of it sees it. */
export interface IPaymentProcessingService extends IConstruct {
  /** Load balancer that a VPC link of the API points at. */
  readonly vpcLinkTarget: elbv2.INetworkLoadBalancer;

  /** Where the load balancer listens, without a trailing slash. */
  readonly endpointUrl: string;

  /** Keys of the deployment. */
  readonly keys: IPaymentKeys;

  /**
   * What the service takes off the front of callers' scopes.
   *
   * @default - nothing
   */
  readonly scopePrefix?: string;
}

/** The bank, and what the service is made of where the default will not do. */
export interface PaymentProcessingServiceProps {
  /** The bank or processor. No default: the simulator moves no money, and only you know the bank. */
  readonly connector: Connector;

  /**
   * The table of payments.
   *
   * @default PaymentStore.dynamoDb()
   */
  readonly paymentStore?: PaymentStore;

  /**
   * Encryption key, key of payment ids and authenticity keys.
   *
   * @default - made here. In two Regions, make PaymentKeys in a stack of its own instead
   */
  readonly keys?: IPaymentKeys;

  /**
   * Network of load balancer and tasks.
   *
   * @default - the VPC of `cluster`; without a cluster one is made: two Availability Zones, public and private subnets, a NAT
   * gateway in each, gateway endpoints for DynamoDB and S3
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of load balancer and tasks. They need a way out: to the bank, ECR and AWS services.
   *
   * @default - private subnets with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Cluster that the tasks run in.
   *
   * @default - one is made, with Container Insights
   */
  readonly cluster?: ecs.ICluster;

  /**
   * Image of the payment handler.
   *
   * @default - the one bundled in this package, built when the app is deployed
   */
  readonly image?: ecs.ContainerImage;

  /**
   * Processor of the tasks, and of the bundled image.
   *
   * @default ecs.CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * CPU units of a task, 1024 for one vCPU.
   *
   * @default 512
   */
  readonly cpu?: number;

  /**
   * Memory of a task.
   *
   * @default 1024
   */
  readonly memoryLimitMiB?: number;

  /**
   * Tasks that always run. What the other Region's traffic needs after a failover must run before it.
   *
   * @default 2
   */
  readonly minTaskCount?: number;

  /**
   * Tasks at the most.
   *
   * @default - three times `minTaskCount`
   */
  readonly maxTaskCount?: number;

  /**
   * Profiles that the service starts with. A profile that is there already stays as it is: PUT /v1/merchants/{merchantId}
   * changes it.
   *
   * @default - none; they come by the API
   */
  readonly merchants?: MerchantProfileProps[];

  /**
   * Public base URL of the API, for links in answers.
   *
   * @default - links are paths
   */
  readonly publicUrl?: string;

  /**
   * What to take off the front of callers' scopes: with Cognito the identifier of the resource server and a slash, `payments/`.
   *
   * @default - nothing
   */
  readonly scopePrefix?: string;

  /**
   * How much the handler logs.
   *
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;

  /**
   * How long the handler's logs are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;
}

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
  /** Of the tasks. */
  public readonly connections: ec2.Connections;

  private readonly store: PaymentStoreConfig;

  constructor(scope: Construct, id: string, props: PaymentProcessingServiceProps) {
    super(scope, id);
    this.scopePrefix = props.scopePrefix;
    if (props.publicUrl !== undefined) checkBaseUrl(this, 'publicUrl', props.publicUrl);

    const network = serviceNetwork(this, props);
    this.vpc = network.vpc;
    this.cluster = network.cluster;

    if (props.keys !== undefined) checkSameRegion(this, 'keys', props.keys);
    this.keys = props.keys ?? new PaymentKeys(this, 'Keys');
    this.store = (props.paymentStore ?? PaymentStore.dynamoDb()).bind(this, { encryptionKey: this.keys.encryptionKey });
    this.table = this.store.table;

    this.logGroup = this.createLogGroup(props);
    const task = createHandlerTask(this, this.logGroup, props);
    this.taskDefinition = task.taskDefinition;
    this.grantRights(task.container, props.connector);
    if (props.merchants !== undefined && props.merchants.length > 0) {
      task.container.addEnvironment(Environment.MERCHANTS, merchantsJson(this, props.merchants));
    }

    this.service = createHandlerService(this, { ...network, ...props, taskDefinition: this.taskDefinition });
    this.connections = this.service.connections;

    this.loadBalancer = createLoadBalancer(this, network);
    this.targetGroup = createTargetGroup(this, this.service);
    this.listener = createListener(this.loadBalancer, this.targetGroup);
    this.vpcLinkTarget = this.loadBalancer;
    this.endpointUrl = `http://${this.loadBalancer.loadBalancerDnsName}`;
    this.openPaths(props.connector);
  }

  /** Lets someone read payments, for reports and reconciliation. Payments hold personal data. */
  public grantReadPayments(grantee: iam.IGrantable): iam.Grant {
    return grantRead(grantee, this.store);
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

  private createLogGroup({ logRetention }: PaymentProcessingServiceProps): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      encryptionKey: this.keys.encryptionKey,
      retention: logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private grantRights(container: ecs.ContainerDefinition, connector: Connector): void {
    const rights = new TaskRights(this, 'Rights', container);
    rights.useStore(this.store);
    rights.useSecret('PaymentIdKey', Environment.PAYMENT_ID_KEY_SECRET_ARN, this.keys.paymentIdKey);
    rights.useSecret('QrKeys', Environment.QR_KEYS_SECRET_ARN, this.keys.qrKeys);
    if (connector.url === undefined || connector.secret === undefined) return;
    container.addEnvironment(Environment.CONNECTOR_URL, connector.url);
    rights.useSecret('ConnectorSecret', Environment.CONNECTOR_SECRET_ARN, connector.secret);
  }

  private openPaths({ url }: Connector): void {
    this.service.connections.allowFrom(this.loadBalancer, ec2.Port.tcp(CONTAINER_PORT), 'Requests and health checks');
    for (const port of new Set([HTTPS_PORT, portOf(url)])) {
      this.service.connections.allowToAnyIpv4(ec2.Port.tcp(port), 'Bank, ECR and AWS services');
    }
  }
}

function portOf(url: string | undefined): number {
  return url === undefined || known(url) === undefined ? HTTPS_PORT : Number(new URL(url).port || HTTPS_PORT);
}
