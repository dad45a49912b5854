/**
 * A handler on a real cache that is killed, stopped, flushed and written over while it serves. Nothing of it may show in a payment (I38), and
 * hardly anything in how long a reply takes.
 */
import { randomBytes } from 'node:crypto';
import { describeWithRedis, Redis, until } from './adapters/valkey/redis';
import { type Answer, call, type Handler, paymentIn, sleep, start } from './cached-handlers';
import { approve, order } from './harness';

describeWithRedis('a handler under load while its cache is', () => {
  const CLIENTS = 4;
  /** By how much a cache in trouble may delay one request: the deadlines of two pictures' calls, and what a busy machine adds. */
  const DELAY_MS = 400;

  /** A payment's life, again and again by several clients at once. Whatever is not as it should be is an error. */
  async function load(handler: Handler, seconds: number) {
    const endsAt = performance.now() + seconds * 1_000;
    const times: number[] = [];
    const errors: string[] = [];
    let payments = 0;
    let shed = 0;
    /** This process is client and handler at once, so the handler finds it busy at times, and then has done nothing. */
    const unlessShed = async (ask: () => Promise<Answer>): Promise<Answer> => {
      for (;;) {
        const answer = await ask();
        if (answer.status !== 503 || !answer.body.includes('"overloaded"')) return answer;
        shed++;
        await sleep(5);
      }
    };
    const expectStatus = async (what: string, status: number, ask: () => Promise<Answer>): Promise<Answer> => {
      const got = await unlessShed(ask);
      times.push(got.ms);
      if (got.status !== status) errors.push(`${what}: ${got.status} ${got.body.toString().slice(0, 200)}`);
      return got;
    };
    const client = async () => {
      while (performance.now() < endsAt) {
        const { id } = paymentIn(await expectStatus('create', 201, () => call(handler, 'POST', '/v1/payments', order)));
        const path = `/v1/payments/${id}`;
        for (const accept of ['image/png', 'image/svg+xml'])
          await expectStatus('picture', 200, () => call(handler, 'GET', `${path}/qr`, undefined, { accept }));
        const poll = unlessShed(() => call(handler, 'GET', `${path}?wait=5`, undefined, { 'if-none-match': '"1"' }));
        await expectStatus('authorize', 200, () => call(handler, 'POST', `${path}/authorize`, approve));
        await expectStatus('poll', 200, () => poll);
        const { status, version, captured } = paymentIn(
          await expectStatus('read', 200, () => call(handler, 'GET', path)),
        );
        if (status !== 'captured' || version !== 3 || captured.value !== order.amount.value)
          errors.push(`${id} is ${status}, version ${version}, captured ${captured.value}`);
        payments++;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    times.sort((one, other) => one - other);
    return {
      payments,
      errors,
      shed,
      p50: times[times.length >> 1]!,
      p99: times[Math.floor(times.length * 0.99)]!,
      most: times.at(-1)!,
    };
  }

  test.each<[string, (redis: Redis) => Promise<void>]>([
    ['left alone', () => sleep(0)],
    [
      'killed and started again',
      async (redis) => {
        await redis.kill();
        await sleep(1_000);
        await redis.restart();
      },
    ],
    [
      'stopped and let go on',
      async (redis) => {
        redis.signal('SIGSTOP');
        await sleep(2_000);
        redis.signal('SIGCONT');
      },
    ],
    [
      'asleep for 40 ms again and again',
      async (redis) => {
        for (let n = 0; n < 20; n++) await redis.ask(['DEBUG', 'SLEEP', '0.04']);
      },
    ],
    [
      'flushed again and again',
      async (redis) => {
        for (let n = 0; n < 50; n++) {
          await redis.ask(['FLUSHALL']);
          await sleep(20);
        }
      },
    ],
    [
      'written over again and again',
      async (redis) => {
        for (let n = 0; n < 20; n++) {
          const [keys] = await redis.ask<string[]>(['KEYS', '*']);
          await redis
            .ask(
              ...(keys ?? []).map((key) => (n % 2 === 0 ? ['SET', key, randomBytes(999)] : ['RENAME', key, `${key}x`])),
            )
            .catch(() => undefined); // one may have gone meanwhile
          await sleep(20);
        }
      },
    ],
  ])(
    '%s: every request succeeds, every payment is right, and none waits long',
    async (what, disturb) => {
      const redis = await Redis.start();
      try {
        const budgets = { CALLER_WRITES_PER_SECOND: '100000', CALLER_READS_PER_SECOND: '100000' };
        const handler = await start({ CACHE_URL: redis.url, ...budgets });
        const without = await start(budgets); // at the same time, so that whatever else this machine does slows down both
        await Promise.all([load(handler, 0.5), load(without, 0.5)]);

        const loading = Promise.all([load(handler, 3.5), load(without, 3.5)]);
        await sleep(500);
        await disturb(redis);
        const [cached, plain] = await loading;

        for (const [name, { payments, errors, shed, p50, p99, most }] of [
          [`cache ${what}`, cached] as const,
          ['without a cache', plain] as const,
        ]) {
          console.info(
            `${name}: ${payments} payments, ${errors.length} wrong, ${shed} requests told to come again; ` +
              `ms a request: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, most ${most.toFixed(1)}`,
          );
        }
        expect([...cached.errors, ...plain.errors]).toEqual([]);
        expect(cached.payments).toBeGreaterThan(5);
        expect(cached.p99).toBeLessThan(plain.p99 + DELAY_MS);
        expect(cached.most).toBeLessThan(plain.most + 2 * DELAY_MS);
        await until(handler.isCached); // it has come back
        expect(handler.log.filter((line) => /"level":"error"/.test(line))).toEqual([]);
      } finally {
        redis.signal('SIGCONT');
        await redis.stop();
      }
    },
    30_000,
  );
});
