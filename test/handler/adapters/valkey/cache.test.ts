import { systemClock } from '../../../../src/handler/adapters/system-clock';
import { Cache } from '../../../../src/handler/adapters/valkey/cache';
import { type ClientOptions, connect } from '../../../../src/handler/adapters/valkey/client';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { describeWithRedis, Redis, type RedisOptions, until } from './redis';

/** A deadline, and what a busy machine takes to notice it. */
const PATIENCE_MS = LIMITS.cacheCallMs + 100;

const running: (Redis | Cache)[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await (each instanceof Redis ? each.stop() : each.close());
});

async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  const redis = await Redis.start(options);
  running.push(redis);
  return redis;
}

type Subscription = readonly [channel: string, listener: (message: string) => void];

function openCache(
  redis: Redis,
  { pingMs, ...options }: Partial<ClientOptions> & { pingMs?: number } = {},
  subscriptions: readonly Subscription[] = [],
) {
  const changes: [boolean, unknown][] = [];
  const cache = new Cache({
    connect: () => connect({ url: redis.url, ca: redis.ca, ...options }),
    clock: systemClock,
    onChange: (isUp, reason) => changes.push([isUp, reason]),
    pingMs,
  });
  for (const [channel, listener] of subscriptions) cache.subscribe(channel, listener);
  cache.open();
  running.push(cache);
  return { cache, changes };
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; ms: number }> {
  const begun = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begun };
}

