"""Two Regions and their failover, as a Python team would write them."""

from aws_cdk import App, Environment, Stack
from aws_cdk.aws_certificatemanager import Certificate
from aws_cdk.aws_route53 import HostedZone
from aws_cdk.aws_secretsmanager import Secret
from cdk_qr_payments import (
    AccountLogging,
    AllowFrom,
    Connector,
    MultiRegionFailover,
    PaymentKeys,
    PaymentProcessingService,
    QrPaymentApi,
    ServiceProfile,
)
from constructs import Construct

ACCOUNT = "111122223333"
CERTIFICATE_ID = "01234567-89ab-cdef-0123-456789abcdef"
DOMAIN_NAME = "pay.example.com"


class PaymentStack(Stack):
    """The service of one Region, and the API before it."""

    def __init__(self, scope: Construct, region: str) -> None:
        super().__init__(scope, f"Payments-{region}", env=Environment(account=ACCOUNT, region=region))

        certificate = Certificate.from_certificate_arn(
            self, "Certificate", f"arn:aws:acm:{region}:{ACCOUNT}:certificate/{CERTIFICATE_ID}"
        )
        hosted_zone = HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id="Z00000000000000000000", zone_name="example.com"
        )
        keys = PaymentKeys(
            self,
            "Keys",
            payment_id_key=Secret.from_secret_name_v2(self, "PaymentIdKey", "payments/payment-id-key"),
            qr_keys=Secret.from_secret_name_v2(self, "QrKeys", "payments/qr-keys"),
        )

        service = PaymentProcessingService(
            self,
            "Service",
            connector=Connector.simulator(),
            profile=ServiceProfile.production(certificate=certificate, domain_name=f"service.{DOMAIN_NAME}"),
            keys=keys,
            public_url=f"https://{DOMAIN_NAME}",
        )

        self.api = QrPaymentApi(
            self,
            "Api",
            service=service,
            allow_from=[AllowFrom.accounts(ACCOUNT)],
            account_logging=AccountLogging.CREATE,
            shared_domain_name=DOMAIN_NAME,
            regional_domain_name=f"{region}.{DOMAIN_NAME}",
            certificate=certificate,
            hosted_zone=hosted_zone,
        )


app = App(analytics_reporting=False)  # its metadata would name the language
primary = PaymentStack(app, "us-east-1")
standby = PaymentStack(app, "us-west-2")

MultiRegionFailover(app, "Failover", primary=primary.api, standby=standby.api)

app.synth()
