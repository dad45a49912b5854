import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AwsCredentials,
  CredentialsCache,
  defaultCredentials,
} from '../../../../src/handler/adapters/aws/credentials';
import { FakeAws, reply } from './fake-aws';

const MINUTE_MS = 60_000;
const KEYS = { accessKeyId: 'a', secretAccessKey: 's' };

describe('the cache', () => {
  let now = 0;
  let asked = 0;
  let provide: () => Promise<AwsCredentials>;
  const cache = () =>
    new CredentialsCache(
      () => provide(),
      () => now,
    );
  beforeEach(() => {
    now = 0;
    asked = 0;
    provide = async () => ({ ...KEYS, accessKeyId: `key ${++asked}`, expiration: new Date(now + 60 * MINUTE_MS) });
  });
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  test('asks once, however many want them', async () => {
    const credentials = cache();

    const got = await Promise.all([credentials.get(), credentials.get(), credentials.get()]);

    expect(got.map(({ accessKeyId }) => accessKeyId)).toEqual(['key 1', 'key 1', 'key 1']);
    expect((await credentials.get()).accessKeyId).toBe('key 1');
    expect(asked).toBe(1);
  });

  test('fetches new ones before the old ones end, and meanwhile gives the old ones', async () => {
    const credentials = cache();
    await credentials.get();

    now = 54 * MINUTE_MS;
    expect((await credentials.get()).accessKeyId).toBe('key 1');
    expect(asked).toBe(1);
    now = 56 * MINUTE_MS;
    expect((await credentials.get()).accessKeyId).toBe('key 1');
    await nextTurn();
    expect((await credentials.get()).accessKeyId).toBe('key 2');
    expect(asked).toBe(2);
  });

  test('never gives ones that have ended', async () => {
    const credentials = cache();
    await credentials.get();

    now = 60 * MINUTE_MS - 10_000;

    expect((await credentials.get()).accessKeyId).toBe('key 2');
  });

  test('goes on with the old ones while there are no new ones, and only so long', async () => {
    const credentials = cache();
    await credentials.get();
    provide = () => Promise.reject(new Error('endpoint is down'));

    now = 56 * MINUTE_MS;
    expect((await credentials.get()).accessKeyId).toBe('key 1');
    await nextTurn();
    now = 60 * MINUTE_MS;
    await expect(credentials.get()).rejects.toThrow('endpoint is down');
  });

  test('asks again after a failure', async () => {
    const credentials = cache();
    const { accessKeyId } = await provide();
    const works = provide;
    provide = () => Promise.reject(new Error('not yet'));
    await expect(credentials.get()).rejects.toThrow('not yet');
    provide = works;

    expect((await credentials.get()).accessKeyId).not.toBe(accessKeyId);
  });

  test('keeps for ever what has no end', async () => {
    provide = async () => ({ ...KEYS, accessKeyId: `key ${++asked}` });
    const credentials = cache();
    await credentials.get();

    now = Number.MAX_SAFE_INTEGER;

    expect((await credentials.get()).accessKeyId).toBe('key 1');
  });
});

