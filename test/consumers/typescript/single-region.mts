// The shortest useful app, as a TypeScript team would write it.
import { App, Stack } from 'aws-cdk-lib';
import { AccountLogging, AllowFrom, Connector, PaymentProcessingService, QrPaymentApi } from 'cdk-qr-payments';

const app = new App({ analyticsReporting: false }); // its metadata would name the language
const stack = new Stack(app, 'Payments', { env: { account: '111122223333', region: 'us-east-1' } });

const service = new PaymentProcessingService(stack, 'Service', { connector: Connector.simulator() });

new QrPaymentApi(stack, 'Api', {
  service,
  allowFrom: [AllowFrom.cidrs('203.0.113.0/24'), AllowFrom.accounts('111122223333')],
  accountLogging: AccountLogging.EXISTING,
});

app.synth();
