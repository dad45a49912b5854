package com.example.payments;

import io.github.cdkqrpayments.AccountLogging;
import io.github.cdkqrpayments.AllowFrom;
import io.github.cdkqrpayments.Connector;
import io.github.cdkqrpayments.PaymentKeys;
import io.github.cdkqrpayments.PaymentProcessingService;
import io.github.cdkqrpayments.ProductionProfileProps;
import io.github.cdkqrpayments.QrPaymentApi;
import io.github.cdkqrpayments.ServiceProfile;
import java.util.List;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/** The service of one Region, and the API before it. */
final class PaymentStack extends Stack {
    private static final String ACCOUNT = "111122223333";
    private static final String CERTIFICATE_ID = "01234567-89ab-cdef-0123-456789abcdef";
    private static final String DOMAIN_NAME = "pay.example.com";

    private final QrPaymentApi api;

    PaymentStack(Construct scope, String region) {
        super(scope, "Payments-" + region, StackProps.builder()
            .env(Environment.builder().account(ACCOUNT).region(region).build())
            .build());

        ICertificate certificate = Certificate.fromCertificateArn(this, "Certificate",
            String.format("arn:aws:acm:%s:%s:certificate/%s", region, ACCOUNT, CERTIFICATE_ID));
        IHostedZone hostedZone = HostedZone.fromHostedZoneAttributes(this, "Zone", HostedZoneAttributes.builder()
            .hostedZoneId("Z00000000000000000000")
            .zoneName("example.com")
            .build());
        PaymentKeys keys = PaymentKeys.Builder.create(this, "Keys")
            .paymentIdKey(Secret.fromSecretNameV2(this, "PaymentIdKey", "payments/payment-id-key"))
            .qrKeys(Secret.fromSecretNameV2(this, "QrKeys", "payments/qr-keys"))
            .build();

        PaymentProcessingService service = PaymentProcessingService.Builder.create(this, "Service")
            .connector(Connector.simulator())
            .profile(ServiceProfile.production(ProductionProfileProps.builder()
                .certificate(certificate)
                .domainName("service." + DOMAIN_NAME)
                .build()))
            .keys(keys)
            .publicUrl("https://" + DOMAIN_NAME)
            .build();

        this.api = QrPaymentApi.Builder.create(this, "Api")
            .service(service)
            .allowFrom(List.of(AllowFrom.accounts(ACCOUNT)))
            .accountLogging(AccountLogging.CREATE)
            .sharedDomainName(DOMAIN_NAME)
            .regionalDomainName(region + "." + DOMAIN_NAME)
            .certificate(certificate)
            .hostedZone(hostedZone)
            .build();
    }

    QrPaymentApi getApi() {
        return api;
    }
}
