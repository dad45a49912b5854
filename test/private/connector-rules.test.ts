/** What a connector brings to the task: the document that the handler reads, the rights on its secrets, and the ports to its banks. */
import { Aws, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Connector, type HttpConnectorProps } from '../../src';
import { readConfig } from '../../src/handler/config';
import { createAuthority } from '../handler/adapters/connector/certificates';
import { agnosticStack, containerOf, serviceIn } from './stacks';

const ARN = 'arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:';

let stack: Stack;
let secret: ISecret;
beforeEach(() => {
  stack = agnosticStack();
  secret = new Secret(stack, 'Signing');
});

const bank = (more: Partial<HttpConnectorProps> = {}) => ({ url: 'https://bank.example/v1', secret, ...more });

function templateWith(connector: Connector): Template {
  serviceIn(stack, { connector });
  return Template.fromStack(stack);
}

/** The connector's part of the environment, as the handler of a deployed stack gets it. */
function environmentOf(template: Template): NodeJS.ProcessEnv {
  const entries = containerOf(template).Environment as { Name: string; Value: unknown }[];
  return Object.fromEntries(
    entries.filter(({ Name }) => Name.startsWith('CONNECTOR')).map(({ Name, Value }) => [Name, resolve(Value)]),
  );
}

function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (join !== undefined) return join[1].map(resolve).join(join[0]);
  return Ref === 'AWS::Region' ? 'ap-southeast-1' : `${ARN}${Ref?.replace(/[0-9A-F]{8}$/, '')}`;
}

/** Of the statements about the banks' secrets: what may be done with what. */
function rightsOf(template: Template): Record<string, { actions: unknown; resources: string }> {
  const policies = Object.values(
    template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('Rights') } }),
  );
  const statements: { Sid: string; Action: unknown; Resource: unknown }[] =
    policies[0].Properties.PolicyDocument.Statement;
  return Object.fromEntries(
    statements
      .filter(({ Sid }) => Sid.startsWith('Connector'))
      .map(({ Sid, Action, Resource }) => [Sid, { actions: Action, resources: JSON.stringify(Resource) }]),
  );
}

function portsOf(template: Template): number[] {
  const [group] = Object.values(
    template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: 'Payment handler' } }),
  );
  return group.Properties.SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort);
}

test('the simulator brings nothing', () => {
  const template = templateWith(Connector.simulator());

  expect(environmentOf(template)).toEqual({});
  expect(rightsOf(template)).toEqual({});
});

test('one bank with URL and secret comes in the short form', () => {
  const template = templateWith(Connector.http(bank()));

  expect(environmentOf(template)).toEqual({
    CONNECTOR_URL: 'https://bank.example/v1',
    CONNECTOR_SECRET_ARN: `${ARN}Signing`,
  });
  expect(Object.keys(rightsOf(template))).toEqual(['ConnectorSecret']);
});

test('one bank that asks for more comes as a document, under the name that the short form has', async () => {
  const { cert: certificateAuthority } = await createAuthority('Bank CA');
  const clientCertificate = new Secret(stack, 'Client');
  const proxyUrl = 'http://proxy.internal:3128';
  const more = { clientCertificate, certificateAuthority, proxyUrl };

  const environment = environmentOf(templateWith(Connector.http(bank(more))));

  expect(Object.keys(environment)).toEqual(['CONNECTORS']);
  expect(readConfig(environment).connectors).toEqual({
    kind: 'http',
    banks: new Map([
      [
        'default',
        {
          url: 'https://bank.example/v1',
          secret: { kind: 'secret', arn: `${ARN}Signing` },
          clientCertificate: { kind: 'secret', arn: `${ARN}Client` },
          certificateAuthority,
          proxyUrl,
        },
      ],
    ]),
    routes: [{ connectors: ['default'] }],
  });
});

