/** The environment, read once and whole. What is wrong with it is told in one message that names every variable. */
import { BlockList, isIP } from 'node:net';
import { DEFAULT_SERVICE_NAME, Environment as Env, SECRET_ARN } from '../contract';
import type { MerchantSeed } from './app/merchants';
import { DEFAULT_CONNECTOR } from './app/ports';
import { type ConnectorsConfig, readConnectors } from './connectors-from-environment';
import { LOCAL_REGION, regionCode } from './domain/region';
import type { LogLevel } from './logger';
import { readMerchants } from './merchants-from-environment';

/** Where a key comes from. `generated`: made here and kept with the embedded store. `development`: the same everywhere, so worth nothing. */
export type KeySource =
  | { readonly kind: 'value'; readonly keys: readonly Buffer[] }
  | { readonly kind: 'secret'; readonly arn: string }
  | { readonly kind: 'generated' }
  | { readonly kind: 'development' };

export type SecretSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'secret'; readonly arn: string };

export type StoreConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'dynamodb'; readonly tableName: string; readonly endpoint?: string };

export interface CacheConfig {
  readonly url: string;
  /** As whom ElastiCache's IAM authentication lets this process in. */
  readonly iam?: { readonly user: string; readonly cacheName: string; readonly region: string };
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Nobody but this machine can connect. */
  readonly loopback: boolean;
  readonly store: StoreConfig;
  readonly paymentIdKey: KeySource;
  readonly qrKeys: KeySource;
  readonly connectors: ConnectorsConfig;
  /** Profiles to start with. */
  readonly merchants: readonly MerchantSeed[];
  readonly publicUrl: string;
  readonly scopePrefix: string;
  /** AWS name, for endpoints and events; `local` without one. */
  readonly region: string;
  /** Code of the Region that new payments belong to. */
  readonly homeRegion: string;
  readonly secretsEndpoint?: string;
  /** Without one, what processes could share each has for itself. */
  readonly cache?: CacheConfig;
  /** Requests a second of each caller; unset: any number. */
  readonly callerRates: { readonly writes?: number; readonly reads?: number };
  readonly logLevel: LogLevel;
  /** Whether to serve HTTPS, with a certificate made at start. */
  readonly selfSignedTls: boolean;
  /** Whose metrics to write; `undefined`: none. */
  readonly metricsOf?: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The environment is not one to start with:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const reader = new Reader(environment);
  const host = reader.text(Env.HOST) ?? '127.0.0.1';
  const region = reader.matching(Env.AWS_REGION, /^[a-z]{2,5}(-[a-z]+)+-\d$/, 'a Region such as ap-southeast-1');
  const homeRegion =
    reader.matching(Env.HOME_REGION, /^[a-z]{2,5}(-[a-z]+)+-\d$/, 'a Region such as ap-southeast-1') ?? region;
  const store = reader.store(region);
  const config: Config = {
    host,
    port: reader.port(),
    loopback: isLoopback(host),
    store,
    paymentIdKey: reader.key(Env.PAYMENT_ID_KEY, Env.PAYMENT_ID_KEY_SECRET_ARN, store, 1),
    qrKeys: reader.key(Env.QR_KEYS, Env.QR_KEYS_SECRET_ARN, store, 2),
    connectors: reader.connectors(),
    merchants: reader.merchants(),
    scopePrefix: reader.text(Env.SCOPE_PREFIX) ?? '',
    publicUrl: reader.url(Env.PUBLIC_URL, ['http:', 'https:'])?.replace(/\/+$/, '') ?? '',
    region: region ?? LOCAL_REGION,
    homeRegion: regionCode(homeRegion),
    secretsEndpoint: reader.url(Env.AWS_ENDPOINT_URL_SECRETS_MANAGER, ['http:', 'https:']),
    cache: reader.cache(region),
    callerRates: { writes: reader.rate(Env.CALLER_WRITES_PER_SECOND), reads: reader.rate(Env.CALLER_READS_PER_SECOND) },
    logLevel: (reader.matching(Env.LOG_LEVEL, /^(debug|info|warn|error)$/, 'debug, info, warn or error') ??
      'info') as LogLevel,
    selfSignedTls: reader.matching(Env.TLS, /^self-signed$/, 'self-signed, or nothing for plain HTTP') !== undefined,
    metricsOf: reader.metrics(),
  };
  reader.finish(config);
  return Object.freeze(config);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const KEY_BYTES = 32;
const CACHE_ID = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

class Reader {
  private readonly problems: string[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** An empty variable is an unset one: that is how templates leave things out. */
  text(name: string): string | undefined {
    return this.environment[name] || undefined;
  }

  matching(name: string, form: RegExp, allowed: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || form.test(value)) return value;
    this.problems.push(`${name} is ${JSON.stringify(value)}; it takes ${allowed}`);
    return undefined;
  }

