/**
 * Text → the modules of its QR symbol (ISO/IEC 18004), the one input of every picture here.
 *
 * npm `qrcode` does the encoding: its mixed segments give a smaller symbol than plain bytes (version 8 instead of 9 for
 * a typical payload of ours). Only its choice of mask is replaced, see `mask.ts`: it took 70 % of the time.
 */

/// <reference path="./qrcode-core.d.ts" />
import { create } from 'qrcode/lib/core/qrcode.js';

import { chooseMask, type MaskPattern } from './mask';

/** How much of the symbol may be damaged: about 7, 15, 25 and 30 %. */
export type ErrorCorrectionLevel = 'L' | 'M' | 'Q' | 'H';

/** White modules that a reader needs around the symbol (ISO/IEC 18004, 5.3.8). */
export const QUIET_ZONE = 4;

const FIRST_MASK: MaskPattern = 0;

/** The modules of one symbol, without the quiet zone. Immutable. */
export class QrMatrix {
  readonly #modules: Uint8Array;

  /** Takes ownership of `modules`: one byte a module, row by row, 1 is dark. */
  constructor(
    readonly size: number,
    modules: Uint8Array,
  ) {
    if (modules.length !== size * size) {
      throw new RangeError(`a matrix of size ${size} has ${size * size} modules, got ${modules.length}`);
    }
    this.#modules = modules;
  }

  /** Outside of the symbol everything is light, as in its quiet zone. */
  isDark(x: number, y: number): boolean {
    return x >= 0 && x < this.size && this.#modules[y * this.size + x] === 1;
  }
}

export interface QrMatrixOptions {
  /** @default 'M' - what EMVCo, EPC069-12 and the Swiss QR-bill prescribe or advise */
  readonly errorCorrectionLevel?: ErrorCorrectionLevel;
}

/** Non-ASCII text is written as UTF-8 bytes, without an ECI: the form that EMVCo readers expect. */
export function qrMatrix(text: string, options: QrMatrixOptions = {}): QrMatrix {
  const errorCorrectionLevel = options.errorCorrectionLevel ?? 'M';
  const first = encode(text, { errorCorrectionLevel, maskPattern: FIRST_MASK });
  const { size, data, reservedBit } = first.modules;

  const best = chooseMask({ size, modules: data, fixed: reservedBit, appliedMask: FIRST_MASK });
  if (best === FIRST_MASK) return new QrMatrix(size, data);
  // The segments are given, so that the second run costs a fifth of the first.
  return new QrMatrix(size, create(first.segments, { errorCorrectionLevel, maskPattern: best }).modules.data);
}

function encode(text: string, options: Parameters<typeof create>[1]): ReturnType<typeof create> {
  if (text === '') throw new RangeError('a QR code needs a text, got an empty one');
  try {
    return create(text, options);
  } catch (cause) {
    const bytes = Buffer.byteLength(text);
    const level = options.errorCorrectionLevel;
    throw new RangeError(
      `the text does not fit into a QR code of level ${level}: got ${bytes} bytes; shorten it or lower the level`,
      { cause },
    );
  }
}
