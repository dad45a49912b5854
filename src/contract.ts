/**
 * What the two halves must agree on: the constructs, which run at synth time, and the handler, which runs in the container.
 *
 * Imports nothing, so that neither half can pull the other in. A name that only one half needs does not belong here.
 */

/** Environment variables of the handler. Their meaning is documented in `docs/architecture.md`. */
export const Environment = {
  PORT: 'PORT',
  HOST: 'HOST',
  DATA_DIR: 'DATA_DIR',
  TABLE_NAME: 'TABLE_NAME',
  PAYMENT_ID_KEY: 'PAYMENT_ID_KEY',
  PAYMENT_ID_KEY_SECRET_ARN: 'PAYMENT_ID_KEY_SECRET_ARN',
  QR_KEYS: 'QR_KEYS',
  QR_KEYS_SECRET_ARN: 'QR_KEYS_SECRET_ARN',
  CACHE_URL: 'CACHE_URL',
  /** User and cache name of ElastiCache's IAM authentication; both or neither. */
  CACHE_USER: 'CACHE_USER',
  CACHE_NAME: 'CACHE_NAME',
  /** Budgets of each caller, a second; unset: none. */
  CALLER_WRITES_PER_SECOND: 'CALLER_WRITES_PER_SECOND',
  CALLER_READS_PER_SECOND: 'CALLER_READS_PER_SECOND',
  CONNECTORS: 'CONNECTORS',
  CONNECTOR_URL: 'CONNECTOR_URL',
  CONNECTOR_SECRET: 'CONNECTOR_SECRET',
  CONNECTOR_SECRET_ARN: 'CONNECTOR_SECRET_ARN',
  MERCHANTS: 'MERCHANTS',
  PUBLIC_URL: 'PUBLIC_URL',
  /** `self-signed`: serve HTTPS with a certificate made at start, for a load balancer that encrypts to its targets. */
  TLS: 'TLS',
  /** `emf`: write CloudWatch embedded metrics to stdout; unset: none. */
  METRICS: 'METRICS',
  HOME_REGION: 'HOME_REGION',
  AWS_REGION: 'AWS_REGION',
  LOG_LEVEL: 'LOG_LEVEL',
  /** The SDK's own names; set by hand only, to reach a local stand-in. */
  AWS_ENDPOINT_URL_DYNAMODB: 'AWS_ENDPOINT_URL_DYNAMODB',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const;

/** Keys of the payments table; see `docs/decisions/0001-stored-shape.md`. All are strings. */
export const Table = {
  PARTITION_KEY: 'pk',
  /** Payments of one merchant, newest first. Keys only. */
  LIST_INDEX: { name: 'byMerchant', partitionKey: 'merchantShard', sortKey: 'createdAtId' },
  /** Payments with an operation whose outcome is not definite yet. Sparse, keys only. */
  PENDING_INDEX: { name: 'pending', partitionKey: 'pendingShard', sortKey: 'pendingSince' },
} as const;

/** CloudWatch namespace of the handler's own metrics. */
export const METRIC_NAMESPACE = 'QrPayments';

/** Where the handler listens inside the container. */
export const CONTAINER_PORT = 8080;

/** Paths that answer without authorization. */
export const HealthPath = {
  /** The process is up. */
  LIVE: '/health/live',
  /** The process can serve. */
  READY: '/health/ready',
  /** This Region may take payments: what Route 53 asks. */
  REGION: '/health/region',
} as const;

/** Headers that only the gateway may set; the handler trusts them. */
export const TrustedHeader = {
  /** The caller's own account. */
  MERCHANT_ID: 'x-merchant-id',
  /** Space-separated scopes. */
  SCOPES: 'x-scopes',
  /** Names the request in every response, log line and event. */
  REQUEST_ID: 'x-request-id',
} as const;

/** Length of `MERCHANTS` at most: a task definition of ECS has 64 KiB, in which every quotation mark counts twice. */
export const MERCHANTS_BYTES_MAX = 32 * 1024;

/** Seconds the handler may take to finish what is in flight after SIGTERM. */
export const DRAIN_SECONDS = 30;

/** Files of the package's `assets` folder that both the bundle step and the constructs name. */
export const Asset = {
  HANDLER_DIRECTORY: 'handler',
  OPENAPI_DOCUMENT: 'openapi.json',
} as const;

/** A problem's `type` is this and its code. The gateway answers in the handler's words where it answers itself. */
export const PROBLEM_TYPE_PREFIX = 'urn:cdk-qr-payments:error:';
