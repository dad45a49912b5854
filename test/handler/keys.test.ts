/** Keys that come from Secrets Manager, at start and when they rotate. */
import type { SecretVersions } from '../../src/handler/adapters/aws/secrets';
import { signingKey } from '../../src/handler/adapters/connector/standard-webhooks';
import type { Clock } from '../../src/handler/app/ports';
import { readConfig } from '../../src/handler/config';
import { LIMITS } from '../../src/handler/domain/limits';
import { type Keys, openKeys } from '../../src/handler/keys';
import type { Logger } from '../../src/handler/logger';
import { type Certificate, certify, createAuthority } from './adapters/connector/certificates';

const arn = (name: string) => `arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:${name}`;
const CONNECTORS = JSON.stringify({
  connectors: {
    acme: { url: 'https://acme.example', secretArn: arn('acme'), clientCertificateSecretArn: arn('acme-tls') },
    backup: { url: 'https://backup.example', secretArn: arn('backup') },
    local: { url: 'http://127.0.0.1:9', secret: 'text' },
  },
  routes: [{ connectors: ['acme'] }],
});

let secrets: Map<string, string>;
let old: Certificate;
let next: Certificate;
/** Lets one round of reading begin; resolves when the next wait begins. */
let nextRound: () => Promise<void>;
let stopping: AbortController;
let warnings: number;
/** Waits for the next reading. */
let rounds: number;

/** As a test can compare it. */
const shown = ({ connectorKeys }: Keys, name: string) => {
  const { signing, clientCertificate } = connectorKeys(name);
  return { signing: signing.export().toString('base64'), clientCertificate };
};
const signing = (secret: string) => signingKey(secret).export().toString('base64');
const pemOf = ({ cert, key }: Certificate) => `${cert}\n${key}`;

beforeAll(async () => {
  const authority = await createAuthority('CA');
  old = await certify(authority, 'old');
  next = await certify(authority, 'next');
});
beforeEach(() => {
  stopping = new AbortController();
  warnings = 0;
  rounds = 0;
  secrets = new Map([
    [arn('acme'), 'acme-1'],
    [arn('acme-tls'), pemOf(old)],
    [arn('backup'), 'backup-1'],
    [arn('qr'), Buffer.alloc(32, 1).toString('base64')],
  ]);
});
afterEach(() => stopping.abort());

function open(environment: NodeJS.ProcessEnv = { CONNECTORS }): Promise<Keys> {
  let wake: (() => void) | undefined;
  let waits: () => void = () => undefined;
  const clock = {
    sleep: (ms: number, signal?: AbortSignal) => {
      expect(ms).toBe(LIMITS.secretRefreshMs);
      rounds++;
      waits();
      return new Promise<void>((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', reject);
      });
    },
  } as Clock;
  nextRound = () =>
    new Promise((resolve) => {
      waits = resolve;
      wake?.();
    });
  const sources = {
    generate: async () => Buffer.alloc(32),
    readSecret: async (secret: string): Promise<SecretVersions> => {
      const current = secrets.get(secret);
      if (current === undefined) throw new Error('no such secret');
      return { current };
    },
  };
  const logger = { warn: () => warnings++ } as unknown as Logger;
  return openKeys(readConfig(environment), sources, clock, logger, stopping.signal);
}

test('each bank has its own keys', async () => {
  const keys = await open();

  expect(shown(keys, 'acme')).toEqual({ signing: signing('acme-1'), clientCertificate: pemOf(old) });
  expect(shown(keys, 'backup')).toEqual({ signing: signing('backup-1') });
  expect(shown(keys, 'local')).toEqual({ signing: signing('text') });
  expect(() => keys.connectorKeys('other')).toThrow('connector other');
});

test('a new version is used from the next reading on', async () => {
  const keys = await open();
  secrets.set(arn('acme'), 'acme-2').set(arn('acme-tls'), pemOf(next));
  await nextRound();

  expect(shown(keys, 'acme')).toEqual({ signing: signing('acme-2'), clientCertificate: pemOf(next) });
  expect(warnings).toBe(0);
});

test('what cannot be read stays as it is, and holds up no other', async () => {
  const keys = await open({ CONNECTORS, QR_KEYS_SECRET_ARN: arn('qr') });
  const [{ id: before }] = keys.qrKeys();
  secrets.delete(arn('acme'));
  secrets.set(arn('backup'), 'backup-2').set(arn('qr'), Buffer.alloc(32, 2).toString('base64'));
  await nextRound();

  expect(shown(keys, 'acme')).toEqual({ signing: signing('acme-1'), clientCertificate: pemOf(old) });
  expect(shown(keys, 'backup')).toEqual({ signing: signing('backup-2') });
  expect(keys.qrKeys()[0].id).not.toBe(before);
  expect(warnings).toBe(1);
});

test('a certificate and a key that do not belong together never take the place of those that do', async () => {
  const keys = await open();
  secrets.set(arn('acme'), 'acme-2').set(arn('acme-tls'), `${next.cert}\n${old.key}`);
  await nextRound();

  expect(shown(keys, 'acme')).toEqual({ signing: signing('acme-2'), clientCertificate: pemOf(old) });
  expect(warnings).toBe(1);
});

test.each<[string, () => string]>([
  ['no key', () => old.cert],
  ['no certificate', () => old.key],
  ['another key', () => old.cert + next.key],
  ['no PEM', () => 'secret words'],
])('%s stops the start, and the message shows nothing of it', async (_, pem) => {
  secrets.set(arn('acme-tls'), pem());

  const error: Error = await open().then(
    () => new Error('it opened'),
    (reason) => reason,
  );
  expect(error.message).toMatch(/client certificate of connector acme/);
  expect(`${error.stack}${error.cause}`).not.toMatch(/secret words|-----BEGIN/);
});

test('nothing is read again where nothing rotates', async () => {
  await open({ CONNECTOR_URL: 'http://127.0.0.1:9', CONNECTOR_SECRET: 's' });
  expect(rounds).toBe(0);
  await open({ CONNECTOR_URL: 'http://127.0.0.1:9', CONNECTOR_SECRET_ARN: arn('acme') });
  expect(rounds).toBe(1);
});
