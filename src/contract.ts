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
  SCOPE_PREFIX: 'SCOPE_PREFIX',
  /** `self-signed`: serve HTTPS with a certificate made at start, for a load balancer that encrypts to its targets. */
  TLS: 'TLS',
  /** `emf`: write CloudWatch embedded metrics to stdout; unset: none. */
  METRICS: 'METRICS',
  /** Name of this service in its metrics; unset: `qr-payments`. */
  SERVICE_NAME: 'SERVICE_NAME',
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

/** Every metric has the first dimension. Those of requests and connectors are there once more, with the second, for each route and bank. */
export const MetricDimension = {
  /** `SERVICE_NAME`: tells the services of one account apart. */
  SERVICE: 'Service',
  /** `<method> <path template>` */
  ROUTE: 'Route',
  /** A bank's name in `CONNECTORS`. */
  CONNECTOR: 'Connector',
} as const;

/** Value of `Service` where none is given. */
export const DEFAULT_SERVICE_NAME = 'qr-payments';

/**
 * The handler's metrics. Counts are to be summed over the tasks of a service. Times are milliseconds, and percentiles of them are
 * right within a task: of a busy interval its hundred percentiles are sent, so their number is no count of requests.
 */
export const Metric = {
  // by service and by route; requests for health are in none of them
  REQUESTS: 'Requests',
  CLIENT_ERRORS: 'ClientErrors',
  SERVER_ERRORS: 'ServerErrors',
  /** Without long polls that waited. */
  LATENCY: 'Latency',
  // by service and by connector
  CONNECTOR_CALLS: 'ConnectorCalls',
  CONNECTOR_LATENCY: 'ConnectorLatency',
  /** Nobody knows what the bank did; it is asked again. */
  CONNECTOR_UNKNOWN: 'ConnectorUnknown',
  /** Certainly nothing has reached the bank. */
  CONNECTOR_NOT_SENT: 'ConnectorNotSent',
  // by service: what became of payments
  PAYMENTS_CREATED: 'PaymentsCreated',
  PAYMENTS_AUTHORIZED: 'PaymentsAuthorized',
  PAYMENTS_CAPTURED: 'PaymentsCaptured',
  PAYMENTS_DECLINED: 'PaymentsDeclined',
  PAYMENTS_EXPIRED: 'PaymentsExpired',
  PAYMENTS_CANCELLED: 'PaymentsCancelled',
  REFUNDS: 'Refunds',
  /** The bank did after all what it had declined: it is undone, and somebody should know. */
  LATE_APPROVALS: 'LateApprovals',
  /** The bank's record differs from ours: people have to look at it. */
  NEEDS_RECONCILIATION: 'NeedsReconciliation',
  /** A saved reply was given again. */
  REPLAYS: 'Replays',
  CREATED_TO_CAPTURED: 'CreatedToCaptured',
  // by service: how the process is
  /** One request too many was told to come again. */
  REQUESTS_REFUSED: 'RequestsRefused',
  /** Sampled: its average over the tasks is what one task has in hand. */
  REQUESTS_IN_FLIGHT: 'RequestsInFlight',
  LONG_POLLS_PARKED: 'LongPollsParked',
  /** How late the event loop was to come round, of fifty looks a second. */
  EVENT_LOOP_DELAY: 'EventLoopDelay',
  STORE_LATENCY: 'StoreLatency',
  STORE_ERRORS: 'StoreErrors',
  /** Operations without a definite outcome that no request waits for. Every task sees them all: take the maximum. */
  OPERATIONS_UNRESOLVED: 'OperationsUnresolved',
  /** Seconds since the oldest of them began. */
  OLDEST_UNRESOLVED: 'OldestUnresolved',
} as const;

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

/** Length of `CONNECTORS` at most: what is left of those 64 KiB, with room for the rest of the definition. */
export const CONNECTORS_BYTES_MAX = 16 * 1024;

/** ARN of a Secrets Manager secret; one that is imported by name lacks the random characters at the end. */
export const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/;

/** Seconds the handler may take to finish what is in flight after SIGTERM. */
export const DRAIN_SECONDS = 30;

/** Files of the package's `assets` folder that both the bundle step and the constructs name. */
export const Asset = {
  HANDLER_DIRECTORY: 'handler',
  OPENAPI_DOCUMENT: 'openapi.json',
} as const;

/** A problem's `type` is this and its code. The gateway answers in the handler's words where it answers itself. */
export const PROBLEM_TYPE_PREFIX = 'urn:cdk-qr-payments:error:';
