/**
 * `CONNECTORS`: the banks and the rules of who takes a payment, in one JSON document. What is wrong with it is told without what was given
 * wherever that may be a secret in the wrong place.
 */
import { type BankEntry, type DocumentProblem, type RouteRule, readConnectorsDocument } from '../connectors-document';
import { CONNECTORS_BYTES_MAX } from '../contract';
import type { SecretSource } from './config';
import { Problem } from './domain/errors';
import { parseStrictJson } from './http/strict-json';

export interface BankConfig {
  /** Without a slash at the end. */
  readonly url: string;
  /** Signs the requests. */
  readonly secret: SecretSource;
  /** PEM of the certificate, its chain and its private key. */
  readonly clientCertificate?: SecretSource;
  readonly certificateAuthority?: string;
  readonly proxyUrl?: string;
}

export type ConnectorsConfig =
  | { readonly kind: 'simulator' }
  | { readonly kind: 'http'; readonly banks: ReadonlyMap<string, BankConfig>; readonly routes: readonly RouteRule[] };

export interface ConnectorsReading {
  /** Only without problems. */
  readonly connectors?: ConnectorsConfig;
  /** Without the variable's name. */
  readonly problems: readonly string[];
}

/** Problems told at most; 16 KiB can hold thousands. */
const PROBLEMS_MAX = 20;

export function readConnectors(text: string): ConnectorsReading {
  const bytes = Buffer.from(text);
  if (bytes.length > CONNECTORS_BYTES_MAX)
    return { problems: [`has ${bytes.length} bytes; it takes ${CONNECTORS_BYTES_MAX} at most`] };
  const value = parse(bytes);
  if (value === undefined) return { problems: ['is no JSON in which no member comes twice'] };
  const { document, problems } = readConnectorsDocument(value);
  if (document === undefined) return { problems: problems.slice(0, PROBLEMS_MAX).map(describe) };
  const banks = Object.entries(document.connectors).map(([name, entry]) => [name, bankOf(entry)] as const);
  return { connectors: { kind: 'http', banks: new Map(banks), routes: document.routes }, problems: [] };
}

/** Undefined where it is not JSON; the parser's own words are about a request's body. */
function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function describe({ path, code, what, got, allowed, fix }: DocumentProblem): string {
  const isHarmless = path[0] === 'routes' || code === 'unknown-member' || code === 'connector-name';
  const shown = isHarmless ? `, got ${JSON.stringify(got) ?? 'nothing'}` : '';
  return `${path.map((part) => `/${part}`).join('')} ${what}${shown}; it takes ${allowed}; fix: ${fix}`.trimStart();
}

function bankOf(entry: BankEntry): BankConfig {
  const { url, clientCertificate, clientCertificateSecretArn, certificateAuthority, proxyUrl } = entry;
  return {
    url: url.replace(/\/+$/, ''),
    secret: entry.secretArn === undefined ? ofText(entry.secret) : ofArn(entry.secretArn),
    ...(clientCertificate !== undefined && { clientCertificate: ofText(clientCertificate) }),
    ...(clientCertificateSecretArn !== undefined && { clientCertificate: ofArn(clientCertificateSecretArn) }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

const ofText = (text: string): SecretSource => ({ kind: 'text', text });
const ofArn = (arn: string): SecretSource => ({ kind: 'secret', arn });
