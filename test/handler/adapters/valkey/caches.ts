/** Connections to a real cache, each as another process would have one, closed after the test. */
import { systemClock } from '../../../../src/handler/adapters/system-clock';
import { Cache } from '../../../../src/handler/adapters/valkey/cache';
import { connect } from '../../../../src/handler/adapters/valkey/client';
import { Redis, until } from './redis';

export function useRedis() {
  let redis: Redis;
  const caches: Cache[] = [];
  beforeAll(async () => {
    redis = await Redis.start();
  });
  afterEach(async () => {
    redis.signal('SIGCONT');
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    await redis.ask(['FLUSHALL']);
  });
  afterAll(() => redis.stop());

  /** What uses the cache has to say so before it is opened. */
  async function open<Part>(use: (cache: Cache) => Part): Promise<Part> {
    const cache = new Cache({
      connect: () => connect({ url: redis.url }),
      clock: systemClock,
      onChange: () => undefined,
    });
    const part = use(cache);
    cache.open();
    caches.push(cache);
    await until(() => cache.isUp);
    return part;
  }

  return { redis: () => redis, open };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