describeWithRedis('the way to the cache', () => {
  test.each<[string, RedisOptions]>([
    ['a single server', {}],
    ['a cluster behind one address', { cluster: true }],
    ['a server over TLS', { tls: true }],
    ['a cluster over TLS, as ElastiCache Serverless is', { tls: true, cluster: true, args: ['--tls-cluster', 'yes'] }],
  ])('%s takes calls and carries messages', async (_, options) => {
    const redis = await startRedis(options);
    const messages: string[] = [];
    const { cache } = openCache(redis, {}, [
      ['one', (text) => messages.push(text)],
      ['two', (text) => messages.push(text)],
    ]);
    await until(() => cache.isUp);

    await cache.call('key', ['SET', 'key', Buffer.from([0, 255, 10])]);
    await cache.publish('one', 'first');
    await cache.publish('two', 'second');

    expect(await cache.call('key', ['GET', 'key'])).toEqual(Buffer.from([0, 255, 10]));
    expect(await cache.call('other', ['GET', 'other'])).toBeNull();
    await until(() => messages.length === 2);
    expect(messages.sort()).toEqual(['first', 'second']);
  });

  test('a cluster of two nodes takes calls and carries messages, whichever of them is asked first', async () => {
    const nodes = await Redis.startTwoNodes();
    running.push(...nodes);
    const names = Array.from({ length: 20 }, (_, n) => `name-${n}`);
    const messages: string[] = [];
    const listen = names.map((name): Subscription => [name, (message) => messages.push(message)]);
    const caches = nodes.map((node, n) => openCache(node, {}, n === 0 ? listen : []).cache);
    await until(() => caches.every(({ isUp }) => isUp));

    for (const [n, name] of names.entries()) {
      expect(await caches[n % 2]!.call(name, ['SET', name, name])).toBe('OK');
      expect(String(await caches[(n + 1) % 2]!.call(name, ['GET', name]))).toBe(name);
      await caches[1]!.publish(name, name);
    }

    await until(() => messages.length === names.length);
    expect(messages.sort()).toEqual([...names].sort());
  });

  test('a server that is not known to be itself is not talked to', async () => {
    const redis = await startRedis({ tls: true });
    const { cache, changes } = openCache(redis, { ca: undefined });

    await until(() => changes.length === 1);

    expect(changes[0]).toEqual([false, expect.objectContaining({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })]);
    expect(cache.isUp).toBe(false);
  });

  test('what the cache refuses is no answer, and no reason to give up', async () => {
    const redis = await startRedis();
    const { cache } = openCache(redis);
    await until(() => cache.isUp);
    await cache.call('list', ['LPUSH', 'list', 'x']);

    for (let n = 0; n < 10; n++) expect(await cache.call('list', ['GET', 'list'])).toBeUndefined();

    expect(cache.isUp).toBe(true);
  });

  test('killed: calls fail at once, and it is found again when it is back', async () => {
    const redis = await startRedis();
    const { cache, changes } = openCache(redis);
    await until(() => cache.isUp);

    await redis.kill();
    await until(() => !cache.isUp);
    const { value, ms } = await timed(() => cache.call('key', ['GET', 'key']));
    await redis.restart();

    expect(value).toBeUndefined();
    expect(ms).toBeLessThan(10);
    await until(() => cache.isUp);
    expect(await cache.call('key', ['SET', 'key', '1'])).toBe('OK');
    expect(changes.map(([isUp]) => isUp)).toEqual([true, false, true]);
  });

  test('silent: no call takes longer than its deadline, after a few there are none, and it is found again', async () => {
    const redis = await startRedis();
    const { cache } = openCache(redis);
    await until(() => cache.isUp);

    redis.signal('SIGSTOP');
    const late: number[] = [];
    while (cache.isUp) late.push((await timed(() => cache.call('key', ['GET', 'key']))).ms);
    const { ms } = await timed(() => cache.call('key', ['GET', 'key']));
    redis.signal('SIGCONT');

    expect(late.length).toBeGreaterThanOrEqual(LIMITS.cacheLateCalls);
    expect(late.length).toBeLessThanOrEqual(LIMITS.cacheSilentMs / LIMITS.cacheCallMs + 1);
    expect(Math.max(...late)).toBeLessThan(PATIENCE_MS);
    expect(ms).toBeLessThan(10);
    await until(() => cache.isUp);
  });

  test('a pause that makes many calls late at once is no silence', async () => {
    const redis = await startRedis();
    const { cache, changes } = openCache(redis);
    await until(() => cache.isUp);

    redis.signal('SIGSTOP');
    const calls = await Promise.all(Array.from({ length: 20 }, () => cache.call('key', ['SET', 'key', '1'])));
    redis.signal('SIGCONT');

    expect(new Set(calls)).toEqual(new Set([undefined]));
    await until(() => changes.length > 1 || cache.isUp);
    expect(await cache.call('key', ['SET', 'key', '1'])).toBe('OK');
    expect(changes).toEqual([[true, undefined]]);
  });

  test('silent while nobody calls: noticed all the same', async () => {
    const redis = await startRedis();
    const { cache } = openCache(redis, { pingMs: 100 });
    await until(() => cache.isUp);

    redis.signal('SIGSTOP');
    await until(() => !cache.isUp);
    redis.signal('SIGCONT');
  });

  test('it is this process that was busy: nobody is given up for that', async () => {
    const redis = await startRedis();
    const { cache } = openCache(redis);
    await until(() => cache.isUp);

    const calls = Array.from({ length: 10 }, () => cache.call('key', ['SET', 'key', '1']));
    // Right after they have been sent, so that the answers lie there unread when time is up.
    setImmediate(() => {
      const endsAt = performance.now() + 3 * LIMITS.cacheCallMs;
      while (performance.now() < endsAt);
    });

    expect(await Promise.all(calls)).toEqual(calls.map(() => 'OK'));
    expect(cache.isUp).toBe(true);
  });

  test('more at once than there is room for: the rest fails at once', async () => {
    const redis = await startRedis();
    const { cache } = openCache(redis);
    await until(() => cache.isUp);

    let settled = 0;
    const calls = Array.from({ length: LIMITS.cacheCommands + 5 }, () =>
      cache.call('key', ['SET', 'key', '1']).finally(() => settled++),
    );
    for (let turns = 0; turns < 20; turns++) await Promise.resolve(); // no time for the cache to answer

    expect(settled).toBe(5);
    await Promise.all(calls);
  });

  test('closed while it cannot connect: nothing goes on', async () => {
    const redis = await startRedis();
    await redis.kill();
    const { cache, changes } = openCache(redis);
    await until(() => changes.length === 1);

    await cache.close();
    await redis.restart();

    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(cache.isUp).toBe(false);
  });
});
