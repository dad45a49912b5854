/** The composition root: environment in, a listening handler out. Only this file and `main.ts` know everything. */
import { type KeyObject, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createAwsJsonClient } from './adapters/aws/json-client';
import { readSecretVersions } from './adapters/aws/secrets';
import { createConnectors } from './adapters/connector/connectors';
import { openDynamoDbStore } from './adapters/dynamodb/payment-store';
import { loadOrCreateKey } from './adapters/embedded/data-dir';
import { openEmbeddedStore } from './adapters/embedded/payment-store';
import { createMemoryStore } from './adapters/memory/payment-store';
import { createMemoryPictures } from './adapters/memory/pictures';
import { createMemoryRateBudgets } from './adapters/memory/rate-budgets';
import { createMemoryWakeUps } from './adapters/memory/wake-ups';
import { Metrics } from './adapters/metrics/metrics';
import { observeStore } from './adapters/metrics/observed-store';
import { startReporter } from './adapters/metrics/reporter';
import { systemClock } from './adapters/system-clock';
import { createValkeySessionCache } from './adapters/valkey/session-cache';
import type { Deps } from './app/context';
import { type MerchantSeed, seedMerchants } from './app/merchants';
import type { Clock, PaymentStore, SessionCache } from './app/ports';
import { sweepForEver } from './app/resume';
import { InFlight } from './app/settle';
import { type Config, readConfig } from './config';
import { LIMITS } from './domain/limits';
import { DEMO_MERCHANT } from './http/caller';
import { Health } from './http/health';
import { Load } from './http/load';
import { routes } from './http/routes';
import { createServer } from './http/server';
import { type KeySources, openKeys } from './keys';
import { createLogger, type Logger } from './logger';
import { createObserver } from './observer';
import { makeCertificate } from './self-signed';

export interface StartOptions {
  /** May add routes before the handler listens; the demo does. */
  readonly extend?: (app: FastifyInstance) => void;
  /** Where log lines go; stdout by default. */
  readonly log?: NodeJS.WritableStream;
  /** How much it takes on; as `LIMITS` say by default. */
  readonly load?: Load;
}

export interface RunningHandler {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly logger: Logger;
  /** Stops at once, after what is in flight. */
  close(): Promise<void>;
  /** Tells the load balancer first, and goes on serving until it has heard. */
  drain(): Promise<void>;
}

/** @throws ConfigError naming every variable that is wrong; an error with code EADDRINUSE where the port is taken */
export async function startHandler(
  environment: NodeJS.ProcessEnv,
  options: StartOptions = {},
): Promise<RunningHandler> {
  const config = readConfig(environment);
  const logger = createLogger(config.logLevel, options.log);
  const stopping = new AbortController();
  const { signal } = stopping;
  const clock = systemClock;
  const load = options.load ?? new Load();
  const metrics = config.metricsOf === undefined ? undefined : new Metrics(config.metricsOf, clock);

  const store = await openStore(config, logger, metrics);
  const keys = await openKeys(config, keySources(config), clock, logger, signal);
  const connectors = createConnectors(config.connectors, {
    ...{ keys: keys.connectorKeys, clock },
    onCall: metrics && ((name, _method, result, ms) => metrics.connectorCall(name, result, ms)),
  });
  const { homeRegion } = config;
  const sessionCache = createSessionCache(config, keys.paymentIdKey, logger);
  const deps: Deps = {
    ...keys,
    store,
    connectors,
    observer: createObserver(logger, metrics),
    clock,
    homeRegion,
    wakeUps: sessionCache.wakeUps,
    inFlight: new InFlight(),
  };
  const hasDemo = config.loopback && config.store.kind !== 'dynamodb';
  await seedMerchants(deps, hasDemo ? [...config.merchants, DEMO_SEED] : config.merchants);

  const health = new Health(store);
  const app = createServer({
    ...{ ...config, deps, sessionCache, health, routes, logger, load, stopping: signal },
    tls: config.selfSignedTls ? makeCertificate() : undefined,
    onReply: (fields) => {
      logger.request(fields);
      metrics?.request(fields);
    },
  });
  options.extend?.(app);
  const url = await listen(app, config);
  sessionCache.open();
  logger.info('listening', {
    address: url,
    region: config.region,
    store: config.store.kind,
    connector: config.connectors.kind,
  });
  const stopReporting = metrics && startReporter({ metrics, load, write: logger.metrics });
  const sweeping = sweepForEver(deps, signal, (error) => logger.warn('sweep failed', { error }));

  const close = async () => {
    health.startDraining();
    stopping.abort();
    await closeServer(app, load, clock);
    await Promise.all([sweeping, deps.inFlight.idle()]);
    await Promise.all([store.close(), connectors.close(), sessionCache.close()]);
    stopReporting?.();
    logger.info('stopped');
  };
  const drain = async () => {
    health.startDraining();
    await clock.sleep(LIMITS.lameDuckMs);
    await close();
  };
  return { url, app, logger, close, drain };
}

