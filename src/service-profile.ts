/** How large and how hard a service is made: a choice object. Each of its values can be set by a prop of its own instead. */
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ServiceSize } from './private/service-size';
import { SessionCache } from './session-cache';

/** What the production profile cannot decide for you. */
export interface ProductionProfileProps {
  /**
   * Certificate of the load balancer, from a public authority (ACM, in this Region): API Gateway checks it. It stands for
   * `domainName`.
   */
  readonly certificate: ICertificate;

  /** The name in that certificate. It needs no DNS record: the VPC link knows the way. */
  readonly domainName: string;
}

/** The sizes and switches that go together. Their monthly cost is in `docs/cost.md`. */
export class ServiceProfile {
  /**
   * For trying out: two small tasks, one NAT gateway, no cache, no TLS behind the gateway, a load balancer that can be deleted.
   * Data is protected as in production.
   */
  public static development(): ServiceProfile {
    return new ServiceProfile({
      availabilityZones: 2,
      natGateways: 1,
      cpu: 512,
      memoryLimitMiB: 1024,
      minTaskCount: 2,
      deletionProtection: false,
      sessionCache: SessionCache.none(),
    });
  }

  /**
   * For money: a task and a NAT gateway in each of three Availability Zones, TLS up to the task, a Valkey cache, and a load balancer
   * that cannot be deleted.
   */
  public static production(props: ProductionProfileProps): ServiceProfile {
    const { certificate, domainName } = props;
    return new ServiceProfile({
      availabilityZones: 3,
      natGateways: 3,
      cpu: 1024,
      memoryLimitMiB: 2048,
      minTaskCount: 3,
      deletionProtection: true,
      sessionCache: SessionCache.valkeyServerless(),
      tls: { certificate, domainName },
    });
  }

  private constructor(
    /** @internal */
    public readonly _size: ServiceSize,
  ) {}
}
