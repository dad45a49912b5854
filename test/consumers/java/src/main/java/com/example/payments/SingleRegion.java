package com.example.payments;

import io.github.cdkqrpayments.AccountLogging;
import io.github.cdkqrpayments.AllowFrom;
import io.github.cdkqrpayments.Connector;
import io.github.cdkqrpayments.PaymentProcessingService;
import io.github.cdkqrpayments.QrPaymentApi;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;

/** The shortest useful app, as a Java team would write it. */
public final class SingleRegion {
    public static void main(String[] args) {
        App app = App.Builder.create().analyticsReporting(false).build(); // its metadata would name the language
        Stack stack = Stack.Builder.create(app, "Payments")
            .env(Environment.builder().account("111122223333").region("us-east-1").build())
            .build();

        PaymentProcessingService service = PaymentProcessingService.Builder.create(stack, "Service")
            .connector(Connector.simulator())
            .build();

        QrPaymentApi.Builder.create(stack, "Api")
            .service(service)
            .allowFrom(List.of(AllowFrom.cidrs("203.0.113.0/24"), AllowFrom.accounts("111122223333")))
            .accountLogging(AccountLogging.EXISTING)
            .build();

        app.synth();
    }
}
