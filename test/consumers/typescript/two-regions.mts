// Two Regions and their failover, as a TypeScript team would write them.
import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AccountLogging,
  AllowFrom,
  Connector,
  MultiRegionFailover,
  PaymentKeys,
  PaymentProcessingService,
  QrPaymentApi,
  ServiceProfile,
} from 'cdk-qr-payments';
import type { Construct } from 'constructs';

const ACCOUNT = '111122223333';
const CERTIFICATE_ID = '01234567-89ab-cdef-0123-456789abcdef';
const DOMAIN_NAME = 'pay.example.com';

/** The service of one Region, and the API before it. */
class PaymentStack extends Stack {
  readonly api: QrPaymentApi;

  constructor(scope: Construct, region: string) {
    super(scope, `Payments-${region}`, { env: { account: ACCOUNT, region } });

    const certificateArn = `arn:aws:acm:${region}:${ACCOUNT}:certificate/${CERTIFICATE_ID}`;
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const hostedZone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: 'Z00000000000000000000',
      zoneName: 'example.com',
    });
    const keys = new PaymentKeys(this, 'Keys', {
      paymentIdKey: Secret.fromSecretNameV2(this, 'PaymentIdKey', 'payments/payment-id-key'),
      qrKeys: Secret.fromSecretNameV2(this, 'QrKeys', 'payments/qr-keys'),
    });

    const service = new PaymentProcessingService(this, 'Service', {
      connector: Connector.simulator(),
      profile: ServiceProfile.production({ certificate, domainName: `service.${DOMAIN_NAME}` }),
      keys,
      publicUrl: `https://${DOMAIN_NAME}`,
    });

    this.api = new QrPaymentApi(this, 'Api', {
      service,
      allowFrom: [AllowFrom.accounts(ACCOUNT)],
      accountLogging: AccountLogging.CREATE,
      sharedDomainName: DOMAIN_NAME,
      regionalDomainName: `${region}.${DOMAIN_NAME}`,
      certificate,
      hostedZone,
    });
  }
}

const app = new App({ analyticsReporting: false }); // its metadata would name the language
const primary = new PaymentStack(app, 'us-east-1');
const standby = new PaymentStack(app, 'us-west-2');

new MultiRegionFailover(app, 'Failover', { primary: primary.api, standby: standby.api });

app.synth();
