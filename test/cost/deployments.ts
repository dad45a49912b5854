/** What the cost page speaks of: each profile with API, events and alarms, as one would deploy it. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  AccountLogging,
  AllowFrom,
  Connector,
  FailoverSwitch,
  MultiRegionFailover,
  PaymentEvents,
  PaymentMonitoring,
  PaymentProcessingService,
  PaymentStore,
  QrPaymentApi,
  ServiceProfile,
} from '../../src';
import type { Resources } from './model';

const ACCOUNT = '111122223333';
const REGIONS = ['us-east-1', 'us-west-2'] as const;
const ZONE = { hostedZoneId: 'Z1', zoneName: 'example.com' };

export function developmentRegion(): Resources {
  const stack = new Stack(new App(), 'Development', { env: { account: ACCOUNT, region: 'us-east-1' } });
  deploy(stack, ServiceProfile.development());
  return resourcesOf(stack);
}

export function productionRegion(): Resources {
  const stack = new Stack(new App(), 'Production', { env: { account: ACCOUNT, region: 'us-east-1' } });
  deploy(stack, production(stack), 3);
  return resourcesOf(stack);
}

/** Both Regions together. */
export function twoRegions(): Resources {
  const app = new App();
  const [primary, standby] = REGIONS.map((region) => {
    const stack = new Stack(app, `Production-${region}`, { env: { account: ACCOUNT, region } });
    return { stack, api: deploy(stack, production(stack), 3, region, storeIn(region)) };
  });
  const foundation = new Stack(app, 'Foundation', { env: { account: ACCOUNT, region: REGIONS[1] } });
  const failoverSwitch = new FailoverSwitch(foundation, 'Switch', { sharedDomainName: 'pay.example.com' });
  new MultiRegionFailover(app, 'Failover', { primary: primary!.api, standby: standby!.api, failoverSwitch });
  const entries = [primary!.stack, standby!.stack, foundation].flatMap((stack) =>
    Object.entries(resourcesOf(stack)).map(([id, resource]) => [`${stack.stackName}/${id}`, resource] as const),
  );
  return Object.fromEntries(entries);
}

/** One table, strongly consistent over both Regions. */
function storeIn(region: string): PaymentStore {
  const [primary, standby] = REGIONS;
  if (region === primary) {
    const encryptionKeyArn = `arn:aws:kms:${standby}:${ACCOUNT}:alias/payments`;
    return PaymentStore.dynamoDb({
      tableName: 'payments',
      replicas: [{ region: standby, encryptionKeyArn }],
      witnessRegion: 'us-east-2',
    });
  }
  const tableStreamArn = `arn:aws:dynamodb:${region}:${ACCOUNT}:table/payments/stream/1`;
  return PaymentStore.replicaOf({ tableName: 'payments', ownerRegion: primary, tableStreamArn });
}

function production(stack: Stack): ServiceProfile {
  const arn = `arn:aws:acm:${stack.region}:${ACCOUNT}:certificate/1`;
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', arn);
  return ServiceProfile.production({ certificate, domainName: 'service.pay.example.com' });
}

function deploy(
  stack: Stack,
  profile: ServiceProfile,
  availabilityZones?: number,
  region?: string,
  paymentStore?: PaymentStore,
): QrPaymentApi {
  // A stack that knows its account asks it for its zones; here nobody answers.
  const zones = ['a', 'b', 'c'].map((letter) => `${stack.region}${letter}`);
  Object.defineProperty(stack, 'availabilityZones', { value: zones });
  const service = new PaymentProcessingService(stack, 'Service', {
    connector: Connector.simulator(),
    profile,
    availabilityZones,
    paymentStore,
  });
  const api = new QrPaymentApi(stack, 'Api', {
    service,
    allowFrom: [AllowFrom.accounts(ACCOUNT)],
    accountLogging: AccountLogging.EXISTING,
    ...(region !== undefined && {
      sharedDomainName: 'pay.example.com',
      regionalDomainName: `${region}.pay.example.com`,
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', ZONE),
      certificate: Certificate.fromCertificateArn(
        stack,
        'ApiCertificate',
        `arn:aws:acm:${region}:${ACCOUNT}:certificate/2`,
      ),
    }),
  });
  const events = new PaymentEvents(stack, 'Events', { service });
  new PaymentMonitoring(stack, 'Monitoring', { service, api, events });
  return api;
}

function resourcesOf(stack: Stack): Resources {
  return Template.fromStack(stack).toJSON().Resources;
}
