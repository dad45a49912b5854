/** What a template costs: each month whether or not anybody pays, and for a million payments. Pure. */
import { HOURS_A_MONTH, PRICES, type PriceName } from './prices';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
}
export type Resources = Readonly<Record<string, Resource>>;

export interface Item {
  readonly what: string;
  readonly amount: number;
  readonly price: PriceName;
  readonly dollars: number;
}

const MINIMUM_CACHE_GIGABYTES = 0.1;

/** Custom metrics: those of the service, and of each route and bank that is used. */
const METRICS_OF_A_SERVICE = 27;
const ROUTES_IN_USE = 6;
const METRICS_OF_A_ROUTE = 4;
const METRICS_OF_A_BANK = 4;

/** Of a payment that is scanned, watched and paid. */
export const PAYMENT = {
  /** create, picture, two reads by long poll, authorize */
  requests: 5,
  writeUnits: 8,
  /** Consistent reads, and those of the sweep and of long polls that look again. */
  readUnits: 8,
  /** Access log and the handler's line of each request. */
  logBytes: 5 * (900 + 350),
  itemBytes: 1500,
  /** created, captured */
  events: 2,
} as const;

export function fixedItems(resources: Resources): Item[] {
  const all = Object.values(resources);
  const of = (type: string) => all.filter(({ Type }) => Type === type);
  const count = (type: string) => of(type).length;
  const running = tasksThatRun(of('AWS::ECS::TaskDefinition'), of('AWS::ApplicationAutoScaling::ScalableTarget'));
  const endpoints = of('AWS::EC2::VPCEndpoint').filter(({ Properties }) => Properties.VpcEndpointType === 'Interface');
  const services = count('AWS::ECS::Service');
  const metrics = METRICS_OF_A_SERVICE + ROUTES_IN_USE * METRICS_OF_A_ROUTE + METRICS_OF_A_BANK;
  return [
    hourly('Fargate, vCPUs', running.vcpus, 'armVcpuHour'),
    hourly('Fargate, GB of memory', running.gigabytes, 'armGigabyteHour'),
    hourly('NAT gateways', count('AWS::EC2::NatGateway'), 'natGatewayHour'),
    hourly(
      'Interface endpoints and zones',
      sum(endpoints.map(({ Properties }) => Properties.SubnetIds.length)),
      'interfaceEndpointHour',
    ),
    hourly('Network load balancers', count('AWS::ElasticLoadBalancingV2::LoadBalancer'), 'loadBalancerHour'),
    hourly(
      'Cache, GB at least',
      MINIMUM_CACHE_GIGABYTES * count('AWS::ElastiCache::ServerlessCache'),
      'cacheGigabyteHour',
    ),
    monthly('Metrics of our own', services * metrics, 'customMetricMonth'),
    monthly('Metrics of alarms', sum(of('AWS::CloudWatch::Alarm').map(alarmMetrics)), 'alarmMetricMonth'),
    monthly('Dashboards', count('AWS::CloudWatch::Dashboard'), 'dashboardMonth'),
    monthly('Web ACLs', count('AWS::WAFv2::WebACL'), 'webAclMonth'),
    monthly(
      'Rules of web ACLs',
      sum(of('AWS::WAFv2::WebACL').map(({ Properties }) => Properties.Rules.length)),
      'webAclRuleMonth',
    ),
    monthly('Keys', count('AWS::KMS::Key'), 'keyMonth'),
    monthly(
      'Secrets and replicas',
      sum(of('AWS::SecretsManager::Secret').map(({ Properties }) => 1 + (Properties.ReplicaRegions?.length ?? 0))),
      'secretMonth',
    ),
    ...healthChecks(of('AWS::Route53::HealthCheck')),
  ].filter(({ amount }) => amount > 0);
}

/** Of a million payments, in one Region. Replicas pay for each write once more. */
export function itemsOfAMillion(resources: Resources, replicas = 1): Item[] {
  const has = (type: string) => Object.values(resources).some(({ Type }) => Type === type);
  const gigabytes = (bytes: number) => (bytes * 1e6) / 2 ** 30;
  const once = (what: string, amount: number, price: PriceName): Item => ({
    what,
    amount,
    price,
    dollars: amount * PRICES[price].dollars,
  });
  return [
    once('Requests at API Gateway, millions', PAYMENT.requests, 'apiMillion'),
    once('Requests at the firewall, millions', has('AWS::WAFv2::WebACL') ? PAYMENT.requests : 0, 'webAclMillion'),
    once('Write units, millions', PAYMENT.writeUnits * replicas, 'writeMillion'),
    once('Read units, millions', PAYMENT.readUnits, 'readMillion'),
    once('Logs, GB', gigabytes(PAYMENT.logBytes), 'logGigabyte'),
    once('Table, GB kept for a month', gigabytes(PAYMENT.itemBytes) * replicas, 'tableGigabyteMonth'),
    once('Events, millions', has('AWS::Pipes::Pipe') ? PAYMENT.events : 0, 'eventMillion'),
    once('Pipe, million requests', has('AWS::Pipes::Pipe') ? PAYMENT.events : 0, 'pipeMillion'),
  ].filter(({ amount }) => amount > 0);
}

export function total(items: readonly Item[]): number {
  return sum(items.map(({ dollars }) => dollars));
}

function healthChecks(checks: readonly Resource[]): Item[] {
  const kinds = checks.map(
    ({
      Properties: {
        HealthCheckConfig: { Type, RequestInterval },
      },
    }): PriceName => {
      if (!Type.startsWith('HTTPS')) return 'plainCheckMonth';
      return RequestInterval === 10 ? 'httpsCheckMonth' : 'slowHttpsCheckMonth';
    },
  );
  const count = (kind: PriceName) => kinds.filter((each) => each === kind).length;
  return [
    monthly('Health checks over HTTPS, every 10 s', count('httpsCheckMonth'), 'httpsCheckMonth'),
    monthly('Health checks over HTTPS, every 30 s', count('slowHttpsCheckMonth'), 'slowHttpsCheckMonth'),
    monthly('Health checks of alarms', count('plainCheckMonth'), 'plainCheckMonth'),
  ];
}

/** One service a Region, in the order of the Regions. */
function tasksThatRun(definitions: readonly Resource[], scalings: readonly Resource[]) {
  const of = (size: 'Cpu' | 'Memory') =>
    sum(
      definitions.map(({ Properties }, i) => (scalings[i]!.Properties.MinCapacity * Number(Properties[size])) / 1024),
    );
  return { vcpus: of('Cpu'), gigabytes: of('Memory') };
}

/** An alarm on an expression watches each metric in it. */
function alarmMetrics({ Properties }: Resource): number {
  return Properties.Metrics?.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat !== undefined).length ?? 1;
}

function hourly(what: string, amount: number, price: PriceName): Item {
  return { what, amount, price, dollars: amount * PRICES[price].dollars * HOURS_A_MONTH };
}

function monthly(what: string, amount: number, price: PriceName): Item {
  return { what, amount, price, dollars: amount * PRICES[price].dollars };
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}
