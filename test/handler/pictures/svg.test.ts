import { qrMatrix } from '../../../src/handler/pictures/matrix';
import { renderSvg } from '../../../src/handler/pictures/svg';
import { enlarge, readBack, TEXTS } from './read-back';

/** Paints the strokes of the one black path, as a renderer would; anything else in the file is a failure. */
function rasterise(svg: string) {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const dark = new Set<number>();
  const path = /<path stroke="#000" d="([^"]*)"\/>/.exec(svg)?.[1] ?? '';
  expect(path).toMatch(/^(?:M\d+ \d+\.5h\d+(?:m\d+ 0h\d+)*)+$/);
  let [x, y] = [0, 0];
  for (const [, command, first, second] of path.matchAll(/([Mmh])(\d+)(?: ([\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))];
    if (command === 'm') x += Number(first);
    if (command === 'h') for (const end = x + Number(first); x < end; x++) dark.add(y * side + x);
  }
  return enlarge({ side, isLight: (column, row) => !dark.has(row * side + column) }, 4);
}

describe('renderSvg', () => {
  test.each(TEXTS)('%s comes back', (_, text) => {
    const svg = renderSvg(qrMatrix(text), { title: 'QR code' });

    expect(readBack(rasterise(svg))).toBe(text);
  });

  test('has the size of its matrix, quiet zone included, on white with crisp edges', () => {
    const svg = renderSvg(qrMatrix('1'), { title: 'QR code' }); // version 1: 21 modules

    expect(svg).toContain('viewBox="0 0 29 29"');
    expect(svg).toContain('width="232" height="232"');
    expect(svg).toContain('shape-rendering="crispEdges"');
    expect(svg).toContain('<path fill="#fff" d="M0 0h29v29H0z"/>');
  });

  test('names itself to a screen reader', () => {
    const svg = renderSvg(qrMatrix('1'), { title: 'Pay Kopi Corner' });

    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>Pay Kopi Corner<\/title>/);
  });

  test('a title is text, whatever is in it', () => {
    const svg = renderSvg(qrMatrix('1'), { title: `<script>"&'</script>\u0000\ud800]]>` });

    expect(svg).toContain('<title>&lt;script&gt;&quot;&amp;&apos;&lt;/script&gt;\ufffd\ufffd]]&gt;</title>');
  });

  test('keeps the merchant’s own script', () => {
    expect(renderSvg(qrMatrix('1'), { title: '咖啡 😀' })).toContain('<title>咖啡 😀</title>');
  });
});
