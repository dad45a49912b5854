/** What a profile decides. */
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { SessionCache } from '../session-cache';

export interface ServiceTls {
  readonly certificate: ICertificate;
  readonly domainName: string;
}

export interface ServiceSize {
  readonly availabilityZones: number;
  readonly natGateways: number;
  readonly cpu: number;
  readonly memoryLimitMiB: number;
  readonly minTaskCount: number;
  /** Of the load balancer; a table has its own. */
  readonly deletionProtection: boolean;
  readonly sessionCache: SessionCache;
  /** From the VPC link to the load balancer, and from there to the task. */
  readonly tls?: ServiceTls;
}
