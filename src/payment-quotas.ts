/** The limits of an AWS account that a deployment of this library meets first. `docs/quotas.md` has the same table for its readers. */

/** A limit of an account in a Region. */
export interface AccountQuota {
  /** Stable name: that of the warning which a construct gives when it needs more. */
  readonly id: string;

  /** AWS service, as Service Quotas calls it. */
  readonly service: string;

  /** The limit, as Service Quotas calls it. */
  readonly quota: string;

  /** What an account has unless it asked for more. New accounts may have less, newer Regions too. */
  readonly defaultValue: number;

  /** Whether AWS gives more on request. */
  readonly adjustable: boolean;

  /**
   * Code in Service Quotas.
   *
   * @default - none is known
   */
  readonly quotaCode?: string;
}

/** The limits that matter, with their defaults. */
export class PaymentQuotas {
  /** vCPUs of all Fargate tasks of a Region. A deployment runs old and new tasks side by side. */
  public static readonly FARGATE_VCPU: AccountQuota = {
    id: 'fargate-vcpu',
    service: 'AWS Fargate',
    quota: 'Fargate On-Demand vCPU resource count',
    quotaCode: 'L-3032A538',
    defaultValue: 6,
    adjustable: true,
  };

  /** Requests a second to all APIs of a Region. */
  public static readonly API_REQUESTS: AccountQuota = {
    id: 'api-requests',
    service: 'Amazon API Gateway',
    quota: 'Throttle rate',
    quotaCode: 'L-8A5B8E43',
    defaultValue: 10_000,
    adjustable: true,
  };

  /** Write units a second of a table on demand. */
  public static readonly TABLE_WRITE_UNITS: AccountQuota = {
    id: 'table-write-units',
    service: 'Amazon DynamoDB',
    quota: 'Table-level write throughput limit',
    quotaCode: 'L-AB614373',
    defaultValue: 40_000,
    adjustable: true,
  };

  /** VPC links of API Gateway in a Region; each API has one. */
  public static readonly VPC_LINKS: AccountQuota = {
    id: 'vpc-links',
    service: 'Amazon API Gateway',
    quota: 'VPC links',
    quotaCode: 'L-A4C7274F',
    defaultValue: 20,
    adjustable: true,
  };

  /** Elastic IP addresses of a Region; each NAT gateway has one. */
  public static readonly ELASTIC_IPS: AccountQuota = {
    id: 'elastic-ips',
    service: 'Amazon EC2',
    quota: 'EC2-VPC Elastic IPs',
    quotaCode: 'L-0263D0A3',
    defaultValue: 5,
    adjustable: true,
  };

  /** Cryptographic requests a second with symmetric keys. In the largest Regions ten times as many: mind the standby's. */
  public static readonly KMS_REQUESTS: AccountQuota = {
    id: 'kms-requests',
    service: 'AWS Key Management Service',
    quota: 'Cryptographic operations (symmetric) request rate',
    defaultValue: 10_000,
    adjustable: true,
  };

  /** Health checks of an account; a failover has two, or four. */
  public static readonly HEALTH_CHECKS: AccountQuota = {
    id: 'health-checks',
    service: 'Amazon Route 53',
    quota: 'Health checks',
    quotaCode: 'L-ACB674F3',
    defaultValue: 200,
    adjustable: true,
  };

  /** All of them. */
  public static all(): AccountQuota[] {
    return [
      PaymentQuotas.FARGATE_VCPU,
      PaymentQuotas.API_REQUESTS,
      PaymentQuotas.TABLE_WRITE_UNITS,
      PaymentQuotas.VPC_LINKS,
      PaymentQuotas.ELASTIC_IPS,
      PaymentQuotas.KMS_REQUESTS,
      PaymentQuotas.HEALTH_CHECKS,
    ];
  }

  private constructor() {}
}
