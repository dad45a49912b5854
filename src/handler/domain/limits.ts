/** Every bound of the handler, in one place. Units are in the names. */
export const LIMITS = {
  // HTTP
  bodyBytes: 16 * 1024,
  bodyDepth: 8,
  headerBytes: 8 * 1024,
  /** Above API Gateway's 310 s and below the load balancer's 350 s, so that the handler never closes a connection about to be used. */
  keepAliveMs: 320_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  longPollSeconds: 25,
  /** How often a parked long poll looks at the store itself, in case another process made the change. */
  longPollRereadMs: 2_000,
  pictureMaxAgeSeconds: 60,
  pageSize: 100,
  pageSizeDefault: 20,
  /** Items that one listing may look at while it filters by status. */
  listScan: 1_000,

  // Payment
  amountValue: 1e12,
  expirySeconds: { min: 60, max: 86_400, default: 900 },
  metadataKeyLength: 40,
  operations: 100,
  /** Of those, kept for cancel and refund, so that a payer who tries too often cannot block the way out. */
  operationsReserved: 20,
  indexShards: 8,

  // Bank
  connectorAttemptMs: 5_000,
  connectorConnections: 64,
  /** A reply leaves within 20 s, definite or not; the rest of it is for the store. */
  settleMs: 18_000,
  settleBackoffMs: { first: 100, most: 2_000 },
  /** A pending operation younger than this belongs to the process that began it. */
  handsOffMs: 7_000,
  sweepIntervalMs: 5_000,
  /** Waiting operations that a sweep looks at, and those that a process drives at once on its behalf. */
  sweepScan: 1_000,
  sweepBatch: 50,
  /** How long the sweep leaves alone what it has just tried; doubled with each try. */
  sweepBackoffMs: { first: 5_000, most: 300_000 },

  // Store
  writeAttempts: 5,
  storeAttemptMs: 1_000,
  storeTotalMs: 3_000,
  storeProbeMs: 1_000,
  /** How long a process stays ready without its store. */
  storeGraceMs: 60_000,

  // Process
  drainMs: 25_000,
  closePollMs: 50,
  /** After SIGTERM the process goes on listening this long, for the load balancer has not heard of it yet. */
  lameDuckMs: 3_000,
  secretRefreshMs: 180_000,
  simulatorRecords: 100_000,
  connectionsMax: 10_000,
} as const;
