/**
 * Connectors at synth: the document that the handler reads, and its rules (`src/connectors-document`) told in the words of the props. A token
 * is not judged, but what stands around it is.
 */
import { Token } from 'aws-cdk-lib';
import type { Connector } from '../connector';
import type { HttpConnectorProps } from '../connector-props';
import {
  type BankEntry,
  type ConnectorsDocument,
  type DocumentProblem,
  readConnectorsDocument,
} from '../connectors-document';
import { CONNECTORS_BYTES_MAX } from '../contract';
import { known, refuse } from './validation';

type Banks = Pick<Connector, '_banks' | '_routes'>;

/** What the handler reads as `CONNECTORS`. */
export function connectorsDocument({ _banks, _routes }: Banks): ConnectorsDocument {
  const entries = Object.entries(_banks).map(([name, bank]) => [name, bankEntry(bank)] as const);
  return { connectors: Object.fromEntries(entries), routes: _routes };
}

/**
 * @param where the factory
 * @param within what of the document the factory's props are
 */
export function checkConnectors(where: string, connector: Banks, within: readonly string[] = []): void {
  const document = withStandIns(connectorsDocument(connector));
  const [problem] = readConnectorsDocument(document).problems;
  if (problem !== undefined) refuseProblem(where, problem, within.length);
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= CONNECTORS_BYTES_MAX) return;
  refuse(where, {
    code: 'connectors-size',
    what: "connectors and routes are more than the task's environment can hold",
    got: bytes,
    allowed: `${CONNECTORS_BYTES_MAX} bytes of JSON`,
    fix: 'give each bank only the authority that it needs, and join rules',
  });
}

/** Whether a URL and a secret say it all. */
export function isShortForm({ _banks }: Banks): boolean {
  const { default: bank, ...others } = _banks;
  if (bank === undefined || Object.keys(others).length > 0) return false;
  const { url: _url, secret: _secret, ...more } = bank;
  return Object.values(more).every((value) => value === undefined);
}

/** TCP ports that the tasks need to reach the banks, or their proxies. Of a token it is the port of https. */
export function bankPorts({ _banks }: Banks): number[] {
  return Object.values(_banks).map(({ url, proxyUrl = url }) => {
    const { protocol, port } = new URL(known(proxyUrl) ?? 'https://token');
    return Number(port || (protocol === 'http:' ? HTTP_PORT : HTTPS_PORT));
  });
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

function bankEntry({ url, secret, clientCertificate, certificateAuthority, proxyUrl }: HttpConnectorProps): BankEntry {
  return {
    url,
    secretArn: secret.secretArn,
    ...(clientCertificate !== undefined && { clientCertificateSecretArn: clientCertificate.secretArn }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

/** For a token; ARNs as long as CloudFormation's own may be. An authority of which nothing is known is left out. */
const ARN = `arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:${'x'.repeat(128)}`;
const STAND_INS: Readonly<Record<string, string>> = {
  url: 'https://token',
  secretArn: ARN,
  clientCertificateSecretArn: ARN,
  proxyUrl: 'https://token',
};

function withStandIns(document: ConnectorsDocument): unknown {
  const replace = ([member, value]: [string, unknown]) => [
    member,
    Token.isUnresolved(value) ? STAND_INS[member] : value,
  ];
  const banks = Object.entries(document.connectors).map(([name, bank]) => [
    name,
    Object.fromEntries(Object.entries(bank).map(replace)),
  ]);
  return { ...document, connectors: Object.fromEntries(banks) };
}

/** Names of the document that are other names in the props. */
const PROPS: Readonly<Record<string, string>> = {
  secretArn: 'secret',
  clientCertificateSecretArn: 'clientCertificate',
};

function refuseProblem(where: string, { path, code, what, got, allowed, fix }: DocumentProblem, within: number): never {
  const member = path
    .slice(within)
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${PROPS[part] ?? part}`))
    .join('')
    .slice(1);
  refuse(where, { code, what: `${member} ${what}`.trimStart(), got, allowed, fix });
}