describe('where they come from', () => {
  const container = 'AWS_CONTAINER_';
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'].concat(
    ['CREDENTIALS_RELATIVE_URI', 'CREDENTIALS_FULL_URI'].map((name) => container + name),
    ['AUTHORIZATION_TOKEN', 'AUTHORIZATION_TOKEN_FILE'].map((name) => container + name),
  );
  const saved = { ...process.env };
  let endpoint: FakeAws;
  beforeAll(async () => {
    endpoint = await FakeAws.start();
  });
  beforeEach(() => {
    for (const name of names) delete process.env[name];
  });
  afterAll(async () => {
    process.env = saved;
    await endpoint.stop();
  });

  test('the environment', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKID';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    process.env.AWS_SESSION_TOKEN = 'token';

    expect(await defaultCredentials(false)()).toMatchObject({
      accessKeyId: 'AKID',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  test("the container's endpoint, again and again", async () => {
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${endpoint.endpoint}/v2/credentials/abc`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = 'Bearer x';
    const begun = Date.now();
    const issued = (n: number) => ({
      AccessKeyId: `ASIA${n}`,
      SecretAccessKey: 'secret',
      Token: `token ${n}`,
      Expiration: new Date(begun + n * 60 * MINUTE_MS).toISOString(),
    });
    endpoint.script(reply(issued(1)), reply(issued(2)));
    let now = begun;
    const cache = new CredentialsCache(defaultCredentials(false), () => now);

    const first = await cache.get();
    now += 60 * MINUTE_MS;
    const second = await cache.get();

    expect(first).toMatchObject({
      accessKeyId: 'ASIA1',
      sessionToken: 'token 1',
      expiration: new Date(issued(1).Expiration),
    });
    expect(second).toMatchObject({ accessKeyId: 'ASIA2', sessionToken: 'token 2' });
    expect(endpoint.received).toHaveLength(2);
    expect(endpoint.received[1]).toMatchObject({
      method: 'GET',
      url: '/v2/credentials/abc',
      headers: { authorization: 'Bearer x' },
    });
  });

  test("ECS's endpoint, by the path that the task is given", async () => {
    process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = '/v2/credentials/task-1';
    endpoint.script(
      reply({ AccessKeyId: 'ASIA', SecretAccessKey: 'secret', Token: 't', Expiration: '2099-01-01T00:00:00Z' }),
    );
    const asked: unknown[] = [];
    const send = http.request;
    // The address is link-local: nobody has it but a task.
    jest.spyOn(http, 'request').mockImplementation((options, ...rest) => {
      asked.push(Reflect.get(Object(options), 'host'));
      return send({ ...Object(options), host: '127.0.0.1', port: new URL(endpoint.endpoint).port }, ...Object(rest));
    });

    expect(await defaultCredentials(false)()).toMatchObject({ accessKeyId: 'ASIA', sessionToken: 't' });

    expect(asked).toEqual(['169.254.170.2']);
    expect(endpoint.received).toMatchObject([{ method: 'GET', url: '/v2/credentials/task-1' }]);
    jest.restoreAllMocks();
  });

  test('the endpoint of EKS, with a token from a file that changes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'token-'));
    const tokenFile = join(directory, 'token');
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${endpoint.endpoint}/v1/credentials`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = tokenFile;
    endpoint.script(
      reply({ AccessKeyId: 'ASIA', SecretAccessKey: 'secret', Token: 't', Expiration: '2099-01-01T00:00:00Z' }),
    );
    const provider = defaultCredentials(false);

    for (const token of ['first', 'second']) {
      writeFileSync(tokenFile, token);
      await provider();
    }

    expect(endpoint.received.map(({ headers }) => headers.authorization)).toEqual(['first', 'second']);
    rmSync(directory, { recursive: true });
  });

  test('an endpoint that fails is asked again, and the ones it gave before serve meanwhile', async () => {
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${endpoint.endpoint}/v2/credentials/abc`;
    let now = Date.now();
    const issued = (id: string) => ({
      AccessKeyId: id,
      SecretAccessKey: 'secret',
      Token: 't',
      Expiration: new Date(now + 6 * MINUTE_MS).toISOString(),
    });
    endpoint.script(reply(issued('first')));
    const cache = new CredentialsCache(defaultCredentials(false), () => now);
    await cache.get();

    endpoint.script(reply({ code: 'InternalServerError', message: 'no' }, 500));
    now += 2 * MINUTE_MS;
    expect((await cache.get()).accessKeyId).toBe('first');
    now += 4 * MINUTE_MS;
    await expect(cache.get()).rejects.toThrow();
    endpoint.script(reply(issued('second')));

    expect((await cache.get()).accessKeyId).toBe('second');
  });

  test('nowhere, where nobody checks them', async () => {
    expect(await defaultCredentials(true)()).toEqual({ accessKeyId: 'local', secretAccessKey: 'local' });
  });

  test('nowhere else: the message says what to set', async () => {
    await expect(defaultCredentials(false)()).rejects.toThrow('No AWS credentials: set AWS_ACCESS_KEY_ID');
  });
});
