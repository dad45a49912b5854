/** What a QrPaymentApi is told. */
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { AllowFrom } from './allow-from';
import type { ApiAuthorization } from './api-authorization';
import type { IPaymentProcessingService } from './payment-processing-service-props';
import type { WebAcl } from './web-acl';

/** Whether API Gateway's permission to write logs is there already. It is one for the account and Region. */
export enum AccountLogging {
  /** Made here: a role, and API Gateway's account setting of this Region. Only one stack of the Region may do that. */
  CREATE = 'CREATE',
  /** The account and Region has it: another stack made it, or the platform team. */
  EXISTING = 'EXISTING',
}

/** Who can reach the API. */
export enum ApiEndpointType {
  /** Whoever `allowFrom` names, over the internet. */
  REGIONAL = 'REGIONAL',
  /** Callers in your networks, through VPC endpoints. */
  PRIVATE = 'PRIVATE',
}

/** Limits of one operation, of all callers together. */
export interface OperationThrottling {
  /** Requests a second. */
  readonly rateLimit: number;

  /** Requests at once, above the rate. */
  readonly burstLimit: number;
}

/** The service, its callers, and the names they call it by. */
export interface QrPaymentApiProps {
  /** The service behind the API. */
  readonly service: IPaymentProcessingService;

  /** Who may call, from where: a request passes when it matches any entry. `/health/region` is open to all. */
  readonly allowFrom: AllowFrom[];

  /** Whether API Gateway's permission to write logs in this account and Region is made here. */
  readonly accountLogging: AccountLogging;

  /**
   * How callers prove who they are.
   *
   * @default ApiAuthorization.iam()
   */
  readonly authorization?: ApiAuthorization;

  /**
   * What stands between callers and the API.
   *
   * @default WebAcl.managed()
   */
  readonly webAcl?: WebAcl;

  /**
   * Who can reach the API at all. A private one is reached through the VPC endpoints of `vpcEndpoints` or of `allowFrom`, and has no
   * domain names.
   *
   * @default ApiEndpointType.REGIONAL
   */
  readonly endpointType?: ApiEndpointType;

  /**
   * VPC endpoints of `execute-api` that get DNS names of their own for a private API.
   *
   * @default - none; callers use the private DNS names of their endpoint
   */
  readonly vpcEndpoints?: IVpcEndpoint[];

  /**
   * This Region's own name, `us-east-1.pay.example.com`, or the only one where there is one Region. The name that API Gateway
   * gives is then switched off. Needs `certificate` and `hostedZone`.
   *
   * @default - the name that API Gateway gives
   */
  readonly regionalDomainName?: string;

  /**
   * The name that clients use in whichever Region serves, `pay.example.com`. Needs `regionalDomainName`; its records are made by
   * MultiRegionFailover or RegionalFailoverRecords.
   *
   * @default - none
   */
  readonly sharedDomainName?: string;

  /**
   * Certificate of the domain names, in this Region.
   *
   * @default - none; needed with a domain name
   */
  readonly certificate?: ICertificate;

  /**
   * Public hosted zone of the domain names.
   *
   * @default - none; needed with a domain name
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Requests a second that the API takes from all callers together. The account's own limit is 10,000 in most Regions.
   *
   * @default 1000
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that the API takes at once, above the rate.
   *
   * @default 500
   */
  readonly throttlingBurstLimit?: number;

  /**
   * Limits of single operations, by method and path as in the API's document: `POST /v1/payments`.
   *
   * @default - none of their own
   */
  readonly operationThrottling?: Record<string, OperationThrottling>;

  /**
   * How long the logs of access and firewall are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Encrypts these logs. Its policy must let CloudWatch Logs use it.
   *
   * @default - the encryption key of the service
   */
  readonly encryptionKey?: kms.IKey;
}