  /** Not shown where it is none: it may be the secret itself, in the wrong variable. */
  private arn(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || SECRET_ARN.test(value)) return value;
    this.problems.push(`${name} is not the ARN of a Secrets Manager secret`);
    return undefined;
  }

  port(): number {
    const port = Number(this.matching(Env.PORT, /^\d{1,5}$/, 'a port, 0 to 65535') ?? '8080');
    if (port > 65_535) this.problems.push(`${Env.PORT} is "${port}"; it takes a port, 0 to 65535`);
    return port;
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (
      url === undefined ||
      !protocols.includes(url.protocol) ||
      url.search !== '' ||
      url.hash !== '' ||
      url.username !== ''
    ) {
      // The value is not shown: an address may hold a password.
      this.problems.push(
        `${name} is no URL of ${protocols.map((each) => `${each}//`).join(' or ')} without user, query and fragment`,
      );
    }
    return value;
  }

  store(region: string | undefined): StoreConfig {
    const tableName = this.text(Env.TABLE_NAME);
    const dataDir = this.text(Env.DATA_DIR);
    const endpoint = this.url(Env.AWS_ENDPOINT_URL_DYNAMODB, ['http:', 'https:']);
    if (tableName === undefined) return dataDir === undefined ? { kind: 'memory' } : { kind: 'embedded', dataDir };
    if (dataDir !== undefined) this.problems.push(`${Env.DATA_DIR} and ${Env.TABLE_NAME} are both set; set one`);
    if (region === undefined)
      this.problems.push(`${Env.AWS_REGION} is missing; with ${Env.TABLE_NAME} it says where the table is`);
    return { kind: 'dynamodb', tableName, endpoint };
  }

  /** @param most how many keys the variable may list, separated by commas */
  key(name: string, arnName: string, store: StoreConfig, most: number): KeySource {
    const given = this.secret(name, arnName);
    if (given?.kind === 'secret') return given;
    if (given !== undefined) return { kind: 'value', keys: this.base64Keys(name, given.text, most) };
    if (store.kind !== 'dynamodb') return { kind: 'generated' };
    if (store.endpoint !== undefined && URL.canParse(store.endpoint) && isLoopback(new URL(store.endpoint).hostname))
      return { kind: 'development' };
    this.problems.push(`${name} or ${arnName} is missing; with ${Env.TABLE_NAME} one of them is needed`);
    return { kind: 'development' };
  }

  private secret(name: string, arnName: string): SecretSource | undefined {
    const text = this.text(name);
    const arn = this.arn(arnName);
    if (text !== undefined && arn !== undefined) this.problems.push(`${name} and ${arnName} are both set; set one`);
    if (arn !== undefined) return { kind: 'secret', arn };
    return text === undefined ? undefined : { kind: 'text', text };
  }

  private base64Keys(name: string, text: string, most: number): Buffer[] {
    const parts = text.split(',').map((part) => part.trim());
    const keys = parts.map((part) => (BASE64.test(part) ? Buffer.from(part, 'base64') : Buffer.alloc(0)));
    if (keys.length > most || keys.some((key) => key.length < KEY_BYTES)) {
      const allowed = most === 1 ? 'a key in base64' : `1 to ${most} keys in base64, separated by a comma, each`;
      this.problems.push(`${name} takes ${allowed} of ${KEY_BYTES} bytes or more`);
    }
    return keys;
  }

  /** Without a word about a bank it is the simulator; with a wrong one nothing starts, so that no payment goes there instead. */
  connectors(): ConnectorsConfig {
    const text = this.text(Env.CONNECTORS);
    if (text === undefined) return this.oneConnector();
    for (const name of [Env.CONNECTOR_URL, Env.CONNECTOR_SECRET, Env.CONNECTOR_SECRET_ARN]) {
      if (this.text(name) !== undefined) this.problems.push(`${name} and ${Env.CONNECTORS} are both set; set one`);
    }
    const { connectors, problems } = readConnectors(text);
    this.problems.push(...problems.map((problem) => `${Env.CONNECTORS} ${problem}`));
    return connectors ?? { kind: 'simulator' };
  }