/** Answers what is in flight. A connection that never sent a request would be waited for, so it is cut off when all others are gone. */
async function closeServer(app: FastifyInstance, load: Load, clock: Clock): Promise<void> {
  const closing = app.close();
  const endsAt = clock.elapsedMs() + LIMITS.drainMs;
  const isBusy = () => load.requestsInFlight + load.longPollsParked > 0;
  while (isBusy() && clock.elapsedMs() < endsAt) await clock.sleep(LIMITS.closePollMs);
  app.server.closeAllConnections();
  await closing;
}

async function listen(app: FastifyInstance, { host, port, selfSignedTls }: Config): Promise<string> {
  await app.listen({ host, port });
  const listening = app.server.address() as AddressInfo;
  const scheme = selfSignedTls ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
}

async function openStore({ store, region }: Config, logger: Logger, metrics?: Metrics): Promise<PaymentStore> {
  switch (store.kind) {
    case 'memory':
      return createMemoryStore();
    case 'embedded':
      return openEmbeddedStore(store.dataDir, region);
    case 'dynamodb': {
      const client = createAwsJsonClient({ service: 'dynamodb', region, endpoint: store.endpoint });
      const onFreeze = (isFrozen: boolean) =>
        isFrozen
          ? logger.error('WRITES ARE FROZEN: this table was restored; reconcile it with the bank: docs/restoring.md')
          : logger.info('writes are let through: the table has been reconciled');
      return openDynamoDbStore({
        ...{ tableName: store.tableName, region, client: observeStore(client, metrics) },
        onFreeze,
      });
    }
  }
}

export function keySources({ store, region, secretsEndpoint }: Config): KeySources {
  const secrets = createAwsJsonClient({ service: 'secretsmanager', region, endpoint: secretsEndpoint });
  return {
    // A store that forgets gets keys that are forgotten with it.
    generate: async (name) => (store.kind === 'embedded' ? loadOrCreateKey(store.dataDir, name) : randomBytes(32)),
    readSecret: (arn) => readSecretVersions(secrets, arn),
  };
}

/** Nothing waits for a cache to be there, at the start or later. */
function createSessionCache({ cache, callerRates }: Config, paymentIdKey: KeyObject, logger: Logger): SessionCache {
  const clock = systemClock;
  const wakeUps = createMemoryWakeUps();
  if (cache === undefined) {
    const rateBudgets = createMemoryRateBudgets(callerRates, clock);
    return {
      wakeUps,
      rateBudgets,
      pictures: createMemoryPictures(),
      open: () => undefined,
      close: async () => undefined,
    };
  }
  const onChange = (isUp: boolean, error?: unknown) =>
    isUp ? logger.info('cache connected') : logger.warn('cache lost: going on without it', { error });
  return createValkeySessionCache({ ...cache, callerRates, paymentIdKey, wakeUps, clock, onChange });
}

/** A developer can make a payment at once. */
const DEMO_SEED: MerchantSeed = {
  id: DEMO_MERCHANT,
  profile: {
    name: 'Demo Merchant',
    city: 'Singapore',
    country: 'SG',
    mcc: '5812',
    currency: 'SGD',
    accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
  },
};
