import { ConfigError, readConfig } from '../../src/handler/config';

const KEY = Buffer.alloc(32, 1).toString('base64');
const ARN = 'arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:payments/qr-AbCdEf';
const TABLE = { TABLE_NAME: 'payments', AWS_REGION: 'ap-southeast-1', PAYMENT_ID_KEY: KEY, QR_KEYS: KEY };
const MERCHANT = {
  ...{ id: 'm_cafe', name: 'Cafe', city: 'Recife', country: 'BR', mcc: '5812', currency: 'BRL' },
  accounts: [{ scheme: 'pix', key: 'shop@example.com' }],
};
const CONNECTORS = JSON.stringify({
  connectors: { acme: { url: 'https://acme.example', secret: 's' } },
  routes: [{ connectors: ['acme'] }],
});

const IAM = { CACHE_URL: 'valkeys://cache', CACHE_USER: 'pay', CACHE_NAME: 'pay-cache', AWS_REGION: 'eu-west-1' };

/** What is told about each variable. */
function problems(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('with nothing set it is a laptop: loopback, memory, simulator, keys made here', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    loopback: true,
    store: { kind: 'memory' },
    paymentIdKey: { kind: 'generated' },
    qrKeys: { kind: 'generated' },
    connectors: { kind: 'simulator' },
    merchants: [],
    publicUrl: '',
    region: 'local',
    homeRegion: 'local',
    logLevel: 'info',
  });
});

test('an empty variable is an unset one', () => {
  expect(readConfig({ TABLE_NAME: '', DATA_DIR: '', PORT: '' })).toMatchObject({
    store: { kind: 'memory' },
    port: 8080,
  });
});

test('as the constructs set it', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    TABLE_NAME: 'payments',
    AWS_REGION: 'ap-southeast-3',
    HOME_REGION: 'ap-southeast-1',
    PAYMENT_ID_KEY_SECRET_ARN: ARN,
    QR_KEYS_SECRET_ARN: ARN,
    CONNECTOR_URL: 'https://bank.example.com/qr/',
    CONNECTOR_SECRET_ARN: ARN,
    PUBLIC_URL: 'https://pay.example.com/',
    LOG_LEVEL: 'warn',
  });
  expect(config).toMatchObject({
    loopback: false,
    store: { kind: 'dynamodb', tableName: 'payments' },
    region: 'ap-southeast-3',
    homeRegion: 'apse1',
    paymentIdKey: { kind: 'secret', arn: ARN },
    connectors: {
      kind: 'http',
      banks: new Map([['default', { url: 'https://bank.example.com/qr', secret: { kind: 'secret', arn: ARN } }]]),
      routes: [{ connectors: ['default'] }],
    },
    publicUrl: 'https://pay.example.com',
    logLevel: 'warn',
  });
});

test('several banks, with all that each of them asks for', () => {
  const bank = {
    url: 'https://acme.example/qr/',
    secretArn: ARN,
    clientCertificateSecretArn: ARN,
    proxyUrl: 'http://proxy.internal:3128',
  };
  const local = { url: 'http://127.0.0.1:9000', secret: 's' };
  const routes = [{ currencies: ['SGD'], minAmount: 100, connectors: ['acme', 'local'] }, { connectors: ['local'] }];

  expect(readConfig({ CONNECTORS: JSON.stringify({ connectors: { acme: bank, local }, routes }) }).connectors).toEqual({
    kind: 'http',
    banks: new Map<string, unknown>([
      [
        'acme',
        {
          url: 'https://acme.example/qr',
          secret: { kind: 'secret', arn: ARN },
          clientCertificate: { kind: 'secret', arn: ARN },
          proxyUrl: 'http://proxy.internal:3128',
        },
      ],
      ['local', { url: 'http://127.0.0.1:9000', secret: { kind: 'text', text: 's' } }],
    ]),
    routes,
  });
});

test('the profiles to start with', () => {
  const { id, ...profile } = MERCHANT;
  expect(readConfig({ MERCHANTS: JSON.stringify([MERCHANT]) }).merchants).toEqual([{ id, profile }]);
});

