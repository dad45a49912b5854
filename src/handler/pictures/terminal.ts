/**
 * A QR symbol as lines of text for a terminal: half blocks, one character wide and two modules tall.
 *
 * With colour, modules are black on white whatever the theme: palette entries 16 and 231 are fixed, the first sixteen
 * are not. Without colour the light modules are the ones drawn, since most terminals are dark; on a light one the
 * symbol then comes out inverted, which common readers accept.
 */

import { type QrMatrix, QUIET_ZONE } from './matrix';

export interface TerminalOptions {
  /** Whether the terminal takes ANSI escape sequences. */
  readonly color: boolean;
}

const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

/** Lines with their line ends. */
export function renderTerminal(matrix: QrMatrix, { color }: TerminalOptions): string {
  const isDrawn = (x: number, y: number) => (matrix.isDark(x, y) ? color : !color);
  let text = '';
  for (let y = -QUIET_ZONE; y < matrix.size + QUIET_ZONE; y += 2) {
    let line = '';
    for (let x = -QUIET_ZONE; x < matrix.size + QUIET_ZONE; x++) line += halfBlock(isDrawn(x, y), isDrawn(x, y + 1));
    text += color ? `${BLACK_ON_WHITE}${line}${RESET}\n` : `${line}\n`;
  }
  return text;
}

function halfBlock(isUpperDrawn: boolean, isLowerDrawn: boolean): string {
  if (isUpperDrawn) return isLowerDrawn ? '█' : '▀';
  return isLowerDrawn ? '▄' : ' ';
}
