/**
 * Penalty points of a QR symbol (ISO/IEC 18004, 7.8.3), counted 32 modules at a time.
 *
 * Each row and column is held as overlapping windows of 32 bits, the first module in the lowest bit. A window answers
 * for the patterns that start in its first 22 modules; the ten that it shares with the next one complete them, since
 * the longest pattern has eleven. Bits past the end of the line are zero.
 */

const WINDOW = 32;
const STRIDE = 22;
const OVERLAP = WINDOW - STRIDE;
const OWN_BITS = (1 << STRIDE) - 1;

const RUN_LENGTH = 5;
/** A run of five has three points, and one more for each module after. */
const RUN_EXTRA_POINTS = 2;
const BLOCK_POINTS = 3;
const FINDER_LENGTH = 11;
const FINDER_POINTS = 40;
const BALANCE_POINTS = 10;

export function windowsOf(size: number): { readonly count: number; readonly stride: number } {
  return { count: Math.ceil(size / STRIDE), stride: STRIDE };
}

/** The same modules twice: by rows and by columns, line after line. */
export class LineBits {
  readonly rows: Int32Array;
  readonly columns: Int32Array;

  /** A set bit is a module whose byte is `wanted`; without modules all bits are clear. */
  constructor(
    readonly size: number,
    modules?: Uint8Array,
    wanted = 1,
  ) {
    const { count } = windowsOf(size);
    this.rows = new Int32Array(size * count);
    this.columns = new Int32Array(size * count);
    if (modules === undefined) return;
    for (let row = 0, at = 0; row < size; row++) {
      for (let column = 0; column < size; column++, at++) {
        if (modules[at] !== wanted) continue;
        setBit(this.rows, row * count, column);
        setBit(this.columns, column * count, row);
      }
    }
  }
}

function setBit(lines: Int32Array, start: number, position: number): void {
  const window = Math.floor(position / STRIDE);
  const bit = position - window * STRIDE;
  lines[start + window]! |= 1 << bit;
  if (window > 0 && bit < OVERLAP) lines[start + window - 1]! |= 1 << (bit + STRIDE);
}

export function penalty(symbol: LineBits): number {
  const { size, rows, columns } = symbol;
  return (
    linePoints(rows, size) +
    linePoints(columns, size) +
    BLOCK_POINTS * countBlocks(rows, size) +
    balancePoints(rows, size)
  );
}

/** Runs of five and more of one colour, and what looks like a finder pattern (1:1:3:1:1 beside four light modules). */
function linePoints(lines: Int32Array, size: number): number {
  const { count } = windowsOf(size);
  let points = 0;
  for (let window = 0; window < count; window++) {
    const runStarts = startsOf(RUN_LENGTH, window, size);
    const finderStarts = startsOf(FINDER_LENGTH, window, size) & OWN_BITS;
    for (let line = 0; line < size; line++) {
      const w = lines[line * count + window]!;
      const same = ~(w ^ (w >>> 1));
      const runs = same & (same >>> 1) & (same >>> 2) & (same >>> 3) & runStarts;
      if (runs !== 0) {
        const lastOfRun = runs & ~(runs >>> 1) & OWN_BITS;
        points += countBits(runs & OWN_BITS) + RUN_EXTRA_POINTS * countBits(lastOfRun);
      }
      const finder = w & ~(w >>> 1) & (w >>> 2) & (w >>> 3) & (w >>> 4) & ~(w >>> 5) & (w >>> 6);
      if (finder === 0) continue;
      const fourLight = ~(w | (w >>> 1) | (w >>> 2) | (w >>> 3));
      points += FINDER_POINTS * countBits(finder & (fourLight >>> 7) & finderStarts);
      points += FINDER_POINTS * countBits(fourLight & (finder >>> 4) & finderStarts);
    }
  }
  return points;
}

/** Every 2 by 2 block of one colour, overlapping ones too. */
function countBlocks(rows: Int32Array, size: number): number {
  const { count } = windowsOf(size);
  let blocks = 0;
  for (let window = 0; window < count; window++) {
    const starts = startsOf(2, window, size) & OWN_BITS;
    for (let row = 0; row + 1 < size; row++) {
      const upper = rows[row * count + window]!;
      const lower = rows[(row + 1) * count + window]!;
      const different = (upper ^ (upper >>> 1)) | (lower ^ (lower >>> 1)) | (upper ^ lower);
      blocks += countBits(~different & starts);
    }
  }
  return blocks;
}

/** Ten points for every full 5 % by which the share of dark modules leaves the half. */
function balancePoints(rows: Int32Array, size: number): number {
  let dark = 0;
  for (const window of rows) dark += countBits(window & OWN_BITS);
  return BALANCE_POINTS * Math.floor((Math.abs(2 * dark - size * size) * 10) / (size * size));
}

/** The bits of a window at which a pattern of this length may start without leaving the line. */
function startsOf(length: number, window: number, size: number): number {
  const starts = size - length + 1 - window * STRIDE;
  if (starts >= WINDOW) return -1;
  return starts <= 0 ? 0 : (1 << starts) - 1;
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}