test.each([
  ['none', {}, undefined],
  ['one', { CACHE_URL: 'valkey://127.0.0.1:6379' }, { url: 'valkey://127.0.0.1:6379' }],
  ['one with IAM', IAM, { url: IAM.CACHE_URL, iam: { user: 'pay', cacheName: 'pay-cache', region: 'eu-west-1' } }],
])('a cache: %s', (_, environment, cache) => {
  expect(readConfig(environment).cache).toEqual(cache);
});

test('budgets of callers', () => {
  const environment = { CALLER_WRITES_PER_SECOND: '50', CALLER_READS_PER_SECOND: '200' };
  expect(readConfig(environment).callerRates).toEqual({ writes: 50, reads: 200 });
  expect(readConfig({}).callerRates).toEqual({});
});

test('two QR keys during a rotation, the signing one first', () => {
  const other = Buffer.alloc(33, 2).toString('base64');
  expect(readConfig({ QR_KEYS: `${KEY}, ${other}` }).qrKeys).toEqual({
    kind: 'value',
    keys: [Buffer.alloc(32, 1), Buffer.alloc(33, 2)],
  });
});

test.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('%s is a loopback address', (HOST) => {
  expect(readConfig({ HOST }).loopback).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.example.com'])('%s is not', (HOST) => {
  expect(readConfig({ HOST }).loopback).toBe(false);
});

