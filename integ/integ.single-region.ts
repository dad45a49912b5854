/**
 * One Region, everything made, as one tries it out: network, service, table, keys, API, events, alarms. Deployed, it pays a payment through the API, as a merchant of
 * the API's own account.
 *
 * Left behind in the sandbox account, as everywhere: the encryption key, two secrets and the logs.
 */
import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountLogging,
  AllowFrom,
  ApiScope,
  Connector,
  PaymentEvents,
  PaymentMonitoring,
  PaymentProcessingService,
  PaymentStore,
  QrPaymentApi,
} from '../src';
import { integApp } from './integ-app';
import { PAID, PaymentJourney } from './payment-journey';

export const app = integApp();
const stack = new Stack(app, 'cdk-qr-payments-single-region');

const service = new PaymentProcessingService(stack, 'Service', {
  connector: Connector.simulator(),
  paymentStore: PaymentStore.dynamoDb({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }),
});
const api = new QrPaymentApi(stack, 'Api', {
  service,
  allowFrom: [AllowFrom.accounts(Aws.ACCOUNT_ID)],
  accountLogging: AccountLogging.CREATE,
});
const events = new PaymentEvents(stack, 'Events', { service });
new PaymentMonitoring(stack, 'Monitoring', { service, api, events });

const assertionStack = new Stack(app, 'cdk-qr-payments-single-region-assertions');
const { lambdaFunction } = new PaymentJourney(assertionStack, 'Journey');
api.grantInvoke(lambdaFunction, ...Object.values(ApiScope));

const test = new IntegTest(app, 'SingleRegion', { testCases: [stack], assertionStack });
test.assertions
  .invokeFunction({
    functionName: lambdaFunction.functionName,
    payload: stack.toJsonString({ url: api.url, region: stack.region }),
  })
  .expect(PAID);
