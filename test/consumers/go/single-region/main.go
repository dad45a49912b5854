// The shortest useful app, as a Go team would write it.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-qr-payments/cdk-qr-payments-go/qrpayments"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false), // its metadata would name the language
	})
	stack := awscdk.NewStack(app, jsii.String("Payments"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})

	service := qrpayments.NewPaymentProcessingService(stack, jsii.String("Service"), &qrpayments.PaymentProcessingServiceProps{
		Connector: qrpayments.Connector_Simulator(),
	})

	qrpayments.NewQrPaymentApi(stack, jsii.String("Api"), &qrpayments.QrPaymentApiProps{
		Service: service,
		AllowFrom: &[]qrpayments.AllowFrom{
			qrpayments.AllowFrom_Cidrs(jsii.String("203.0.113.0/24")),
			qrpayments.AllowFrom_Accounts(jsii.String("111122223333")),
		},
		AccountLogging: qrpayments.AccountLogging_EXISTING,
	})

	app.Synth(nil)
}
