/** What a PaymentProcessingService is told, and what the API in front of it sees of one. */
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { Connector } from './connector';
import type { Egress } from './egress';
import type { MerchantProfileProps } from './merchant-profile';
import type { IPaymentKeys } from './payment-keys';
import type { PaymentStore } from './payment-store';
import type { ServiceProfile } from './service-profile';
import type { SessionCache } from './session-cache';

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

/** Bounds of the number of tasks from a time on. */
export interface ScheduledTaskCount {
  /** When, by a cron expression or a date. UTC unless the schedule has a time zone. */
  readonly schedule: appscaling.Schedule;

  /** Tasks that always run from then on. */
  readonly minTaskCount: number;

  /**
   * Tasks at the most from then on.
   *
   * @default - twice `minTaskCount`
   */
  readonly maxTaskCount?: number;
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
   * How large and how hard everything is made that no prop of its own decides.
   *
   * @default ServiceProfile.development()
   */
  readonly profile?: ServiceProfile;

  /**
   * The table of payments.
   *
   * @default PaymentStore.dynamoDb()
   */
  readonly paymentStore?: PaymentStore;

  /**
   * What the tasks share for speed.
   *
   * @default - the profile's: none in development, ElastiCache Serverless for Valkey in production
   */
  readonly sessionCache?: SessionCache;

  /**
   * Encryption key, key of payment ids and authenticity keys.
   *
   * @default - made here. In two Regions, make PaymentKeys in a stack of its own instead
   */
  readonly keys?: IPaymentKeys;

  /**
   * Network of load balancer and tasks.
   *
   * @default - the VPC of `cluster`; without a cluster one is made, with gateway endpoints for DynamoDB and S3 and the way out
   * that `egress` says
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of load balancer and tasks. They need a way to the bank, ECR and AWS services.
   *
   * @default - private subnets with egress; isolated ones with `Egress.vpcEndpoints()`
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How tasks in a VPC that is made here reach the bank and AWS. In a VPC that is given it only says what the subnets have:
   * with `Egress.vpcEndpoints()` isolated ones will do.
   *
   * @default Egress.natGateways()
   */
  readonly egress?: Egress;

  /**
   * Availability Zones of a VPC that is made here, 2 or 3. A stack that does not know its Region has two.
   *
   * @default - the profile's: 2 in development, 3 in production
   */
  readonly availabilityZones?: number;

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
   * @default - the profile's: 512 in development, 1024 in production
   */
  readonly cpu?: number;

  /**
   * Memory of a task.
   *
   * @default - the profile's: 1024 in development, 2048 in production
   */
  readonly memoryLimitMiB?: number;

  /**
   * Tasks that always run. What the other Region's traffic needs after a failover must run before it.
   *
   * @default - the profile's: 2 in development, 3 in production
   */
  readonly minTaskCount?: number;

  /**
   * Tasks at the most.
   *
   * @default - twice `minTaskCount`
   */
  readonly maxTaskCount?: number;

  /**
   * Times at which other bounds hold, for instance before a sale begins.
   *
   * @default - none
   */
  readonly scheduledTaskCounts?: ScheduledTaskCount[];

  /**
   * Requests in hand of a task, on average, that more tasks are started at. Parked long polls do not count.
   *
   * @default 50
   */
  readonly requestsInFlightPerTask?: number;

  /**
   * Requests a second that a caller may send that change something; more get 429.
   *
   * @default - no limit besides the gateway's
   */
  readonly callerWritesPerSecond?: number;

  /**
   * Requests a second that a caller may send that read; more get 429.
   *
   * @default - no limit besides the gateway's
   */
  readonly callerReadsPerSecond?: number;

  /**
   * Whether the load balancer refuses to be deleted. Tables have a switch of their own.
   *
   * @default - the profile's: no in development, yes in production
   */
  readonly deletionProtection?: boolean;

  /**
   * Bucket for the access logs of the load balancer. It sees calls of the VPC link only, and logs those over TLS only; the API's access
   * log has every request.
   *
   * @default - none
   */
  readonly loadBalancerLogBucket?: s3.IBucket;

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
