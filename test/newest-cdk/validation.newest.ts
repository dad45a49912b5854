/** CloudFormation's rules as the CDK brings them along: no finding in what both profiles make, and one where there is something to find. */
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PaymentEvents, PaymentMonitoring, ServiceProfile } from '../../src';
import { ACCOUNT, apiIn, PRIMARY, serviceIn } from '../private/stacks';

const AS_ERRORS = { '@aws-cdk/core:validateAgainstDefaultRules': true };

function app(): App {
  delete process.env.CDK_VALIDATION;
  return new App({ context: AS_ERRORS });
}

function addEverything(stack: Stack, profile: ServiceProfile): void {
  const service = serviceIn(stack, { profile, maxTaskCount: 4 });
  const api = apiIn(stack, { service });
  new PaymentMonitoring(stack, 'Monitoring', { service, api, events: new PaymentEvents(stack, 'Events', { service }) });
}

test('development', () => {
  const development = app();
  addEverything(new Stack(development, 'Stack', { env: { region: PRIMARY } }), ServiceProfile.development());

  expect(() => development.synth()).not.toThrow();
});

test('production', () => {
  const production = app();
  const stack = new Stack(production, 'Stack', { env: { region: PRIMARY } });
  const certificate = Certificate.fromCertificateArn(stack, 'C', `arn:aws:acm:${PRIMARY}:${ACCOUNT}:certificate/1`);
  addEverything(stack, ServiceProfile.production({ certificate, domainName: 'service.example.com' }));

  expect(() => production.synth()).not.toThrow();
});

test('it does look: a property that there is not is an error', () => {
  const wrong = app();
  new CfnResource(new Stack(wrong, 'Stack'), 'Queue', {
    type: 'AWS::SQS::Queue',
    properties: { NoSuchProperty: true },
  });

  expect(() => wrong.synth()).toThrow();
});
