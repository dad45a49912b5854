import { LineBits, penalty } from '../../../src/handler/pictures/penalty';
import { plainPenalty } from './plain-penalty';

const SIZES = [21, 22, 25, 29, 33, 43, 44, 45, 49, 57, 66, 101, 177];

/** A small generator with a seed, so that a failure comes again. */
function randomModules(size: number, seed: number, darkShare: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: size * size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 < darkShare ? 1 : 0;
  });
}

describe('penalty', () => {
  test.each(SIZES)('agrees with the plain rules at size %i', (size) => {
    for (const darkShare of [0, 0.1, 0.5, 0.8, 1]) {
      const modules = randomModules(size, size * 7 + 1, darkShare);
      expect(penalty(new LineBits(size, modules))).toBe(plainPenalty(modules, size));
    }
  });

  test.each(['10111010000', '00001011101'])('finds %s at every place of a line, in both directions', (pattern) => {
    const size = 45;
    for (let at = 0; at + pattern.length <= size; at++) {
      for (const step of [1, size]) {
        const modules = new Uint8Array(size * size).fill(1);
        for (let i = 0; i < pattern.length; i++)
          modules[20 * (step === 1 ? size : 1) + (at + i) * step] = Number(pattern[i]);
        expect(penalty(new LineBits(size, modules))).toBe(plainPenalty(modules, size));
      }
    }
  });
});
