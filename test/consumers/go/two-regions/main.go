// Two Regions and their failover, as a Go team would write them.
package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-qr-payments/cdk-qr-payments-go/qrpayments"
)

const (
	account       = "111122223333"
	certificateID = "01234567-89ab-cdef-0123-456789abcdef"
	domainName    = "pay.example.com"
)

// newPaymentStack makes the service of one Region, and the API before it.
func newPaymentStack(scope constructs.Construct, region string) qrpayments.QrPaymentApi {
	stack := awscdk.NewStack(scope, jsii.String("Payments-"+region), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
	})

	certificate := awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
		jsii.String(fmt.Sprintf("arn:aws:acm:%s:%s:certificate/%s", region, account, certificateID)))
	zone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
		HostedZoneId: jsii.String("Z00000000000000000000"),
		ZoneName:     jsii.String("example.com"),
	})
	keys := qrpayments.NewPaymentKeys(stack, jsii.String("Keys"), &qrpayments.PaymentKeysProps{
		PaymentIdKey: awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("PaymentIdKey"), jsii.String("payments/payment-id-key")),
		QrKeys:       awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("QrKeys"), jsii.String("payments/qr-keys")),
	})

	service := qrpayments.NewPaymentProcessingService(stack, jsii.String("Service"), &qrpayments.PaymentProcessingServiceProps{
		Connector: qrpayments.Connector_Simulator(),
		Profile: qrpayments.ServiceProfile_Production(&qrpayments.ProductionProfileProps{
			Certificate: certificate,
			DomainName:  jsii.String("service." + domainName),
		}),
		Keys:      keys,
		PublicUrl: jsii.String("https://" + domainName),
	})

	return qrpayments.NewQrPaymentApi(stack, jsii.String("Api"), &qrpayments.QrPaymentApiProps{
		Service:            service,
		AllowFrom:          &[]qrpayments.AllowFrom{qrpayments.AllowFrom_Accounts(jsii.String(account))},
		AccountLogging:     qrpayments.AccountLogging_CREATE,
		SharedDomainName:   jsii.String(domainName),
		RegionalDomainName: jsii.String(region + "." + domainName),
		Certificate:        certificate,
		HostedZone:         zone,
	})
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false), // its metadata would name the language
	})

	qrpayments.NewMultiRegionFailover(app, jsii.String("Failover"), &qrpayments.MultiRegionFailoverProps{
		Primary: newPaymentStack(app, "us-east-1"),
		Standby: newPaymentStack(app, "us-west-2"),
	})

	app.Synth(nil)
}
