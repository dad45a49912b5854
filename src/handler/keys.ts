/** The deployment's keys, from wherever they are kept. Key objects are made once: importing a key costs more than using it. */
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { type QrKeys, qrKey } from '../qr';
import type { SecretVersions } from './adapters/aws/secrets';
import type { ConnectorKeys } from './adapters/connector/http';
import type { Clock } from './app/ports';
import type { Config, KeySource, SecretSource } from './config';
import { BankKeys } from './connector-keys';
import type { Logger } from './logger';
import { Rotating, refreshForEver } from './rotating';

export interface Keys {
  /** Never rotates. */
  readonly paymentIdKey: KeyObject;
  /** The first signs, all verify. Rotates while the process runs, like the next one. */
  readonly qrKeys: () => QrKeys;
  /** Of a bank that is configured under that name. */
  readonly connectorKeys: (name: string) => ConnectorKeys;
}

export interface KeySources {
  /** A key that was made here before, or is made now. */
  generate(name: string): Promise<Buffer>;
  readSecret(arn: string): Promise<SecretVersions>;
}

const KEY_BYTES = 32;
/** No secret at all, so that two processes on one local table agree. Only ever used with a loopback DynamoDB. */
const DEVELOPMENT_KEY = createHash('sha256').update('cdk-qr-payments development key').digest();

/** @param stopping ends the rereading of the keys that rotate; a failed read leaves the ones there are */
export async function openKeys(
  config: Config,
  sources: KeySources,
  clock: Clock,
  logger: Logger,
  stopping: AbortSignal,
): Promise<Keys> {
  const banks = config.connectors.kind === 'http' ? [...config.connectors.banks] : [];
  const readText = async (source: SecretSource) =>
    source.kind === 'text' ? source.text : (await sources.readSecret(source.arn)).current;
  const [[paymentIdKey], qrKeys, keysOfBanks] = await Promise.all([
    loadKeys('payment-id', config.paymentIdKey, sources),
    Rotating.open(() => loadQrKeys(config.qrKeys, sources)),
    Promise.all(banks.map(async ([name, bank]) => [name, await BankKeys.open(name, bank, readText)] as const)),
  ]);
  const bankKeys = new Map(keysOfBanks);

  const rotating = [
    ...(config.qrKeys.kind === 'secret' ? [qrKeys] : []),
    ...keysOfBanks.flatMap(([, keys]) => keys.rotating),
  ];
  void refreshForEver(rotating, clock, stopping, (error) => logger.warn('a secret could not be read again', { error }));
  if (config.paymentIdKey.kind === 'development') logger.warn('development keys: only for a DynamoDB on this machine');
  return {
    paymentIdKey: createSecretKey(paymentIdKey),
    qrKeys: () => qrKeys.current,
    connectorKeys: (name) => bankKeys.get(name)?.current ?? missing(`connector ${name}`),
  };
}

/** In Secrets Manager the two are the current version and the one before it. */
async function loadQrKeys(source: KeySource, sources: KeySources): Promise<QrKeys> {
  const keys = await loadKeys('qr', source, sources);
  return keys.map((key) => qrKey(keyId(key), key));
}

async function loadKeys(name: string, source: KeySource, sources: KeySources): Promise<readonly Buffer[]> {
  switch (source.kind) {
    case 'value':
      return source.keys;
    case 'development':
      return [DEVELOPMENT_KEY];
    case 'generated':
      return [await sources.generate(name)];
    case 'secret': {
      const { current, previous } = await sources.readSecret(source.arn);
      const keys = [current, previous].filter((text) => text !== undefined).map((text) => Buffer.from(text, 'base64'));
      if (keys.some((key) => key.length < KEY_BYTES))
        throw new Error(`a ${name} key in Secrets Manager is not base64 of ${KEY_BYTES} bytes or more`);
      return keys;
    }
  }
}

/** Names a key without telling it, so that nobody has to number keys. */
function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 6);
}

function missing(what: string): never {
  throw new Error(`there is no ${what}`);
}
