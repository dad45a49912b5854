import { createSecretKey } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { createMemoryWakeUps } from '../../../../src/handler/adapters/memory/wake-ups';
import { systemClock } from '../../../../src/handler/adapters/system-clock';
import { Cache } from '../../../../src/handler/adapters/valkey/cache';
import { connect } from '../../../../src/handler/adapters/valkey/client';
import { connectToken, IamCredentials } from '../../../../src/handler/adapters/valkey/iam-credentials';
import { createValkeyPictures } from '../../../../src/handler/adapters/valkey/pictures';
import { createValkeyRateBudgets } from '../../../../src/handler/adapters/valkey/rate-budgets';
import { createValkeyWakeUps } from '../../../../src/handler/adapters/valkey/wake-ups';
import { CACHE_ACCESS } from '../../../../src/private/cache-access';
import { describeWithRedis, Redis, until } from './redis';

const AT = new Date('2026-11-22T12:34:56.789Z');
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const IDENTITY = { user: 'payments', cacheName: 'Payments-Cache', isServerless: true, region: 'ap-southeast-1' };

const USER = ['--user', 'payments', 'on', 'nopass', '~*', '&*', '+@all'];

describe('the token', () => {
  test.each([
    ['a serverless cache', true, undefined],
    ['a serverless cache and a session', true, 'FwoGZXIvYXdzE+/=*(!)'],
    ['a cluster of nodes', false, undefined],
  ])('for %s is the one that AWS’s own signer makes', async (_, isServerless, sessionToken) => {
    const credentials = { ...KEYS, sessionToken };
    const signer = new SignatureV4({ service: 'elasticache', region: IDENTITY.region, credentials, sha256: Sha256 });
    const presigned = await signer.presign(
      {
        ...{
          method: 'GET',
          protocol: 'http:',
          hostname: 'payments-cache',
          path: '/',
          headers: { host: 'payments-cache' },
        },
        query: { Action: 'connect', User: 'payments', ...(isServerless && { ResourceType: 'ServerlessCache' }) },
      },
      { signingDate: AT, expiresIn: 900 },
    );

    const token = connectToken({ ...IDENTITY, isServerless }, credentials, AT);

    const url = new URL(`http://${token}`);
    expect([url.host, url.pathname]).toEqual(['payments-cache', '/']);
    expect(Object.fromEntries(url.searchParams)).toEqual({ ...presigned.query });
    expect(token).not.toContain('http');
  });
});

describeWithRedis('a connection with IAM authentication', () => {
  let redis: Redis;
  const caches: Cache[] = [];
  beforeAll(async () => {
    // Redis cannot check the token; it does check that there is one, and for whom.
    redis = await Redis.start({ args: [...USER, '--user', 'default', 'off'] });
  });
  afterEach(() => Promise.all(caches.splice(0).map((cache) => cache.close())));
  afterAll(() => redis.stop());

  function openCache(user: string, everyMs?: number, url = redis.url, use: (cache: Cache) => void = () => undefined) {
    const changes: boolean[] = [];
    const logins: Date[] = [];
    const credentialsProvider = new IamCredentials(
      { ...IDENTITY, user },
      async () => {
        logins.push(new Date());
        return KEYS;
      },
      everyMs,
    );
    const cache = new Cache({
      connect: () => connect({ url, credentialsProvider }),
      clock: systemClock,
      onChange: (isUp) => changes.push(isUp),
    });
    use(cache);
    cache.open();
    caches.push(cache);
    return { cache, changes, logins };
  }

  test('is made as that user', async () => {
    const { cache } = openCache('payments');
    await until(() => cache.isUp);

    expect(String(await cache.call('', ['ACL', 'WHOAMI']))).toBe('payments');
  });

  test('is made as that user to each node of a cluster', async () => {
    const cluster = await Redis.start({ cluster: true, args: USER });
    try {
      const { cache } = openCache('payments', undefined, cluster.url);
      await until(() => cache.isUp);

      expect(String(await cache.call('', ['ACL', 'WHOAMI']))).toBe('payments');
    } finally {
      await cluster.stop();
    }
  });

  test('may do all that the handler does there, with the rights that the constructs give', async () => {
    const rights = ['--user', 'payments', 'nopass', ...CACHE_ACCESS.split(' ')];
    const cluster = await Redis.start({ cluster: true, args: rights });
    try {
      const { cache, changes } = openCache('payments', undefined, cluster.url, (cache) => {
        createValkeyWakeUps(cache, 'qrp:test:', createMemoryWakeUps());
      });
      await until(() => changes.length > 0);
      expect(changes).toEqual([true]);
      const key = createSecretKey(Buffer.alloc(32));
      const budgets = createValkeyRateBudgets(cache, 'qrp:test:', { writes: 1 }, systemClock);
      const pictures = createValkeyPictures(cache, 'qrp:test:', key);

      expect(await budgets.take('m_1', 'writes')).toBe(0);
      await pictures.get('name', 60_000, () => Buffer.from('picture'));
      await cache.publish('qrp:test:changed:0', 'pay_1');
      await until(() => cache.isUp);

      const kept = await Promise.all(
        ['qrp:test:writes:m_1', 'qrp:test:picture:name', 'qrp:test:processes'].map((name) =>
          cache.call(name, ['TTL', name]),
        ),
      );
      for (const seconds of kept) expect(seconds).toBeGreaterThan(0);
      const denied = await cluster.ask<string[]>(['ACL', 'LOG']);
      expect(denied).toEqual([[]]);
    } finally {
      await cluster.stop();
    }
  });

  test('is not made as another one', async () => {
    const { cache, changes } = openCache('somebody');
    await until(() => changes.length > 0);

    expect([cache.isUp, changes]).toEqual([false, [false]]);
  });

  test('is authenticated anew, with a new token each time, while it is open', async () => {
    const { cache, changes, logins } = openCache('payments', 100);
    await until(() => cache.isUp);
    const before = await countAuthentications(cache);

    await until(() => logins.length >= 5);

    const after = await countAuthentications(cache);
    expect(after - before).toBeGreaterThanOrEqual(2);
    expect(changes).toEqual([true]);
  });

  async function countAuthentications(cache: Cache): Promise<number> {
    const stats = String(await cache.call('', ['INFO', 'commandstats']));
    return Number(/cmdstat_auth:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  }

  test('leaves no timer behind', async () => {
    const { cache, logins } = openCache('payments', 50);
    await until(() => cache.isUp);
    await cache.close();

    const count = logins.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(logins).toHaveLength(count);
  });
});
