import { qrMatrix } from '../../../src/handler/pictures/matrix';
import { renderTerminal } from '../../../src/handler/pictures/terminal';
import { readBlocks, TEXTS } from './read-back';

const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

function linesOf(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('renderTerminal', () => {
  test.each(TEXTS)('with colour: %s comes back, on any theme', (_, text) => {
    const lines = linesOf(renderTerminal(qrMatrix(text), { color: true }));

    const bare = lines.map((line) => {
      expect(line.startsWith(BLACK_ON_WHITE) && line.endsWith(RESET)).toBe(true);
      return line.slice(BLACK_ON_WHITE.length, -RESET.length);
    });
    expect(readBlocks(bare, false)).toBe(text);
  });

  test.each(TEXTS)('without colour: %s comes back from a dark terminal', (_, text) => {
    const lines = linesOf(renderTerminal(qrMatrix(text), { color: false }));

    expect(lines.join('')).toMatch(/^[ ▀▄█]+$/);
    expect(readBlocks(lines)).toBe(text);
  });

  test('has the quiet zone on every side', () => {
    const lines = linesOf(renderTerminal(qrMatrix('1'), { color: false }));

    expect(lines).toHaveLength(15); // 21 modules and 8 of quiet zone, two a line
    expect(lines.slice(0, 2)).toEqual(['█'.repeat(29), '█'.repeat(29)]);
    expect(lines.at(-1)).toBe('█'.repeat(29));
    for (const line of lines) expect(line).toMatch(/^█{4}.{21}█{4}$/);
  });
});
