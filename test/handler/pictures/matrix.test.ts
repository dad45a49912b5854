import { create } from 'qrcode';

import { QrMatrix, qrMatrix } from '../../../src/handler/pictures/matrix';
import { plainPenalty } from './plain-penalty';
import { enlarge, readBack, TEXTS } from './read-back';

function withQuietZone(matrix: QrMatrix) {
  return enlarge({ side: matrix.size + 8, isLight: (x, y) => !matrix.isDark(x - 4, y - 4) }, 4);
}

describe('qrMatrix', () => {
  test.each(TEXTS)('%s comes back', (_, text) => {
    expect(readBack(withQuietZone(qrMatrix(text)))).toBe(text);
  });

  test.each(['L', 'M', 'Q', 'H'] as const)('level %s is the one in the symbol', (errorCorrectionLevel) => {
    const matrix = qrMatrix('000201010212', { errorCorrectionLevel });

    // Format information: the two bits beside the upper left finder pattern, unmasked (ISO/IEC 18004, 7.9).
    const bits = [0, 1].map((x) => (matrix.isDark(x, 8) ? 1 : 0));
    expect(((bits[0]! << 1) | bits[1]!) ^ 0b10).toBe({ L: 0b01, M: 0b00, Q: 0b11, H: 0b10 }[errorCorrectionLevel]);
  });

  test('level M is the default', () => {
    const asked = qrMatrix('payload', { errorCorrectionLevel: 'M' });
    const byDefault = qrMatrix('payload');

    expect(modulesOf(byDefault)).toEqual(modulesOf(asked));
  });

  test('mixed segments keep the symbol small', () => {
    const digitsAndText = `${'0123456789'.repeat(12)}abc`;

    expect(qrMatrix(digitsAndText).size).toBeLessThan(
      create([{ data: Buffer.from(digitsAndText), mode: 'byte' }], {}).modules.size,
    );
  });

  test('the symbol carries the mask with the fewest penalty points', () => {
    const text = 'Z'.repeat(700);

    const matrix = qrMatrix(text);

    const points = plainPenalty(Uint8Array.from(modulesOf(matrix), Number), matrix.size);
    expect(points).toBeLessThan(0.8 * plainPenalty(create(text, { maskPattern: 0 }).modules.data, matrix.size));
  });

  test('a text that does not fit is refused with its size', () => {
    expect(() => qrMatrix('é'.repeat(1300))).toThrow('level M: got 2600 bytes');
    expect(() => qrMatrix('')).toThrow('got an empty one');
  });
});

describe('QrMatrix', () => {
  test('is light outside of the symbol', () => {
    const matrix = new QrMatrix(1, new Uint8Array([1]));

    expect(matrix.isDark(0, 0)).toBe(true);
    for (const [x, y] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ] as const)
      expect(matrix.isDark(x, y)).toBe(false);
  });

  test('refuses modules that are no square', () => {
    expect(() => new QrMatrix(2, new Uint8Array(3))).toThrow('size 2 has 4 modules, got 3');
  });
});

function modulesOf(matrix: QrMatrix): boolean[] {
  return Array.from({ length: matrix.size ** 2 }, (_, at) =>
    matrix.isDark(at % matrix.size, Math.floor(at / matrix.size)),
  );
}
