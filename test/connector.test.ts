import { Aws } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Connector, type ConnectorRoute, type HttpConnectorProps } from '../src';
import { type Certificate, createAuthority } from './handler/adapters/connector/certificates';
import { agnosticStack } from './private/stacks';

const secret = new Secret(agnosticStack(), 'Secret');
const bank: HttpConnectorProps = { url: 'https://bank.example/v1', secret };

let authority: Certificate;
beforeAll(async () => {
  authority = await createAuthority('Bank CA');
});

test('the simulator has no banks', () => {
  expect(Connector.simulator()._banks).toEqual({});
});

test('an HTTP connector is one bank for every payment', () => {
  const { _banks, _routes } = Connector.http(bank);

  expect(_banks).toEqual({ default: bank });
  expect(_routes).toEqual([{ connectors: ['default'] }]);
});

test('a routed one is as many as it names', () => {
  const connectors = { acme: bank, backup: bank };
  const routes: ConnectorRoute[] = [
    { schemes: ['pix'], currencies: ['BRL'], minAmount: 1, maxAmount: 1_000, connectors: ['acme', 'backup'] },
    { connectors: ['backup'] },
  ];
  const { _banks, _routes } = Connector.routed({ connectors, routes });

  expect({ _banks, _routes }).toEqual({ _banks: connectors, _routes: routes });
});

test.each<[string, () => Partial<HttpConnectorProps>]>([
  ['a client certificate', () => ({ clientCertificate: secret })],
  ['an authority', () => ({ certificateAuthority: authority.cert })],
  ['an authority that is known at deployment', () => ({ certificateAuthority: Aws.STACK_NAME })],
  ['a proxy', () => ({ proxyUrl: 'http://proxy.internal:3128' })],
  ['a proxy that is known at deployment', () => ({ proxyUrl: `http://${Aws.REGION}.proxy.internal` })],
  ['a URL that is known at deployment', () => ({ url: `https://${Aws.REGION}.bank.example` })],
  ['a secret of another app', () => ({ secret: Secret.fromSecretNameV2(agnosticStack(), 'S', 'bank/signing') })],
])('%s is taken', (_, props) => {
  expect(() => Connector.http({ ...bank, ...props() })).not.toThrow();
  expect(() =>
    Connector.routed({ connectors: { acme: { ...bank, ...props() } }, routes: [{ connectors: ['acme'] }] }),
  ).not.toThrow();
});

test.each<[string, string, Partial<HttpConnectorProps>]>([
  ['base-url', 'url', { url: 'http://bank.example' }],
  ['base-url', 'url', { url: 'http://127.0.0.1:9000' }],
  ['base-url', 'url', { url: 'https://bank.example/v1/' }],
  ['proxy-url', 'proxyUrl', { proxyUrl: 'proxy.internal:3128' }],
  ['proxy-url', 'proxyUrl', { proxyUrl: 'http://user:password@proxy.internal' }],
  ['certificate-authority', 'certificateAuthority', { certificateAuthority: 'bank-ca.pem' }],
])('%s: %s is refused in the words of the props', (code, prop, props) => {
  expect(() => Connector.http({ ...bank, ...props })).toThrow(
    new RegExp(`^Connector.http: ${prop} is .*; got .*, allowed .*; fix: .* \\[${code}\\]$`),
  );
  expect(() =>
    Connector.routed({ connectors: { acme: { ...bank, ...props } }, routes: [{ connectors: ['acme'] }] }),
  ).toThrow(new RegExp(`^Connector.routed: connectors.acme.${prop} is .* \\[${code}\\]$`));
});

test('a private key among the authorities is refused, and not shown', () => {
  const message = messageOf(() => Connector.http({ ...bank, certificateAuthority: authority.cert + authority.key }));

  expect(message).toMatch(/certificateAuthority .*no private key.*\[certificate-authority\]/);
  expect(message).not.toContain(authority.key.split('\n')[1]);
});

const LAST: ConnectorRoute = { connectors: ['acme'] };

test.each<[string, RegExp, ConnectorRoute[]]>([
  ['no rule', /routes has no rules.*got 0.*\[rule-count\]/, []],
  ['no rule for every payment', /routes\[0\] is the last rule .*\[no-catch-all\]/, [{ ...LAST, schemes: ['pix'] }]],
  ['a rule that is never reached', /routes\[0\] matches every payment.*\[unreachable-rule\]/, [LAST, LAST]],
  ['an unknown name', /routes\[0\].connectors names .*'other', allowed .*acme, backup/, [{ connectors: ['other'] }]],
  ['a name twice', /routes\[0\].connectors names .*'acme'/, [{ connectors: ['acme', 'acme'] }]],
  ['no name', /routes\[0\].connectors names nothing.*\[rule-connectors\]/, [{ connectors: [] }]],
  ['an unknown scheme', /routes\[0\].schemes names .*'visa'.*\[rule-schemes\]/, [{ ...LAST, schemes: ['visa'] }, LAST]],
  [
    'an unknown currency',
    /routes\[0\].currencies .*'XXX'.*\[rule-currencies\]/,
    [{ ...LAST, currencies: ['XXX'] }, LAST],
  ],
  [
    'an empty range',
    /routes\[0\] has a minAmount above .*got \[2,1\].*\[amount-range\]/,
    [{ ...LAST, currencies: ['SGD'], minAmount: 2, maxAmount: 1 }, LAST],
  ],
  [
    'half a cent',
    /routes\[0\].minAmount is no amount; got 0.5.*\[amount\]/,
    [{ ...LAST, currencies: ['SGD'], minAmount: 0.5 }, LAST],
  ],
  ['an amount of any currency', /routes\[0\] has an amount without currencies/, [{ ...LAST, maxAmount: 5 }, LAST]],
])('%s is refused', (_, message, routes) => {
  expect(() => Connector.routed({ connectors: { acme: bank, backup: bank }, routes })).toThrow(message);
});

test.each([
  ['of an unfit name', { 'Acme Bank': bank }, /connectors has a connector of an unfit name; got 'Acme Bank'/],
  ['none', {}, /connectors has no connectors.*\[connector-count\]/],
  [
    'too many',
    Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`b${n}`, bank])),
    /got 17, allowed 1 to 16 .*\[connector-count\]/,
  ],
])('banks %s are refused', (_, connectors, message) => {
  expect(() => Connector.routed({ connectors, routes: [LAST] })).toThrow(message);
});

test("more than the task's environment holds is refused", () => {
  const large = { ...bank, certificateAuthority: authority.cert.repeat(40) };

  expect(() => Connector.http(large)).toThrow(/more than the task's environment .*16384 bytes .*\[connectors-size\]/);
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error('it was not refused');
}
