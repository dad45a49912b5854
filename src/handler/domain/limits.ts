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
  /** How often connections are looked at for those two. */
  slowClientCheckMs: 2_000,
  /** Requests that are being served at once; one more is told to come again. Each may wait for the bank as long as `settleMs`. */
  requestsInFlight: 1_000,
  /** Long polls that wait at once, counted apart, for they cost memory and a look at the store now and then. */
  longPollsParked: 2_000,
  /** A turn of the event loop that has served that many requests, for that long, tells the rest of them to come again. */
  turnRequests: 200,
  turnMs: 1_000,
  overloadedRetrySeconds: 1,
  /** A connection on which nothing moves while a request is open: longer than any request may take. */
  stalledMs: 35_000,
  /** For a client that was hung up on to read why. */
  lingerMs: 1_000,
  /** Errors told at most; a body of 16 KiB can hold thousands. */
  fieldErrors: 20,
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
  /** How far the clock of a process may be wrong. */
  clockErrorMs: 3_600_000,
  operations: 100,
  /** Of those, kept for cancel and refund, so that a payer who tries too often cannot block the way out. */
  operationsReserved: 20,
  indexShards: 8,

  // Bank
  connectorAttemptMs: 5_000,
  /** Calls to one bank at once, each on its own connection; one more is not sent. */
  connectorCalls: 256,
  /** To reach the bank, its proxy and its TLS; short, so that there is time for another bank. */
  connectorConnectMs: 2_000,
  /** Different operations in a row that fail until a bank is left alone, and how long until it is asked again. */
  connectorFailures: 5,
  connectorPauseMs: 1_000,
  /** A reply leaves within 20 s, definite or not; the rest of it is for the store. */
  settleMs: 18_000,
  settleBackoffMs: { first: 100, most: 2_000 },
  /** A pending operation younger than this belongs to the process that began it. */
  handsOffMs: 7_000,
  sweepIntervalMs: 5_000,
  /** Waiting operations that a sweep looks at, and those that a process drives at once on its behalf. */
  sweepScan: 1_000,
  sweepBatch: 50,
  /** How long the sweep leaves alone what it has just tried; doubled with each try, and short enough for an outcome within 30 s. */
  sweepBackoffMs: { first: 5_000, most: 15_000 },
  /** After a sweep that found more than it could drive, the next one follows soon. */
  sweepAgainMs: 500,
  /** A decline after silence is asked after once more, this much later. */
  doubtMs: 20_000,
  doubtTries: 5,
  /** Such declines that a process keeps in mind. */
  doubts: 1_000,

  // Store
  writeAttempts: 5,
  storeAttemptMs: 1_000,
  storeTotalMs: 3_000,
  storeProbeMs: 1_000,
  /** How long a process stays ready without its store. */
  storeGraceMs: 60_000,
  /** How often a process looks whether the table is still the one its payments were written for. */
  tableCheckMs: { open: 60_000, frozen: 5_000, 'not known': 1_000 },
  frozenRetrySeconds: 30,
  /** How long a process makes codes from a profile before it reads it again, and of how many merchants it holds one. */
  merchantCacheMs: 5_000,
  merchantCacheEntries: 1_000,
  /** Items of a page while a whole table is read, payments that are reconciled at once, and how often the bank is asked for one answer. */
  scanPage: 100,
  /** How often the process that has a data directory says so, and how long without is enough for another one to take it. */
  lockTouchMs: 1_000,
  lockStaleMs: 5_000,
  reconcileAtOnce: 32,
  reconcileAttempts: 4,
  /** Payments of which no bank says anything: so many are enough to stop, for a bank that is down. */
  reconcileUnanswered: 200,

  // AWS
  /** Attempts of one call; the deadline usually ends it first. */
  awsAttempts: 6,
  awsBackoffMs: { first: 25, most: 400 },
  /** What a retry takes out, of how much at most; a call that succeeds puts back 1. The figures are those of AWS's SDKs. */
  awsRetryBudget: { reserve: 500, cost: 5 },
  /** Requests that are under way at a time; more of them wait. */
  awsConnections: 100,
  /** Idle connections are closed before AWS closes them, so that few requests meet a connection that is about to go. */
  awsKeepAliveMs: 20_000,
  /** DynamoDB's largest reply is 16 MB. */
  awsReplyBytes: 20 * 1024 * 1024,
  /** New credentials are fetched this long before the old ones end, while those still serve. */
  credentialsRefreshAheadMs: 5 * 60_000,
  /** So close to the end a request might arrive too late: it waits for the new ones. */
  credentialsTooLateMs: 15_000,

  // Session cache
  cacheConnectMs: 2_000,
  /** What a call may take; whoever waits for it goes on without. */
  cacheCallMs: 50,
  /** So many calls in a row without an answer in time, over so long a time: then the connection is given up. */
  cacheLateCalls: 3,
  cacheSilentMs: 200,
  /** Calls under way at once; more fail at once. */
  cacheCommands: 1_000,
  cacheReconnectMs: { first: 100, most: 5_000 },
  cachePingMs: 5_000,
  /** ElastiCache cuts a connection off 12 h after its last authentication; there is time for two tries more. */
  cacheReauthenticateMs: 4 * 3_600_000,
  /** Spread over a cluster's shards. */
  wakeUpChannels: 4,
  /** Changes gather this long: to tell of ten costs little more than to tell of one. */
  wakeUpGatherMs: 5,
  /** Changes that wait to be told to other processes; more are found by their own looking. */
  wakeUpsPending: 1_000,
  wakeUpMessageBytes: 64 * 1024,
  rateBudgetCallers: 10_000,
  /** How long a request waits for the shared budget before this process decides by its own share. */
  rateBudgetWaitMs: 5,
  /** How long a used-up budget is not asked about again. */
  rateBudgetPauseMs: 20,
  /** How long the cache may say that a budget is used up. */
  rateBudgetEmptyMs: 2_000,
  /** A process counts as running this long after it was last heard of. */
  processSeenMs: 30_000,
  processesMax: 100,
  /** A larger picture is made each time. */
  pictureBytes: 64 * 1024,
  picturesBytes: 8 * 1024 * 1024,

  // Process
  drainMs: 25_000,
  closePollMs: 50,
  /** After SIGTERM the process goes on listening this long, for the load balancer has not heard of it yet. */
  lameDuckMs: 3_000,
  secretRefreshMs: 180_000,
  simulatorRecords: 100_000,
  connectionsMax: 10_000,
  /** Connections beyond those, which get nothing but an answer about health. */
  connectionsReserved: 100,
  /** How long the container's own health probe waits. */
  probeMs: 2_000,

  // Log, metrics, trace
  logFlushMs: 20,
  logFlushChars: 8 * 1024,
  stackLines: 8,
  /** Causes of an error that are told with it. */
  causes: 3,
  metricsIntervalMs: 30_000,
  gaugeIntervalMs: 1_000,
  /** Of CloudWatch: values of one metric in one line. */
  metricValues: 100,
  traceStateChars: 512,
  traceStateMembers: 32,
} as const;
