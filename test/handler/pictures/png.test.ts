import { PNG } from 'pngjs';

import { qrMatrix } from '../../../src/handler/pictures/matrix';
import { renderPng } from '../../../src/handler/pictures/png';
import { readBack, TEXTS } from './read-back';

function decode(png: Buffer) {
  const { width, height, data } = PNG.sync.read(png, { checkCRC: true });
  expect(height).toBe(width);
  return { side: width, isLight: (x: number, y: number) => data[(y * width + x) * 4] === 255 };
}

describe('renderPng', () => {
  test.each(TEXTS)('%s comes back', (_, text) => {
    const png = renderPng(qrMatrix(text));

    expect(readBack(decode(png))).toBe(text);
  });

  test.each([1, 2, 3, 5, 7, 8, 9, 13, 32])('scale %i: each module is a square of that many pixels', (scale) => {
    const matrix = qrMatrix('00020101021226320011com.example');

    const bitmap = decode(renderPng(matrix, { scale }));

    expect(bitmap.side).toBe((matrix.size + 8) * scale);
    for (let y = 0; y < bitmap.side; y++) {
      for (let x = 0; x < bitmap.side; x++) {
        if (bitmap.isLight(x, y) !== matrix.isDark(Math.floor(x / scale) - 4, Math.floor(y / scale) - 4)) continue;
        throw new Error(`pixel ${x},${y} has the wrong colour`);
      }
    }
  });

  test('the default scale is 8', () => {
    const matrix = qrMatrix('x');

    expect(renderPng(matrix)).toEqual(renderPng(matrix, { scale: 8 }));
  });

  test('is small: one bit a pixel', () => {
    const png = renderPng(qrMatrix('0'.repeat(180)));

    expect([png[24], png[25]]).toEqual([1, 0]); // bit depth, greyscale
    expect(png.length).toBeLessThan(2000);
  });

  test.each([0, 33, 1.5, -1, Number.NaN])('scale %d is refused', (scale) => {
    expect(() => renderPng(qrMatrix('x'), { scale })).toThrow('scale must be an integer from 1 to 32');
  });
});
