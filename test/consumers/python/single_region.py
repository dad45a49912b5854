"""The shortest useful app, as a Python team would write it."""

from aws_cdk import App, Environment, Stack
from cdk_qr_payments import AccountLogging, AllowFrom, Connector, PaymentProcessingService, QrPaymentApi

app = App(analytics_reporting=False)  # its metadata would name the language
stack = Stack(app, "Payments", env=Environment(account="111122223333", region="us-east-1"))

service = PaymentProcessingService(stack, "Service", connector=Connector.simulator())

QrPaymentApi(
    stack,
    "Api",
    service=service,
    allow_from=[AllowFrom.cidrs("203.0.113.0/24"), AllowFrom.accounts("111122223333")],
    account_logging=AccountLogging.EXISTING,
)

app.synth()