test('several banks come as a document with their rules, tokens among them', () => {
  const routes = [
    { schemes: ['pix'], currencies: ['BRL'], minAmount: 1, maxAmount: 9, connectors: ['acme', 'backup'] },
    { connectors: ['backup'] },
  ];
  const acme = bank({ url: `https://acme.${Aws.REGION}.example` });

  const { CONNECTORS } = environmentOf(
    templateWith(Connector.routed({ connectors: { acme, backup: bank() }, routes })),
  );

  expect(JSON.parse(CONNECTORS!)).toEqual({
    connectors: {
      acme: { url: 'https://acme.ap-southeast-1.example', secretArn: `${ARN}Signing` },
      backup: { url: 'https://bank.example/v1', secretArn: `${ARN}Signing` },
    },
    routes,
  });
  expect(() => readConfig({ CONNECTORS })).not.toThrow();
});

test('the task may read each secret of each bank once, with its key, and no other', () => {
  const encryptionKey = new Key(stack, 'BankKey');
  const acme = bank({ secret: new Secret(stack, 'Acme', { encryptionKey }) });
  const backup = bank({ clientCertificate: new Secret(stack, 'Client', { encryptionKey }) });
  const named = bank({ secret: Secret.fromSecretNameV2(stack, 'Named', 'bank/named') });

  const rights = rightsOf(
    templateWith(Connector.routed({ connectors: { acme, backup, named }, routes: [{ connectors: ['acme'] }] })),
  );

  expect(Object.keys(rights)).toEqual(['ConnectorSecret', 'ConnectorSecretKey']);
  expect(rights.ConnectorSecret.actions).toBe('secretsmanager:GetSecretValue');
  const secrets = rights.ConnectorSecret.resources.match(/"(Acme|Signing|Client)[0-9A-F]{8}"|bank\/named-\?{6}/g);
  expect(secrets?.map((name) => name.replace(/"|[0-9A-F]{8}"/g, ''))).toEqual([
    'Acme',
    'Signing',
    'Client',
    'bank/named-??????',
  ]);
  expect(rights.ConnectorSecretKey).toEqual({
    actions: 'kms:Decrypt',
    resources: expect.stringMatching(/^\{"Fn::GetAtt":\["BankKey[0-9A-F]{8}","Arn"\]\}$/),
  });
});

test.each<[string, () => Connector, number[]]>([
  ['the simulator', () => Connector.simulator(), [443]],
  ['a bank', () => Connector.http(bank()), [443]],
  ['a bank with a port', () => Connector.http(bank({ url: 'https://bank.example:8443' })), [443, 8443]],
  ['a bank whose URL is a token', () => Connector.http(bank({ url: `https://${Aws.REGION}.example` })), [443]],
  [
    'the proxy in its place',
    () => Connector.http(bank({ url: 'https://bank.example:8443', proxyUrl: 'http://proxy.internal:3128' })),
    [443, 3128],
  ],
  ['a proxy without a port', () => Connector.http(bank({ proxyUrl: 'http://proxy.internal' })), [443, 80]],
  [
    'all of several',
    () =>
      Connector.routed({
        connectors: {
          acme: bank({ url: 'https://acme.example:8443' }),
          backup: bank({ url: 'https://b.example:9443' }),
        },
        routes: [{ connectors: ['acme'] }],
      }),
    [443, 8443, 9443],
  ],
])('the tasks reach %s', (_, connector, ports) => {
  expect(portsOf(templateWith(connector()))).toEqual(ports);
});

test('what a dozen banks need fits into the role and the environment', async () => {
  const { cert: certificateAuthority } = await createAuthority('Bank CA');
  const connectors = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [
      `bank-${n}`,
      bank({
        secret: new Secret(stack, `Signing${n}`),
        clientCertificate: new Secret(stack, `Client${n}`),
        certificateAuthority,
      }),
    ]),
  );
  const template = templateWith(Connector.routed({ connectors, routes: [{ connectors: Object.keys(connectors) }] }));

  expect(rightsOf(template).ConnectorSecret.resources.length).toBeLessThan(10_240);
  expect(environmentOf(template).CONNECTORS!.length).toBeLessThan(16 * 1024);
});
