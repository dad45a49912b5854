"""An app whose allow_from names nobody: it must not synthesize, and must say why."""

from aws_cdk import App, Stack
from cdk_qr_payments import AccountLogging, Connector, PaymentProcessingService, QrPaymentApi

app = App()
stack = Stack(app, "Payments")
service = PaymentProcessingService(stack, "Service", connector=Connector.simulator())
QrPaymentApi(stack, "Api", service=service, allow_from=[], account_logging=AccountLogging.EXISTING)
app.synth()