test('a development key only with a DynamoDB on this machine', () => {
  const { PAYMENT_ID_KEY: _, QR_KEYS: __, ...rest } = TABLE;
  expect(readConfig({ ...rest, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' }).paymentIdKey).toEqual({
    kind: 'development',
  });
  expect(problems({ ...rest, AWS_ENDPOINT_URL_DYNAMODB: 'https://dynamodb.example.com' })).toHaveLength(2);
  expect(problems(rest)).toEqual([
    expect.stringContaining('PAYMENT_ID_KEY_SECRET_ARN'),
    expect.stringContaining('QR_KEYS_SECRET_ARN'),
  ]);
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['PORT', { PORT: 'http' }],
  ['PORT', { PORT: '70000' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
  ['AWS_REGION', { AWS_REGION: 'singapore' }],
  ['AWS_REGION', { ...TABLE, AWS_REGION: undefined }],
  ['HOME_REGION', { HOME_REGION: 'apse1' }],
  ['DATA_DIR and TABLE_NAME', { ...TABLE, DATA_DIR: '/data' }],
  ['PAYMENT_ID_KEY', { PAYMENT_ID_KEY: Buffer.alloc(31).toString('base64') }],
  ['PAYMENT_ID_KEY', { PAYMENT_ID_KEY: 'not base64 but long enough to be one!' }],
  ['PAYMENT_ID_KEY', { PAYMENT_ID_KEY: `${KEY},${KEY}` }],
  ['PAYMENT_ID_KEY and PAYMENT_ID_KEY_SECRET_ARN', { PAYMENT_ID_KEY: KEY, PAYMENT_ID_KEY_SECRET_ARN: ARN }],
  ['QR_KEYS', { QR_KEYS: `${KEY},${KEY},${KEY}` }],
  ['QR_KEYS_SECRET_ARN', { QR_KEYS_SECRET_ARN: 'arn:aws:s3:::bucket' }],
  ['CONNECTOR_SECRET or CONNECTOR_SECRET_ARN', { CONNECTOR_URL: 'https://bank.example.com' }],
  ['CONNECTOR_URL', { CONNECTOR_URL: 'http://bank.example.com', CONNECTOR_SECRET: 's' }],
  ['CONNECTOR_URL', { CONNECTOR_URL: 'https://user@bank.example.com', CONNECTOR_SECRET: 's' }],
  ['CONNECTOR_URL', { CONNECTOR_URL: 'bank', CONNECTOR_SECRET: 's' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'pay.example.com' }],
  ['MERCHANTS', { MERCHANTS: 'm_cafe' }],
  ['MERCHANTS', { MERCHANTS: '[{"id":"m_cafe"}]' }],
  ['CACHE_URL', { CACHE_URL: 'http://cache' }],
  ['CACHE_URL', { CACHE_URL: 'valkey://user:password@cache' }],
  ['CACHE_URL', { CACHE_URL: 'valkey://cache:6379/1' }],
  ['CACHE_URL', { CACHE_URL: 'valkey://:6379' }],
  ['CACHE_URL', { CACHE_USER: 'pay', CACHE_NAME: 'pay', AWS_REGION: 'eu-west-1' }],
  ['CACHE_URL', { ...IAM, CACHE_URL: 'valkey://cache.internal' }],
  ['CACHE_USER and CACHE_NAME', { ...IAM, CACHE_NAME: undefined }],
  ['CACHE_USER and CACHE_NAME', { ...IAM, CACHE_USER: undefined }],
  ['AWS_REGION', { ...IAM, AWS_REGION: undefined }],
  ['CALLER_WRITES_PER_SECOND', { CALLER_WRITES_PER_SECOND: '0' }],
  ['CALLER_READS_PER_SECOND', { CALLER_READS_PER_SECOND: '1.5' }],
  ['CALLER_READS_PER_SECOND', { CALLER_READS_PER_SECOND: '1000000' }],
  ['CONNECTORS', { CONNECTORS: 'acme' }],
  ['CONNECTORS', { CONNECTORS: CONNECTORS.replace('{', '{"routes":[],') }],
  ['CONNECTORS', { CONNECTORS: CONNECTORS + ' '.repeat(16 * 1024) }],
  ['CONNECTORS /routes/0/connectors', { CONNECTORS: CONNECTORS.replace('["acme"]', '["other"]') }],
  ['CONNECTORS /connectors/acme/url', { CONNECTORS: CONNECTORS.replace('https', 'http') }],
  ['CONNECTOR_URL and CONNECTORS', { CONNECTORS, CONNECTOR_URL: 'http://127.0.0.1:9' }],
  ['CONNECTOR_SECRET and CONNECTORS', { CONNECTORS, CONNECTOR_SECRET: 's' }],
  ['CONNECTOR_SECRET_ARN and CONNECTORS', { CONNECTORS, CONNECTOR_SECRET_ARN: ARN }],
])('%s: refused, and nothing else with it', (name, environment) => {
  expect(problems(environment)).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
});

test('one message names every variable, and shows no secret', () => {
  const secret = 'c2hvcnQ=';
  const environment = {
    PORT: 'x',
    LOG_LEVEL: 'y',
    PAYMENT_ID_KEY: secret,
    CONNECTOR_URL: 'https://u:hunter2@bank.example.com',
    MERCHANTS: JSON.stringify([{ ...MERCHANT, accounts: [{ scheme: 'pix', key: 'pix-key' }] }]),
  };
  expect(() => readConfig(environment)).toThrow(ConfigError);
  const message = new ConfigError(problems(environment)).message;
  for (const name of Object.keys(environment)) expect(message).toContain(name);
  expect(message).not.toContain(secret);
  expect(message).not.toContain('hunter2');
  expect(message).not.toContain('pix-key');
});

test('HTTPS and metrics are off until they are asked for, and take no other word', () => {
  const read = (environment: NodeJS.ProcessEnv) => {
    const { selfSignedTls, metricsOf } = readConfig(environment);
    return { selfSignedTls, metricsOf };
  };
  expect(read({})).toEqual({ selfSignedTls: false, metricsOf: undefined });
  expect(read({ TLS: 'self-signed', METRICS: 'emf' })).toEqual({ selfSignedTls: true, metricsOf: 'qr-payments' });
  expect(read({ METRICS: 'emf', SERVICE_NAME: 'a'.repeat(128) }).metricsOf).toBe('a'.repeat(128));
  expect(problems({ TLS: 'on', METRICS: 'statsd', SERVICE_NAME: 'a b' })).toEqual([
    expect.stringMatching(/^TLS is "on"; it takes self-signed/),
    expect.stringMatching(/^METRICS is "statsd"; it takes emf/),
    expect.stringMatching(/^SERVICE_NAME is "a b"; it takes a name/),
  ]);
});
