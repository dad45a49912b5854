/** Pictures that this process has made, in bounded memory. */
import type { Pictures } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { Lru } from './lru';

export interface PictureShelf {
  get(name: string): Buffer | undefined;
  set(name: string, picture: Buffer): void;
}

/** Whether a picture may still be shown is decided before anyone asks for it, so none has to leave before there is need of room. */
export function createPictureShelf(bytes: number = LIMITS.picturesBytes): PictureShelf {
  return new Lru<Buffer>(bytes, (picture) => picture.length);
}

export function createMemoryPictures(shelf: PictureShelf = createPictureShelf()): Pictures {
  return {
    get(name, _keepMs, draw) {
      const kept = shelf.get(name);
      if (kept !== undefined) return kept;
      const picture = draw();
      shelf.set(name, picture);
      return picture;
    },
  };
}
