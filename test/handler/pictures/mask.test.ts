import { create, type QRCodeMaskPattern } from 'qrcode';

import { chooseMask, type MaskPattern } from '../../../src/handler/pictures/mask';
import { plainPenalty } from './plain-penalty';

const ALL: readonly MaskPattern[] = [0, 1, 2, 3, 4, 5, 6, 7];
const FORMAT_MODULES_POINTS = 60; // what the modules that name the mask can add or take

function symbol(text: string, maskPattern: QRCodeMaskPattern) {
  return create(text, { errorCorrectionLevel: 'M', maskPattern }).modules;
}

describe('chooseMask', () => {
  test.each(['1', 'a'.repeat(40), '0'.repeat(300), 'The quick brown fox '.repeat(12), 'Z'.repeat(700)])(
    'takes the mask with the fewest penalty points: %.30s',
    (text) => {
      const { size, data, reservedBit } = symbol(text, 0);

      const chosen = chooseMask({ size, modules: data, fixed: reservedBit, appliedMask: 0 });

      const points = ALL.map((mask) => plainPenalty(symbol(text, mask).data, size));
      expect(points[chosen]! - Math.min(...points)).toBeLessThanOrEqual(FORMAT_MODULES_POINTS);
      expect(points[chosen]).toBeLessThan(Math.max(...points));
    },
  );

  test.each(ALL)('from a symbol that carries mask %i it takes the same one', (appliedMask) => {
    const fromFirst = symbol('00020101021226320011com.example', 0);
    const { size, data, reservedBit } = symbol('00020101021226320011com.example', appliedMask);
    const modules = data.map((module, at) => (reservedBit[at] ? fromFirst.data[at]! : module)); // format as of mask 0

    const chosen = chooseMask({ size, modules, fixed: reservedBit, appliedMask });

    expect(chosen).toBe(chooseMask({ size, modules: fromFirst.data, fixed: reservedBit, appliedMask: 0 }));
  });
});
