/**
 * A QR symbol as SVG: one white rectangle and one path of horizontal strokes, a stroke for each run of dark modules.
 *
 * Strokes take half the bytes of filled boxes. Edges are crisp, since a smoothed one leaves hairlines between the rows.
 */

import { type QrMatrix, QUIET_ZONE } from './matrix';

export interface SvgOptions {
  /** What a screen reader says. */
  readonly title: string;
}

/** Intrinsic size, the one of the PNG; a page sets its own. */
const PIXELS_PER_MODULE = 8;

export function renderSvg(matrix: QrMatrix, options: SvgOptions): string {
  const side = matrix.size + 2 * QUIET_ZONE;
  const pixels = side * PIXELS_PER_MODULE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="0 0 ${side} ${side}" ` +
    `role="img" shape-rendering="crispEdges"><title>${escapeXml(options.title)}</title>` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path stroke="#000" d="${strokes(matrix)}"/></svg>\n`
  );
}

function strokes(matrix: QrMatrix): string {
  let path = '';
  for (let y = 0; y < matrix.size; y++) {
    let pen = -1; // where the last stroke of this row ended
    for (let x = 0; x < matrix.size; x++) {
      if (!matrix.isDark(x, y)) continue;
      const start = x;
      while (matrix.isDark(x, y)) x++;
      path += pen < 0 ? `M${start + QUIET_ZONE} ${y + QUIET_ZONE}.5` : `m${start - pen} 0`;
      path += `h${x - start}`;
      pen = x;
    }
  }
  return path;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What no XML 1.0 document may hold, not even escaped: control characters, halves of surrogate pairs, two others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being removed
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escapeXml(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
