// An app whose allowFrom names nobody: it must not synthesize, and must say why.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-qr-payments/cdk-qr-payments-go/qrpayments"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Payments"), nil)
	service := qrpayments.NewPaymentProcessingService(stack, jsii.String("Service"), &qrpayments.PaymentProcessingServiceProps{
		Connector: qrpayments.Connector_Simulator(),
	})
	qrpayments.NewQrPaymentApi(stack, jsii.String("Api"), &qrpayments.QrPaymentApiProps{
		Service:        service,
		AllowFrom:      &[]qrpayments.AllowFrom{},
		AccountLogging: qrpayments.AccountLogging_EXISTING,
	})
	app.Synth(nil)
}
