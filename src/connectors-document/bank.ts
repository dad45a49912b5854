/** A bank or processor in the document: where it is, and how both sides prove who they are. */
import { X509Certificate } from 'node:crypto';
import { SECRET_ARN } from '../contract';
import type { Members, Problems } from './problems';

/** Each secret is a text or the ARN of a Secrets Manager secret; the first one signs the requests. */
export type BankEntry = BankMembers &
  (
    | { readonly secret: string; readonly secretArn?: undefined }
    | { readonly secret?: undefined; readonly secretArn: string }
  );

interface BankMembers {
  readonly url: string;
  /** PEM of the certificate, its chain and its private key; one of the two, or none. */
  readonly clientCertificate?: string;
  readonly clientCertificateSecretArn?: string;
  /** PEM of the only authorities that the bank's certificate may come from. */
  readonly certificateAuthority?: string;
  /** HTTP proxy that the bank is reached through, by CONNECT. */
  readonly proxyUrl?: string;
}

const MEMBERS = [
  ...['url', 'secret', 'secretArn', 'clientCertificate', 'clientCertificateSecretArn'],
  ...['certificateAuthority', 'proxyUrl'],
];
/** As a URL has them once it is read: shorter forms are written out then. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

export function checkBank(value: unknown, problems: Problems): void {
  const bank = problems.members(value, MEMBERS);
  if (bank === undefined) return;
  problems.at('url', () => checkUrl(bank, problems));
  checkSecret(bank, ['secret', 'secretArn'], true, problems);
  checkSecret(bank, ['clientCertificate', 'clientCertificateSecretArn'], false, problems);
  const { certificateAuthority, proxyUrl } = bank;
  if (certificateAuthority !== undefined)
    problems.at('certificateAuthority', () => checkAuthority(certificateAuthority, problems));
  if (proxyUrl !== undefined) problems.at('proxyUrl', () => checkProxy(proxyUrl, problems));
}

function checkUrl(bank: Members, problems: Problems): void {
  const url = readUrl(bank.url);
  const hasTls = MEMBERS.some((name) => /certificate/i.test(name) && bank[name] !== undefined);
  if (url?.protocol === 'https:' || (url !== undefined && LOOPBACK_HOST.test(url.hostname) && !hasTls)) return;
  problems.add('connector-url', 'is no base URL that a bank is reached by', {
    got: bank.url,
    allowed: 'https:// without user, query and fragment; http:// on a loopback address where there are no certificates',
    fix: "write it like 'https://bank.example/qr'",
  });
}

function checkSecret(
  bank: Members,
  [text, arn]: readonly [text: string, arn: string],
  isRequired: boolean,
  problems: Problems,
): void {
  const given = [text, arn].filter((name) => bank[name] !== undefined);
  if (given.length > 1 || (given.length === 0 && isRequired)) {
    problems.add('connector-secret', given.length === 0 ? `has no ${text}` : `has its ${text} twice`, {
      got: given,
      allowed: `one of ${text} and ${arn}`,
      fix: given.length === 0 ? 'set one' : 'leave one out',
    });
  }
  for (const name of given) {
    const value = bank[name];
    if (typeof value === 'string' && (name === text ? value !== '' : SECRET_ARN.test(value))) continue;
    const allowed = name === text ? 'a text' : 'the ARN of a Secrets Manager secret';
    problems.at(name, () =>
      problems.add('connector-secret', `is not ${allowed}`, { got: value, allowed, fix: 'copy it whole' }),
    );
  }
}

function checkAuthority(value: unknown, problems: Problems): void {
  const text = typeof value === 'string' ? value : '';
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate) && !text.includes('PRIVATE KEY')) return;
  problems.add('certificate-authority', 'is not made of certificates that can be read', {
    got: `${text.length} characters`,
    allowed: 'one or more certificates in PEM, and no private key',
    fix: "paste the bank's authority whole, with its BEGIN and END lines",
  });
}

function checkProxy(value: unknown, problems: Problems): void {
  if (readUrl(value)?.pathname === '/') return;
  problems.add('proxy-url', 'is no proxy', {
    got: value,
    allowed: 'http:// or https://, a host and a port; no user, path, query or fragment',
    fix: "write it like 'http://proxy.internal:3128'",
  });
}

function readUrl(value: unknown): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined;
  return `${url.username}${url.password}${url.search}${url.hash}` === '' ? url : undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
