import { App, Aws } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { QrPaymentApiProps } from '../../src';
import { ACCOUNT, agnosticStack, apiIn, namesIn, PRIMARY, regionalApi, regionalStack, STANDBY } from './stacks';

const DOMAIN = 'AWS::ApiGateway::DomainName';
const RECORD = 'AWS::Route53::RecordSet';

function regionalTemplate(change: (names: Partial<QrPaymentApiProps>) => Partial<QrPaymentApiProps>): Template {
  const stack = regionalStack(new App(), PRIMARY);
  apiIn(stack, change(namesIn(stack, PRIMARY)));
  return Template.fromStack(stack);
}

test('without a name there is neither domain nor record', () => {
  const stack = agnosticStack();
  apiIn(stack);

  Template.fromStack(stack).resourceCountIs(DOMAIN, 0);
  Template.fromStack(stack).resourceCountIs(RECORD, 0);
});

test('both names lead to the API, by a TLS policy that health checkers speak, and the name of API Gateway is off', () => {
  const template = regionalTemplate((names) => names);

  for (const DomainName of ['pay.example.com', `${PRIMARY}.pay.example.com`]) {
    template.hasResourceProperties(DOMAIN, {
      DomainName,
      RegionalCertificateArn: `arn:aws:acm:${PRIMARY}:${ACCOUNT}:certificate/1`,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
  }
  template.resourceCountIs('AWS::ApiGateway::BasePathMapping', 2);
  template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
});

test("the Region's own name has plain A and AAAA records; the shared one has none here", () => {
  const template = regionalTemplate((names) => names);

  template.resourceCountIs(RECORD, 2);
  for (const Type of ['A', 'AAAA']) {
    template.hasResourceProperties(RECORD, {
      Type,
      Name: `${PRIMARY}.pay.example.com.`,
      HostedZoneId: 'Z1',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [Match.stringLikeRegexp('RegionalDomain'), 'RegionalDomainName'] } },
      Failover: Match.absent(),
    });
  }
});

test('one Region does with one name', () => {
  const template = regionalTemplate((names) => ({
    ...names,
    sharedDomainName: undefined,
    regionalDomainName: 'pay.example.com',
  }));

  template.resourceCountIs(DOMAIN, 1);
});

test('the URL is the name that clients use', () => {
  const app = new App();

  expect(regionalApi(app, PRIMARY).url).toBe('https://pay.example.com');
  expect(regionalApi(app, STANDBY, { sharedDomainName: undefined }).url).toBe(`https://${STANDBY}.pay.example.com`);
});

test('a zone imported by its id alone will do', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const hostedZone = HostedZone.fromHostedZoneId(stack, 'ById', 'Z2');

  expect(() => apiIn(stack, { ...namesIn(stack, PRIMARY), hostedZone })).not.toThrow();
});

test('names that are known at deployment only are not judged', () => {
  expect(() =>
    regionalTemplate((names) => ({ ...names, regionalDomainName: `${Aws.REGION}.pay.example.org` })),
  ).not.toThrow();
});

test.each([
  ['no certificate', { certificate: undefined }, 'certificate is missing', 'domain-incomplete'],
  ['no zone', { hostedZone: undefined }, 'hostedZone is missing', 'domain-incomplete'],
  ['a shared name alone', { regionalDomainName: undefined }, 'regionalDomainName is missing', 'domain-incomplete'],
  ['the same name twice', { sharedDomainName: `${PRIMARY}.pay.example.com` }, 'are the same', 'domain-names-equal'],
  [
    'a regional name outside the zone',
    { regionalDomainName: 'pay.example.org' },
    "got 'pay.example.org'",
    'domain-outside-zone',
  ],
  [
    'a shared name outside the zone',
    { sharedDomainName: 'notexample.com' },
    "got 'notexample.com'",
    'domain-outside-zone',
  ],
])('%s is refused', (_, change, text, code) => {
  const refused = () => regionalTemplate((names) => ({ ...names, ...change }));

  expect(refused).toThrow(text);
  expect(refused).toThrow(`[${code}]`);
});

test('a certificate of another Region is refused', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const certificate = Certificate.fromCertificateArn(
    stack,
    'Elsewhere',
    `arn:aws:acm:${STANDBY}:${ACCOUNT}:certificate/1`,
  );

  expect(() => apiIn(stack, { ...namesIn(stack, PRIMARY), certificate })).toThrow(
    /certificate is of another Region.*\[certificate-region\]/,
  );
});

test("a zone or certificate made by another Region's stack is refused", () => {
  const app = new App();
  const there = regionalStack(app, STANDBY);
  const here = regionalStack(app, PRIMARY);
  const names = namesIn(here, PRIMARY);
  const hostedZone = new HostedZone(there, 'Made', { zoneName: 'example.com' });
  const certificate = new Certificate(there, 'MadeCertificate', { domainName: 'pay.example.com' });

  expect(() => apiIn(here, { ...names, hostedZone })).toThrow(
    /hostedZone is made by a stack in another Region.*\[foreign-region\]/,
  );
  expect(() => apiIn(regionalStack(new App(), PRIMARY), { ...names, certificate })).toThrow(
    /certificate is made by a stack in another Region/,
  );
});
