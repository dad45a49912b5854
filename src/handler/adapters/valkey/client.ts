/** One connection to the cache, by `@redis/client`. It is not mended when it breaks: `cache.ts` makes another. */
import type { ConnectionOptions } from 'node:tls';
import type { RedisClientOptions } from '@redis/client';
import { LIMITS } from '../../domain/limits';

export type Argument = string | Buffer;
type Library = typeof import('@redis/client');

export interface CacheClient {
  /** Strings come back as buffers. Rejects when the cache refuses; may wait for ever. */
  send(args: readonly Argument[], key?: string): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  /** Resolves with the reason when it is of no more use. */
  readonly lost: Promise<unknown>;
  destroy(): void;
}

export interface ClientOptions {
  /** `redis:` or `valkey:`; with an `s` over TLS. */
  readonly url: string;
  /** @default none are shown */
  readonly credentialsProvider?: RedisClientOptions['credentialsProvider'];
  /** @default Node's own roots */
  readonly ca?: ConnectionOptions['ca'];
}

/** Asks the server whether it is a cluster, as ElastiCache Serverless is behind its one address, and connects as it answers. */
export async function connect(options: ClientOptions): Promise<CacheClient> {
  const library = await import('@redis/client'); // 50 ms of CPU time and 12 MB, for those who have a cache
  const common = commonOptions(library, options);
  const client = library.createClient({ ...common, socket: socketOptions(options) });
  const lost = new Promise<unknown>((resolve) => client.on('error', resolve));
  await inTime(client.connect(), client);
  const hello = await inTime(client.sendCommand<Record<string, unknown>>(['HELLO']), client);
  if (String(hello.mode) === 'cluster') {
    client.destroy();
    return connectCluster(library, options);
  }
  return {
    send: (args) => client.sendCommand(args),
    publish: (channel, message) => client.sendCommand(['PUBLISH', channel, message]),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    lost,
    destroy: () => client.destroy(),
  };
}

/** Channels are sharded there: a plain one would be told to every shard. */
async function connectCluster(library: Library, options: ClientOptions): Promise<CacheClient> {
  const common = commonOptions(library, options);
  const { host, port, ...defaults } = socketOptions(options);
  const cluster = library.createCluster({
    RESP: common.RESP,
    commandOptions: common.commandOptions,
    rootNodes: [{ socket: { host, port } }],
    defaults: { ...common, socket: defaults },
  });
  const lost = new Promise<unknown>((resolve) => cluster.on('error', resolve).on('node-error', resolve));
  await inTime(cluster.connect(), cluster);
  return {
    send: (args, key) => cluster.sendCommand(key, false, [...args]),
    publish: (channel, message) => cluster.sendCommand(channel, false, ['SPUBLISH', channel, message]),
    subscribe: (channel, listener) => cluster.sSubscribe(channel, listener),
    lost,
    destroy: () => cluster.destroy(),
  };
}

interface Destroyable {
  destroy(): void;
}

async function inTime<T>(step: Promise<T>, client: Destroyable): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the cache did not answer in time')), LIMITS.cacheConnectMs);
  });
  try {
    return await Promise.race([step, late]);
  } catch (error) {
    client.destroy();
    step.then(() => client.destroy()).catch(() => undefined); // it may come about after all
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing waits for a connection, nothing is sent twice, and no deadline but that of `cache.ts`. */
function commonOptions({ RESP_TYPES }: Library, { credentialsProvider }: ClientOptions) {
  return {
    RESP: 3 as const,
    credentialsProvider,
    commandsQueueMaxLength: LIMITS.cacheCommands,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled' as const,
    commandOptions: { timeout: undefined, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  };
}

function socketOptions({ url, ca }: ClientOptions) {
  const { protocol, hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    connectTimeout: LIMITS.cacheConnectMs / 2, // the other half is for what is said first
    reconnectStrategy: false as const,
    ...(protocol.endsWith('s:') && { tls: true as const, ca }),
  };
}
