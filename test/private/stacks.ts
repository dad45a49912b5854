/** Stacks and parts that the constructs' tests are made of. */
import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  AccountLogging,
  AllowFrom,
  Connector,
  PaymentProcessingService,
  type PaymentProcessingServiceProps,
  QrPaymentApi,
  type QrPaymentApiProps,
} from '../../src';

export const ACCOUNT = '111122223333';
export const PRIMARY = 'us-east-1';
export const STANDBY = 'us-west-2';

export function agnosticStack(props?: AppProps): Stack {
  return new Stack(new App(props), 'Stack');
}

export function regionalStack(app: App, region: string): Stack {
  return new Stack(app, `Stack-${region}`, { env: { region } });
}

export function serviceIn(
  stack: Stack,
  props: Partial<PaymentProcessingServiceProps> = {},
  id = 'Service',
): PaymentProcessingService {
  return new PaymentProcessingService(stack, id, { connector: Connector.simulator(), ...props });
}

export function apiIn(stack: Stack, props: Partial<QrPaymentApiProps> = {}): QrPaymentApi {
  return new QrPaymentApi(stack, 'Api', {
    service: props.service ?? serviceIn(stack),
    allowFrom: [AllowFrom.cidrs('203.0.113.0/24')],
    accountLogging: AccountLogging.EXISTING,
    ...props,
  });
}

/** Both names, as a Region of two has them. */
export function namesIn(stack: Stack, region: string): Partial<QrPaymentApiProps> {
  return {
    sharedDomainName: 'pay.example.com',
    regionalDomainName: `${region}.pay.example.com`,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:${ACCOUNT}:certificate/1`),
    hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
  };
}

export function regionalApi(app: App, region: string, props: Partial<QrPaymentApiProps> = {}): QrPaymentApi {
  const stack = regionalStack(app, region);
  return apiIn(stack, { ...namesIn(stack, region), ...props });
}

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export function resourcesOf(stack: Stack): Readonly<Record<string, Resource>> {
  return Template.fromStack(stack).toJSON().Resources;
}

export function serviceTemplate(props?: Partial<PaymentProcessingServiceProps>): Template {
  const stack = agnosticStack();
  serviceIn(stack, props);
  return Template.fromStack(stack);
}

/** The one container of a service. */
export function containerOf(template: Template): Record<string, unknown> {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  return task!.Properties.ContainerDefinitions[0];
}
