/** What `Connector` takes: banks, and the rules of which of them takes a payment. */
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** A connector service of the bank's. */
export interface HttpConnectorProps {
  /** Base URL of the bank's connector service, with https and without a trailing slash, query or credentials. */
  readonly url: string;

  /**
   * Signs every request (Standard Webhooks, HMAC-SHA256). Read by the service at start and again every few minutes, so that a
   * new value needs no restart.
   */
  readonly secret: secretsmanager.ISecret;

  /**
   * Proves to the bank who calls (mutual TLS): PEM of the certificate, its chain and its private key, one after the other in one text.
   * Read like `secret`; open connections end in peace.
   *
   * @default - none
   */
  readonly clientCertificate?: secretsmanager.ISecret;

  /**
   * PEM of the only authorities that the bank's certificate may come from, one or more. No secret.
   *
   * @default - the public authorities that Node.js trusts
   */
  readonly certificateAuthority?: string;

  /**
   * HTTP proxy that the bank is reached through by CONNECT, such as `http://proxy.internal:3128`; without credentials. It sees no payment:
   * TLS goes through it to the bank.
   *
   * @default - the bank is reached directly
   */
  readonly proxyUrl?: string;
}

/** A rule of who takes a payment. What is left out matches every payment. Known at synth. */
export interface ConnectorRoute {
  /**
   * Names of QR schemes as the API has them, such as `pix`: the scheme of the account that is paid into.
   *
   * @default - any
   */
  readonly schemes?: string[];

  /**
   * ISO 4217 codes.
   *
   * @default - any
   */
  readonly currencies?: string[];

  /**
   * Least amount in minor units; with `currencies` only, for minor units are not the same in all.
   *
   * @default - any
   */
  readonly minAmount?: number;

  /**
   * Largest amount in minor units; with `currencies` only.
   *
   * @default - any
   */
  readonly maxAmount?: number;

  /** Names of connectors, the preferred one first. The next one is asked only when nothing can have reached the one before. */
  readonly connectors: string[];
}

/** Several banks. */
export interface RoutedConnectorProps {
  /**
   * Banks by their names, 1 to 16: a small letter, then up to 31 small letters, digits and `-`. Payments keep the name of their bank, so a
   * bank stays here until its payments are over; it needs no route. What was paid with `Connector.http` is kept as `default`.
   */
  readonly connectors: { readonly [name: string]: HttpConnectorProps };

  /** Rules in order, of which the first that matches decides; the last one must match every payment. */
  readonly routes: ConnectorRoute[];
}
