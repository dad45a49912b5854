/** Reads pictures with jsqr, a decoder that is not ours. */

import jsQR from 'jsqr';

/** Payloads of every size that occurs, and the texts that encoders get wrong. */
export const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['a digit', '1'],
  [
    'a static EMV payload',
    '00020101021126320011com.example0113merchant-00015204541153037025802SG5911Kopi Corner6009Singapore63041D0F',
  ],
  [
    '180 characters',
    `000201010212${'26580014com.example.pay0136123e4567-e12b-12d1-a456-426655440000'.repeat(3)}`.slice(0, 180),
  ],
  ['the longest EMV payload', '5204581253037025405'.repeat(27).slice(0, 512)],
  ['UTF-8 text', '00020164180002ZH0108咖啡角落6304 ñandú ąę ไทย 한국어 😀'],
  ['UTF-8 between digits', '0123456789012345咖0123456789012345'],
  ['capitals only', 'HTTPS://PAY.EXAMPLE/A1B2'],
  ['white space and quotes', ' a\t"b"\r\n<&>\' '],
];

/** `isLight` of every pixel of a square picture. */
export interface Bitmap {
  readonly side: number;
  isLight(x: number, y: number): boolean;
}

export function readBack(bitmap: Bitmap): string | undefined {
  const { side } = bitmap;
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let at = 0; at < side * side; at++) {
    const value = bitmap.isLight(at % side, Math.floor(at / side)) ? 255 : 0;
    rgba.fill(value, at * 4, at * 4 + 3);
  }
  const found = jsQR(rgba, side, side, { inversionAttempts: 'dontInvert' });
  return found === null ? undefined : Buffer.from(found.binaryData).toString('utf8');
}

export function enlarge(bitmap: Bitmap, scale: number): Bitmap {
  return {
    side: bitmap.side * scale,
    isLight: (x, y) => bitmap.isLight(Math.floor(x / scale), Math.floor(y / scale)),
  };
}

/** What half blocks show: characters of one by two modules, drawn in the foreground. Light blocks on a dark terminal by default. */
export function readBlocks(lines: readonly string[], foregroundIsLight = true): string | undefined {
  const isLight = (x: number, y: number) => {
    const character = lines[Math.floor(y / 2)]![x]!;
    const isDrawn = character === '█' || character === (y % 2 === 0 ? '▀' : '▄');
    return isDrawn === foregroundIsLight;
  };
  return readBack(enlarge({ side: lines[0]!.length, isLight }, 4));
}
