/**
 * List prices of us-east-1 in US dollars, without tax, discount and free tier. They were read in the autumn of 2026 on pages that
 * quote the price list where the source does not say otherwise. Check all of them before you plan: prices differ between Regions and change.
 */
export const PRICES_READ = '2026-10';
export const HOURS_A_MONTH = 730;

export interface Price {
  readonly dollars: number;
  readonly unit: string;
  readonly source: string;
}

export const PRICES = {
  natGatewayHour: { dollars: 0.045, unit: 'NAT gateway and hour', source: 'aws.amazon.com/vpc/pricing' },
  natGigabyte: { dollars: 0.045, unit: 'GB through a NAT gateway', source: 'aws.amazon.com/vpc/pricing' },
  interfaceEndpointHour: {
    dollars: 0.01,
    unit: 'interface endpoint, zone and hour',
    source: 'aws.amazon.com/privatelink/pricing',
  },
  loadBalancerHour: {
    dollars: 0.0225,
    unit: 'load balancer and hour',
    source: 'aws.amazon.com/elasticloadbalancing/pricing',
  },
  armVcpuHour: { dollars: 0.03238, unit: 'vCPU (ARM) and hour', source: 'aws.amazon.com/fargate/pricing' },
  armGigabyteHour: { dollars: 0.00356, unit: 'GB of memory (ARM) and hour', source: 'aws.amazon.com/fargate/pricing' },
  cacheGigabyteHour: {
    dollars: 0.084,
    unit: 'GB and hour, 0.1 GB at least',
    source: 'aws.amazon.com/elasticache/pricing',
  },
  keyMonth: { dollars: 1, unit: 'key and month', source: 'aws.amazon.com/kms/pricing' },
  secretMonth: {
    dollars: 0.4,
    unit: 'secret or replica and month',
    source: 'aws.amazon.com/secrets-manager/pricing, from memory',
  },
  webAclMonth: { dollars: 5, unit: 'web ACL and month', source: 'aws.amazon.com/waf/pricing' },
  webAclRuleMonth: { dollars: 1, unit: 'rule or managed group and month', source: 'aws.amazon.com/waf/pricing' },
  alarmMetricMonth: { dollars: 0.1, unit: 'metric of an alarm and month', source: 'aws.amazon.com/cloudwatch/pricing' },
  customMetricMonth: { dollars: 0.3, unit: 'metric of our own and month', source: 'aws.amazon.com/cloudwatch/pricing' },
  dashboardMonth: { dollars: 3, unit: 'dashboard and month', source: 'aws.amazon.com/cloudwatch/pricing' },
  httpsCheckMonth: {
    dollars: 2.5,
    unit: 'health check of an AWS endpoint over HTTPS every 10 s and month',
    source: 'aws.amazon.com/route53/pricing',
  },
  slowHttpsCheckMonth: {
    dollars: 1.5,
    unit: 'health check of an AWS endpoint over HTTPS every 30 s and month',
    source: 'aws.amazon.com/route53/pricing',
  },
  plainCheckMonth: {
    dollars: 0.5,
    unit: 'health check of an alarm or of other checks and month',
    source: 'aws.amazon.com/route53/pricing',
  },
  apiMillion: { dollars: 3.5, unit: 'million requests of API Gateway', source: 'aws.amazon.com/api-gateway/pricing' },
  webAclMillion: { dollars: 0.6, unit: 'million requests of WAF', source: 'aws.amazon.com/waf/pricing' },
  writeMillion: { dollars: 0.625, unit: 'million write units on demand', source: 'aws.amazon.com/dynamodb/pricing' },
  readMillion: { dollars: 0.125, unit: 'million read units on demand', source: 'aws.amazon.com/dynamodb/pricing' },
  tableGigabyteMonth: { dollars: 0.25, unit: 'GB of a table and month', source: 'aws.amazon.com/dynamodb/pricing' },
  logGigabyte: { dollars: 0.5, unit: 'GB of logs', source: 'aws.amazon.com/cloudwatch/pricing' },
  eventMillion: { dollars: 1, unit: 'million events', source: 'aws.amazon.com/eventbridge/pricing, from memory' },
  pipeMillion: {
    dollars: 0.4,
    unit: 'million requests of a pipe',
    source: 'aws.amazon.com/eventbridge/pricing, from memory',
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
