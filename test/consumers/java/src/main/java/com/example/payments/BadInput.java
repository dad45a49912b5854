package com.example.payments;

import io.github.cdkqrpayments.AccountLogging;
import io.github.cdkqrpayments.Connector;
import io.github.cdkqrpayments.PaymentProcessingService;
import io.github.cdkqrpayments.QrPaymentApi;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/** An app whose allowFrom names nobody: it must not synthesize, and must say why. */
public final class BadInput {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Payments");
        PaymentProcessingService service = PaymentProcessingService.Builder.create(stack, "Service")
            .connector(Connector.simulator())
            .build();
        QrPaymentApi.Builder.create(stack, "Api")
            .service(service)
            .allowFrom(List.of())
            .accountLogging(AccountLogging.EXISTING)
            .build();
        app.synth();
    }
}
