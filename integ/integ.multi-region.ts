/**
 * Two Regions as for money, each with a foundation stack (keys, certificate, and in the standby the operator's switch) and a service stack
 * (service, API, events, alarms, its half of the failover).
 *
 * Between the Regions go plain strings only: the names of the secrets, of a key, of the table, of the domain and of its zone. The
 * stacks are deployed in the order in which they stand here: `docs/failing-over.md` says why.
 *
 * To deploy it, name a public hosted zone of the sandbox account, and a prefix for the secrets that is free: they are retained. The
 * standby has events from the second deployment on, when the stream of its replica has a name.
 *
 *   INTEG_ZONE_NAME=sandbox.example.com INTEG_ZONE_ID=Z123 INTEG_SECRETS=integ-7 [INTEG_STANDBY_STREAM=arn:...] \
 *     npx integ-runner --update-on-failed
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AccountLogging,
  AllowFrom,
  Connector,
  FailoverSwitch,
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
const WITNESS = 'us-east-2';
const ZONE_NAME = process.env.INTEG_ZONE_NAME ?? 'example.com';
const ZONE_ID = process.env.INTEG_ZONE_ID ?? 'Z00000000000000000000';
const SECRETS = process.env.INTEG_SECRETS ?? 'cdk-qr-payments-integ';
const STANDBY_STREAM = process.env.INTEG_STANDBY_STREAM;
const TABLE_NAME = SECRETS.replaceAll('/', '-');
const KEY_ALIAS = `alias/${TABLE_NAME}`;
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
  /** Who is told what this Region has to say of the failover. */
  readonly alarmTopic: Topic;

  constructor(region: string, keys: (stack: Stack) => PaymentKeysProps) {
    super(app, `cdk-qr-payments-foundation-${region}`, { env: { region } });
    this.keys = new PaymentKeys(this, 'Keys', keys(this));
    this.certificate = new Certificate(this, 'Certificate', {
      domainName: SHARED_NAME,
      subjectAlternativeNames: [regionalNameOf(region), SERVICE_NAME],
      validation: CertificateValidation.fromDns(zoneIn(this)),
    });
    this.alarmTopic = new Topic(this, 'Alarms', { masterKey: this.keys.encryptionKey, enforceSSL: true });
  }
}

class ServiceStack extends Stack {
  readonly api: QrPaymentApi;

  constructor(region: string, { keys, certificate }: FoundationStack, paymentStore: PaymentStore) {
    super(app, `cdk-qr-payments-service-${region}`, { env: { region } });
    const service = new PaymentProcessingService(this, 'Service', {
      keys,
      profile: ServiceProfile.production({ certificate, domainName: SERVICE_NAME }),
      deletionProtection: false, // the sandbox is to be left empty
      availabilityZones: 2, // as many as a stack knows that does not know its account
      connector: Connector.simulator(),
      publicUrl: `https://${SHARED_NAME}`,
      paymentStore,
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
    const hasStream = service.table.tableStreamArn !== undefined;
    const events = hasStream ? new PaymentEvents(this, 'Events', { service }) : undefined;
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
new Alias(standbyFoundation, 'KeyAlias', { aliasName: KEY_ALIAS, targetKey: standbyFoundation.keys.encryptionKey });
const failoverSwitch = new FailoverSwitch(standbyFoundation, 'Switch', { sharedDomainName: SHARED_NAME });
failoverSwitch.alarm.addAlarmAction(new SnsAction(standbyFoundation.alarmTopic));

const primary = new ServiceStack(
  PRIMARY,
  primaryFoundation,
  PaymentStore.dynamoDb({
    tableName: TABLE_NAME,
    replicas: [{ region: STANDBY, encryptionKeyArn: `arn:aws:kms:${STANDBY}:${Aws.ACCOUNT_ID}:${KEY_ALIAS}` }],
    witnessRegion: WITNESS,
    deletionProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
  }),
);
const standby = new ServiceStack(
  STANDBY,
  standbyFoundation,
  PaymentStore.replicaOf({ tableName: TABLE_NAME, ownerRegion: PRIMARY, tableStreamArn: STANDBY_STREAM }),
);
const failover = new MultiRegionFailover(app, 'Failover', {
  primary: primary.api,
  standby: standby.api,
  failoverSwitch,
  globalStack: primaryFoundation, // which is in us-east-1
});
for (const alarm of failover.watch?.alarms ?? []) alarm.addAlarmAction(new SnsAction(primaryFoundation.alarmTopic));

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
