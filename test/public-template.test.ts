/** What a template promises beyond its parts: stable ids, and the same whatever feature flags the app has. */
import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccountLogging,
  MultiRegionFailover,
  PaymentEvents,
  PaymentMonitoring,
  type QrPaymentApi,
  ServiceProfile,
} from '../src';
import { ACCOUNT, agnosticStack, apiIn, PRIMARY, regionalApi, resourcesOf, STANDBY, serviceIn } from './private/stacks';

const recommendedFlags: Record<string, boolean> = require('aws-cdk-lib/recommended-feature-flags.json');

const STATEFUL = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'];

/** Everything there is, as for money. */
function everythingIn(stack: Stack): QrPaymentApi {
  const certificate = Certificate.fromCertificateArn(stack, 'C', `arn:aws:acm:${PRIMARY}:${ACCOUNT}:certificate/1`);
  const profile = ServiceProfile.production({ certificate, domainName: 'service.example.com' });
  const service = serviceIn(stack, { profile });
  const api = apiIn(stack, { service, accountLogging: AccountLogging.CREATE });
  new PaymentMonitoring(stack, 'Monitoring', { service, api, events: new PaymentEvents(stack, 'Events', { service }) });
  return api;
}

test('logical ids of what holds data never change: CloudFormation would make it anew', () => {
  const stack = agnosticStack();
  everythingIn(stack);

  const ids = Object.entries(resourcesOf(stack)).filter(([, { Type }]) => STATEFUL.includes(Type));

  expect(ids.map(([id, { Type }]) => `${Type} ${id}`)).toEqual([
    'AWS::KMS::Key ServiceKeysKey3D8B5D8E',
    'AWS::SecretsManager::Secret ServiceKeysPaymentIdKey20376F17',
    'AWS::SecretsManager::Secret ServiceKeysQrKeys827EC68C',
    'AWS::Logs::LogGroup ServiceFlowLogs64E290C1',
    'AWS::DynamoDB::GlobalTable ServiceTable603BACCB',
    'AWS::Logs::LogGroup ServiceLogs205D48C6',
    'AWS::Logs::LogGroup ApiAccessLogs50B185DB',
    'AWS::Logs::LogGroup ApiFirewallLogs34D37FBC',
  ]);
});

test('everything that holds data is retained', () => {
  const stack = agnosticStack();
  everythingIn(stack);

  for (const { Type, DeletionPolicy } of Object.values(resourcesOf(stack))) {
    if (STATEFUL.includes(Type)) expect(`${Type} ${DeletionPolicy}`).toBe(`${Type} Retain`);
  }
});

describe('feature flags of the app', () => {
  function templates(context: Record<string, unknown>): unknown[] {
    const app = new App({ context });
    const stack = new Stack(app, 'Stack');
    everythingIn(stack);
    const regions = [PRIMARY, STANDBY].map((region) => regionalApi(app, region));
    new MultiRegionFailover(app, 'Failover', { primary: regions[0]!, standby: regions[1]! });
    return [stack, ...regions.map((api) => Stack.of(api))].map((each) => normalize(resourcesOf(each)));
  }

  test('none and all recommended ones give the same templates', () => {
    expect(templates(recommendedFlags)).toEqual(templates({}));
  });

  /** What aws-cdk-lib writes in another way in its own parts, with the same meaning. */
  function normalize(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(normalize);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).filter(([key, member]) => !(key === 'Alarms' && member.Enable === false)); // left out: none
    return Object.fromEntries(
      members.map(([key, member]) => {
        if (key === 'Action' && Array.isArray(member)) return [key, [...member].sort()]; // a set
        if (key === 'Fn::Join') return [key, member[1].map(partOfText).join('')];
        return [key, normalize(member)];
      }),
    );
  }

  /** The partition is a literal where flags say so and the Region is known. */
  function partOfText(part: string | { readonly Ref?: string }): string {
    if (typeof part === 'string') return part;
    return part.Ref === 'AWS::Partition' ? 'aws' : JSON.stringify(part);
  }
});
