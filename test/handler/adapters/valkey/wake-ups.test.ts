import { createSecretKey, randomBytes } from 'node:crypto';
import { createMemoryWakeUps } from '../../../../src/handler/adapters/memory/wake-ups';
import { createValkeyWakeUps } from '../../../../src/handler/adapters/valkey/wake-ups';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { derivePaymentId } from '../../../../src/handler/domain/payment-id';
import { sleep, useRedis } from './caches';
import { describeWithRedis } from './redis';

const KEY = createSecretKey(randomBytes(32));
const ids = Array.from({ length: 100 }, (_, n) => derivePaymentId(KEY, 'm_1', String(n), 'local'));
const LONG_MS = 60_000;

describeWithRedis('wake-ups across processes', () => {
  const { redis, open } = useRedis();
  let patience: AbortController;
  beforeEach(() => {
    patience = new AbortController();
  });
  afterEach(() => patience.abort());
  const process = (namespace = 'qrp:test:') =>
    open((cache) => createValkeyWakeUps(cache, namespace, createMemoryWakeUps()));

  test('what one process announces wakes all who wait for it in another', async () => {
    const [one, other] = [await process(), await process()];
    const waiting = ids.map((id) => other.wait(id, LONG_MS, AbortSignal.any([patience.signal])));

    const begun = performance.now();
    for (const id of ids) one.announce(id);
    await Promise.all(waiting);

    expect(performance.now() - begun).toBeLessThan(500);
  });

  test('in the same process it does not take the cache', async () => {
    const one = await process();
    redis().signal('SIGSTOP');
    const waiting = one.wait(ids[0]!, LONG_MS, AbortSignal.any([patience.signal]));

    const begun = performance.now();
    one.announce(ids[0]!);
    await waiting;

    expect(performance.now() - begun).toBeLessThan(20);
  });

  test('another payment, and another deployment on the same cache, wake nobody', async () => {
    const [one, other, stranger] = [await process(), await process(), await process('qrp:else:')];
    let woken = 0;
    void other.wait(ids[0]!, LONG_MS, AbortSignal.any([patience.signal])).then(() => woken++);

    one.announce(ids[1]!);
    stranger.announce(ids[0]!);
    await sleep(200);

    expect(woken).toBe(0);
  });

  test('what is announced in vain does not pile up, and later announcements arrive', async () => {
    const [one, other] = [await process(), await process()];
    redis().signal('SIGSTOP');
    for (let n = 0; n < 3 * LIMITS.wakeUpsPending; n++) one.announce(`pay_${n}`);
    redis().signal('SIGCONT');

    await sleep(100);
    const waiting = other.wait(ids[0]!, LONG_MS, AbortSignal.any([patience.signal]));
    one.announce(ids[0]!);

    await waiting;
  });

  test('what others write into the channels harms nobody', async () => {
    const [one, other] = [await process(), await process()];
    const waiting = other.wait(ids[0]!, LONG_MS, AbortSignal.any([patience.signal]));

    const channels = Array.from({ length: LIMITS.wakeUpChannels }, (_, n) => `qrp:test:changed:${n}`);
    const messages = ['', ' ', 'pay_', '\u0000', '__proto__', randomBytes(300), 'x '.repeat(LIMITS.wakeUpMessageBytes)];
    await redis().ask(...channels.flatMap((channel) => messages.map((message) => ['PUBLISH', channel, message])));
    one.announce(ids[0]!);

    await waiting;
  });
});