  /** The short form. */
  private oneConnector(): ConnectorsConfig {
    const url = this.url(Env.CONNECTOR_URL, ['http:', 'https:']);
    const secret = this.secret(Env.CONNECTOR_SECRET, Env.CONNECTOR_SECRET_ARN);
    if (url === undefined) return { kind: 'simulator' };
    if (URL.canParse(url) && new URL(url).protocol === 'http:' && !isLoopback(new URL(url).hostname)) {
      this.problems.push(
        `${Env.CONNECTOR_URL} is http://; a bank is reached by https://, except on a loopback address`,
      );
    }
    if (secret === undefined) {
      this.problems.push(
        `${Env.CONNECTOR_SECRET} or ${Env.CONNECTOR_SECRET_ARN} is missing; with ${Env.CONNECTOR_URL} one of them is needed`,
      );
      return { kind: 'simulator' };
    }
    const banks = new Map([[DEFAULT_CONNECTOR, { url: url.replace(/\/+$/, ''), secret }]]);
    return { kind: 'http', banks, routes: [{ connectors: [DEFAULT_CONNECTOR] }] };
  }

  cache(region: string | undefined): CacheConfig | undefined {
    const text = this.url(Env.CACHE_URL, ['valkey:', 'valkeys:', 'redis:', 'rediss:']);
    const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
    if (url !== undefined && (url.hostname === '' || url.pathname.length > 1))
      this.problems.push(`${Env.CACHE_URL} takes a host and a port, and nothing behind them`);
    const user = this.matching(Env.CACHE_USER, CACHE_ID, 'the id of an ElastiCache user');
    const cacheName = this.matching(Env.CACHE_NAME, CACHE_ID, 'the name of an ElastiCache cache');
    if (user === undefined && cacheName === undefined) return text === undefined ? undefined : { url: text };
    if (user === undefined || cacheName === undefined) {
      this.problems.push(`${Env.CACHE_USER} and ${Env.CACHE_NAME} go together; set both or neither`);
      return undefined;
    }
    if (text === undefined) this.problems.push(`${Env.CACHE_URL} is missing; ${Env.CACHE_USER} is a user of a cache`);
    if (region === undefined) this.problems.push(`${Env.AWS_REGION} is missing; with ${Env.CACHE_USER} it is signed`);
    if (url !== undefined && !url.protocol.endsWith('s:') && !isLoopback(url.hostname))
      this.problems.push(`${Env.CACHE_URL} is without TLS; with ${Env.CACHE_USER} it takes valkeys://`);
    return { url: text ?? '', iam: { user, cacheName, region: region ?? LOCAL_REGION } };
  }

  rate(name: string): number | undefined {
    const text = this.matching(name, /^[1-9]\d{0,5}$/, 'a number of requests, 1 to 999999');
    return text === undefined ? undefined : Number(text);
  }

  metrics(): string | undefined {
    const kind = this.matching(Env.METRICS, /^emf$/, 'emf, or nothing for none');
    const name = this.matching(
      Env.SERVICE_NAME,
      /^[A-Za-z0-9][\w./:-]{0,127}$/,
      'a name of 1 to 128 letters, digits and . _ - / :',
    );
    return kind === undefined ? undefined : (name ?? DEFAULT_SERVICE_NAME);
  }

  merchants(): readonly MerchantSeed[] {
    const text = this.text(Env.MERCHANTS);
    if (text === undefined) return [];
    const { seeds, problems } = readMerchants(text);
    this.problems.push(...problems.map((problem) => `${Env.MERCHANTS} ${problem}`));
    return seeds;
  }

  finish({ homeRegion }: Config): void {
    if (!/^[a-z0-9]{1,8}$/.test(homeRegion))
      this.problems.push(`${Env.HOME_REGION} makes the code ${homeRegion}; it may have 8 characters at most`);
    if (this.problems.length > 0) throw new ConfigError(this.problems);
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version === 0 ? address === 'localhost' : LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
