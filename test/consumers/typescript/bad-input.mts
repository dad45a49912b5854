// An app whose allowFrom names nobody: it must not synthesize, and must say why.
import { App, Stack } from 'aws-cdk-lib';
import { AccountLogging, Connector, PaymentProcessingService, QrPaymentApi } from 'cdk-qr-payments';

const app = new App();
const stack = new Stack(app, 'Payments');
const service = new PaymentProcessingService(stack, 'Service', { connector: Connector.simulator() });
new QrPaymentApi(stack, 'Api', { service, allowFrom: [], accountLogging: AccountLogging.EXISTING });
app.synth();
