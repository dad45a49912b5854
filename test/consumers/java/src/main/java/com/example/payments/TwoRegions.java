package com.example.payments;

import io.github.cdkqrpayments.MultiRegionFailover;
import software.amazon.awscdk.App;

/** Two Regions and their failover, as a Java team would write them. */
public final class TwoRegions {
    public static void main(String[] args) {
        App app = App.Builder.create().analyticsReporting(false).build(); // its metadata would name the language
        PaymentStack primary = new PaymentStack(app, "us-east-1");
        PaymentStack standby = new PaymentStack(app, "us-west-2");

        MultiRegionFailover.Builder.create(app, "Failover")
            .primary(primary.getApi())
            .standby(standby.getApi())
            .build();

        app.synth();
    }
}
