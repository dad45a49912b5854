/** A function that pays a payment through an API, and what the tests expect of it. */
import * as path from 'node:path';
import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export class PaymentJourney extends Construct {
  readonly lambdaFunction: lambda.Function;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.lambdaFunction = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.PYTHON_3_13,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, 'payment-journey')),
      timeout: Duration.minutes(2),
      logGroup: new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_WEEK }),
    });
  }

  /** Of APIs in other Regions too, whose ids this stack must not know. */
  allowEverywhere(): void {
    this.lambdaFunction.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['execute-api:Invoke'], resources: ['arn:aws:execute-api:*:*:*/prod/*'] }),
    );
  }
}

export const PAID = ExpectedResult.objectLike({
  StatusCode: 200,
  Payload: Match.serializedJson(
    Match.objectLike({
      statuses: { profile: 200, created: 201, picture: 200, paid: 200, read: 200 },
      isPng: true,
      payment: {
        status: 'captured',
        amount: { currency: 'SGD', value: 1250 },
        captured: { currency: 'SGD', value: 1250 },
      },
      unsigned: { status: 401, code: 'unauthenticated' },
    }),
  ),
});
