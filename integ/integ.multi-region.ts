/**
 * Two Regions as for money, each with a foundation stack (keys, certificate) and a service stack (service, API, events, alarms, its half of
 * the failover).
 *
 * Between the Regions go plain strings only: the names of the secrets, of the domain and of its zone. The standby's foundation
 * has replicas of the primary's secrets, so that the first deployment begins with the primary's foundation. Each Region has a table
 * of its own.
 *
 * To deploy it, name a public hosted zone of the sandbox account, and a prefix for the secrets that is free: they are retained.
 *
 *   INTEG_ZONE_NAME=sandbox.example.com INTEG_ZONE_ID=Z123 INTEG_SECRETS=integ-7 npx integ-runner --update-on-failed
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AccountLogging,
  AllowFrom,
  Connector,
  MultiRegionFailover,
  PaymentEvents,
  PaymentKeys,
  type PaymentKeysProps,
  PaymentMonitoring,
  PaymentProcessingService,
  PaymentStore,
  QrPaymentApi,
  ServiceProfile,
} from '../src';
import { integApp } from './integ-app';
import { PAID, PaymentJourney } from './payment-journey';

const PRIMARY = 'us-east-1';
const STANDBY = 'us-west-2';
const ZONE_NAME = process.env.INTEG_ZONE_NAME ?? 'example.com';
const ZONE_ID = process.env.INTEG_ZONE_ID ?? 'Z00000000000000000000';
const SECRETS = process.env.INTEG_SECRETS ?? 'cdk-qr-payments-integ';
const SHARED_NAME = `pay.${ZONE_NAME}`;
/** In the certificate of the load balancers; no DNS has it. */
const SERVICE_NAME = `service.${SHARED_NAME}`;

export const app = integApp();

function zoneIn(stack: Stack): IHostedZone {
  return HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: ZONE_ID, zoneName: ZONE_NAME });
}

function regionalNameOf(region: string): string {
  return `${region}.${SHARED_NAME}`;
}

/** What outlives every deployment of the service. */
class FoundationStack extends Stack {
  readonly keys: PaymentKeys;
  readonly certificate: Certificate;

  constructor(region: string, keys: (stack: Stack) => PaymentKeysProps) {
    super(app, `cdk-qr-payments-foundation-${region}`, { env: { region } });
    this.keys = new PaymentKeys(this, 'Keys', keys(this));
    this.certificate = new Certificate(this, 'Certificate', {
      domainName: SHARED_NAME,
      subjectAlternativeNames: [regionalNameOf(region), SERVICE_NAME],
      validation: CertificateValidation.fromDns(zoneIn(this)),
    });
  }
}

class ServiceStack extends Stack {
  readonly api: QrPaymentApi;

  constructor(region: string, { keys, certificate }: FoundationStack) {
    super(app, `cdk-qr-payments-service-${region}`, { env: { region } });
    const service = new PaymentProcessingService(this, 'Service', {
      keys,
      profile: ServiceProfile.production({ certificate, domainName: SERVICE_NAME }),
      deletionProtection: false, // the sandbox is to be left empty
      availabilityZones: 2, // as many as a stack knows that does not know its account
      connector: Connector.simulator(),
      publicUrl: `https://${SHARED_NAME}`,
      paymentStore: PaymentStore.dynamoDb({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }),
    });
    this.api = new QrPaymentApi(this, 'Api', {
      service,
      certificate,
      allowFrom: [AllowFrom.accounts(Aws.ACCOUNT_ID)],
      accountLogging: AccountLogging.CREATE,
      sharedDomainName: SHARED_NAME,
      regionalDomainName: regionalNameOf(region),
      hostedZone: zoneIn(this),
    });
    const events = new PaymentEvents(this, 'Events', { service });
    new PaymentMonitoring(this, 'Monitoring', { service, api: this.api, events });
  }
}

const primaryFoundation = new FoundationStack(PRIMARY, () => ({
  secretNamePrefix: SECRETS,
  replicaRegions: [STANDBY],
}));
const standbyFoundation = new FoundationStack(STANDBY, (stack) => ({
  paymentIdKey: Secret.fromSecretNameV2(stack, 'PaymentIdKey', `${SECRETS}/payment-id-key`),
  qrKeys: Secret.fromSecretNameV2(stack, 'QrKeys', `${SECRETS}/qr-keys`),
}));
const primary = new ServiceStack(PRIMARY, primaryFoundation);
const standby = new ServiceStack(STANDBY, standbyFoundation);
new MultiRegionFailover(app, 'Failover', { primary: primary.api, standby: standby.api });

const assertionStack = new Stack(app, 'cdk-qr-payments-assertions', { env: { region: PRIMARY } });
const journey = new PaymentJourney(assertionStack, 'Journey');
journey.allowEverywhere();

const test = new IntegTest(app, 'MultiRegion', {
  testCases: [primaryFoundation, standbyFoundation, primary, standby],
  assertionStack,
});
// A payment by each Region's own name, and by the shared one, which leads to the primary.
for (const [name, region] of [
  [regionalNameOf(PRIMARY), PRIMARY],
  [regionalNameOf(STANDBY), STANDBY],
  [SHARED_NAME, PRIMARY],
]) {
  test.assertions
    .invokeFunction({
      functionName: journey.lambdaFunction.functionName,
      payload: JSON.stringify({ url: `https://${name}`, region }),
    })
    .expect(PAID);
}
for (const region of [PRIMARY, STANDBY]) {
  test.assertions
    .httpApiCall(`https://${regionalNameOf(region)}/health/region`)
    .expect(ExpectedResult.objectLike({ status: 200 }));
}
