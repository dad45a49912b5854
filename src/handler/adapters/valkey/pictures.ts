/**
 * Pictures shared through the cache. Whoever can write there could have people pay somebody else, so each picture is kept under a MAC over
 * its name and its bytes; one that does not bear it is drawn anew.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Pictures } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { createMemoryPictures, createPictureShelf } from '../memory/pictures';
import type { Cache } from './cache';

const MAC_BYTES = 32;

export function createValkeyPictures(cache: Cache, namespace: string, paymentIdKey: KeyObject): Pictures {
  const key = createSecretKey(createHmac('sha256', paymentIdKey).update('pictures').digest());
  const shelf = createPictureShelf();
  const inProcess = createMemoryPictures(shelf);

  function macOf(name: string, picture: Buffer): Buffer {
    return createHmac('sha256', key).update(`${name}\n`).update(picture).digest();
  }

  function verified(name: string, entry: unknown): Buffer | undefined {
    if (!Buffer.isBuffer(entry) || entry.length <= MAC_BYTES) return undefined;
    const picture = entry.subarray(MAC_BYTES);
    return timingSafeEqual(entry.subarray(0, MAC_BYTES), macOf(name, picture)) ? picture : undefined;
  }

  async function fetchOrDraw(name: string, keepMs: number, draw: () => Buffer): Promise<Buffer> {
    const entryKey = `${namespace}picture:${name}`;
    // No more of it than a picture can be, whatever may be there.
    const entry = await cache.call(entryKey, ['GETRANGE', entryKey, '0', String(MAC_BYTES + LIMITS.pictureBytes - 1)]);
    const kept = verified(name, entry);
    const picture = kept === undefined ? draw() : Buffer.from(kept); // apart from the larger piece that it came in
    shelf.set(name, picture);
    if (kept === undefined && picture.length <= LIMITS.pictureBytes) {
      const value = Buffer.concat([macOf(name, picture), picture]);
      void cache.call(entryKey, ['SET', entryKey, value, 'PX', String(Math.max(1, Math.floor(keepMs)))]);
    }
    return picture;
  }

  return {
    get(name, keepMs, draw) {
      if (!cache.isUp) return inProcess.get(name, keepMs, draw);
      return shelf.get(name) ?? fetchOrDraw(name, keepMs, draw);
    },
  };
}
