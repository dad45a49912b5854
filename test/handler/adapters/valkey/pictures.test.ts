import { createSecretKey, randomBytes } from 'node:crypto';
import { createValkeyPictures } from '../../../../src/handler/adapters/valkey/pictures';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { sleep, useRedis } from './caches';
import { describeWithRedis } from './redis';

const KEY = createSecretKey(randomBytes(32));
const KEEP_MS = 60_000;
const PICTURE = Buffer.from('<svg>one</svg>');
const OTHER = Buffer.from('<svg>other</svg>');
const ENTRY = 'qrp:test:picture:name';

describeWithRedis('pictures across processes', () => {
  const { redis, open } = useRedis();
  const process = (key = KEY) => open((cache) => createValkeyPictures(cache, 'qrp:test:', key));
  const never = () => {
    throw new Error('drawn again');
  };
  /** Resolves when it is in the cache too. */
  async function kept(): Promise<void> {
    await (await process()).get('name', KEEP_MS, () => PICTURE);
    for (let tries = 0; (await redis().ask(['EXISTS', ENTRY]))[0] === 0; tries++) {
      if (tries > 100) throw new Error('was not kept');
      await sleep(5);
    }
  }

  test('what one process has drawn another one need not, and itself not twice', async () => {
    await kept();
    const other = await process();

    expect(await other.get('name', KEEP_MS, never)).toEqual(PICTURE);
    expect(other.get('name', KEEP_MS, never)).toEqual(PICTURE); // at once now
    expect(await other.get('another', KEEP_MS, () => OTHER)).toEqual(OTHER);
  });

  test('it is kept no longer than was said', async () => {
    await kept();

    const [leftMs] = await redis().ask<number>(['PTTL', ENTRY]);

    expect(leftMs).toBeGreaterThan(KEEP_MS - 5_000);
    expect(leftMs).toBeLessThanOrEqual(KEEP_MS);
  });

  test('one that is too large is drawn each time by whoever needs it', async () => {
    const large = Buffer.alloc(LIMITS.pictureBytes + 1, 7);
    await (await process()).get('name', KEEP_MS, () => large);
    await sleep(50);

    expect(await redis().ask(['EXISTS', ENTRY])).toEqual([0]);
    expect(await (await process()).get('name', KEEP_MS, () => large)).toEqual(large);
  });

  test.each<[string, (entry: Buffer) => (string | Buffer)[][]]>([
    ['random bytes', () => [['SET', ENTRY, randomBytes(200)]]],
    ['nothing but the length of a MAC', () => [['SET', ENTRY, Buffer.alloc(32)]]],
    ['one bit of the picture turned', (entry) => [['SET', ENTRY, turned(entry, entry.length - 1)]]],
    ['one bit of the MAC turned', (entry) => [['SET', ENTRY, turned(entry, 0)]]],
    ['cut off', (entry) => [['SET', ENTRY, entry.subarray(0, -1)]]],
    ['longer', (entry) => [['SET', ENTRY, Buffer.concat([entry, Buffer.from('x')])]]],
    ['100 MB', () => [['SETRANGE', ENTRY, '100000000', 'x']]],
    [
      'a list',
      () => [
        ['DEL', ENTRY],
        ['LPUSH', ENTRY, 'x'],
      ],
    ],
    [
      'a hash',
      () => [
        ['DEL', ENTRY],
        ['HSET', ENTRY, 'x', 'y'],
      ],
    ],
    ['flushed', () => [['FLUSHALL']]],
  ])('poisoned, %s: it is drawn anew, and right again for the next one (I38)', async (_, poison) => {
    await kept();
    const [entry] = await (await open((cache) => ({ get: () => cache.call(ENTRY, ['GET', ENTRY]) })))
      .get()
      .then((it) => [it]);
    if (!Buffer.isBuffer(entry)) throw new Error('there is no entry');
    await redis().ask(...poison(entry));

    expect(await (await process()).get('name', KEEP_MS, () => PICTURE)).toEqual(PICTURE);
    await sleep(50);
    expect(await (await process()).get('name', KEEP_MS, never)).toEqual(PICTURE);
  });

  test('poisoned with another picture of ours, or by somebody with another key: it is drawn anew (I38)', async () => {
    await (await process()).get('other', KEEP_MS, () => OTHER);
    await (await process(createSecretKey(randomBytes(32)))).get('name', KEEP_MS, () => OTHER);
    await sleep(50);
    expect(await (await process()).get('name', KEEP_MS, () => PICTURE)).toEqual(PICTURE);

    await redis().ask(['RENAME', 'qrp:test:picture:other', ENTRY]);
    expect(await (await process()).get('name', KEEP_MS, () => PICTURE)).toEqual(PICTURE);
  });

  test('a cache that does not answer costs its deadline and no more', async () => {
    const one = await process();
    redis().signal('SIGSTOP');
    const begun = performance.now();

    expect(await one.get('name', KEEP_MS, () => PICTURE)).toEqual(PICTURE);

    expect(performance.now() - begun).toBeLessThan(LIMITS.cacheCallMs + 100);
  });
});

function turned(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
