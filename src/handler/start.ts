/** The composition root: environment in, a listening handler out. Only this file and `main.ts` know everything. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createAwsJsonClient } from './adapters/aws/json-client';
import { readSecretVersions } from './adapters/aws/secrets';
import { createHttpConnector } from './adapters/connector/http';
import { oneConnector } from './adapters/connector/routing';
import { createSimulator } from './adapters/connector/simulator';
import { createDynamoDbStore } from './adapters/dynamodb/payment-store';
import { loadOrCreateKey } from './adapters/embedded/data-dir';
import { openEmbeddedStore } from './adapters/embedded/payment-store';
import { createMemoryStore } from './adapters/memory/payment-store';
import { createMemoryWakeUps } from './adapters/memory/wake-ups';
import { systemClock } from './adapters/system-clock';
import type { Deps } from './app/context';
import { type MerchantSeed, seedMerchants } from './app/merchants';
import type { Clock, Connector, PaymentStore } from './app/ports';
import { sweepForEver } from './app/resume';
import { InFlight } from './app/settle';
import { type Config, readConfig } from './config';
import { LIMITS } from './domain/limits';
import { DEMO_MERCHANT } from './http/caller';
import { Health } from './http/health';
import { routes } from './http/routes';
import { createServer } from './http/server';
import { type KeySources, type Keys, openKeys } from './keys';
import { createLogger } from './logger';

export interface StartOptions {
  /** May add routes before the handler listens; the demo does. */
  readonly extend?: (app: FastifyInstance) => void;
  /** Where log lines go; stdout by default. */
  readonly log?: NodeJS.WritableStream;
}

export interface RunningHandler {
  readonly url: string;
  readonly app: FastifyInstance;
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

  const store = await openStore(config);
  const keys = await openKeys(config, keySources(config), clock, logger, signal);
  const connector = openConnector(config, keys);
  const { homeRegion } = config;
  const deps: Deps = {
    ...keys,
    store,
    connectors: oneConnector(connector),
    observer: { changed: () => undefined, replayed: () => undefined },
    clock,
    homeRegion,
    wakeUps: createMemoryWakeUps(),
    inFlight: new InFlight(),
  };
  const hasDemo = config.loopback && config.store.kind !== 'dynamodb';
  await seedMerchants(deps, hasDemo ? [...config.merchants, DEMO_SEED] : config.merchants);

  const health = new Health(store);
  const app = createServer({ ...config, deps, health, routes, logger, stopping: signal });
  options.extend?.(app);
  const url = await listen(app, config);
  logger.info('listening', {
    address: url,
    region: config.region,
    store: config.store.kind,
    connector: config.connector.kind,
  });
  if (config.hasUnusedCache) logger.warn('CACHE_URL is not used by this version: caches are in-process');
  const sweeping = sweepForEver(deps, signal, (error) => logger.warn('sweep failed', { error }));

  const close = async () => {
    health.startDraining();
    stopping.abort();
    await closeServer(app, clock);
    await Promise.all([sweeping, deps.inFlight.idle()]);
    await Promise.all([store.close(), connector.close?.()]);
    logger.info('stopped');
  };
  const drain = async () => {
    health.startDraining();
    await clock.sleep(LIMITS.lameDuckMs);
    await close();
  };
  return { url, app, close, drain };
}

/** Answers what is in flight. A connection that never sent a request would be waited for, so it is cut off when all others are gone. */
async function closeServer(app: FastifyInstance, clock: Clock): Promise<void> {
  const closing = app.close();
  const endsAt = clock.elapsedMs() + LIMITS.drainMs;
  while (app.requestsInFlight() > 0 && clock.elapsedMs() < endsAt) await clock.sleep(LIMITS.closePollMs);
  app.server.closeAllConnections();
  await closing;
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  await app.listen({ host, port });
  const listening = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
}

function openStore({ store, region }: Config): PaymentStore | Promise<PaymentStore> {
  switch (store.kind) {
    case 'memory':
      return createMemoryStore();
    case 'embedded':
      return openEmbeddedStore(store.dataDir, region);
    case 'dynamodb': {
      const client = createAwsJsonClient({ service: 'dynamodb', region, endpoint: store.endpoint });
      return createDynamoDbStore({ tableName: store.tableName, region, client });
    }
  }
}

function keySources({ store, region, secretsEndpoint }: Config): KeySources {
  const secrets = createAwsJsonClient({ service: 'secretsmanager', region, endpoint: secretsEndpoint });
  return {
    // A store that forgets gets keys that are forgotten with it.
    generate: async (name) => (store.kind === 'embedded' ? loadOrCreateKey(store.dataDir, name) : randomBytes(32)),
    readSecret: (arn) => readSecretVersions(secrets, arn),
  };
}

function openConnector({ connector }: Config, { connectorKey }: Keys): Connector & { close?(): Promise<void> } {
  if (connector.kind === 'simulator') return createSimulator(systemClock);
  return createHttpConnector({ url: connector.url, key: connectorKey, clock: systemClock });
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
