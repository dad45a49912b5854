// The QR codec and its pictures against baseline.mjs, in one process. Everything is compared, nothing is trusted: an arm that
// gives a wrong result ends the run.

import { deepStrictEqual, strictEqual } from 'node:assert';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { ratios, spread } from '../statistics.mjs';
import * as baseline from './baseline.mjs';
import { measure } from './measure.mjs';
import { payments, pix } from './payloads.mjs';

const RATIO_MAX = 2.5;
const PNG_MAX_MS = 1;
/** How far the same code may seem to differ from itself before a run says nothing. */
const NOISE_MAX = 0.1;
const SCALE = 8;
const CODEC = { rounds: 31, sliceMs: 20 };
const PICTURES = { rounds: 21, sliceMs: 40 };

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const { decodeQr, encodeFields, qrMatrix, renderPng, renderSvg } = await load();

const rows = [];
const verdicts = [];
let checked = 0;
export function benchCodec() {
  for (const [name, make] of Object.entries({ 'a payment of ours': payments, 'a Pix code': pix })) codec(name, make());
  pictures(payments().map((fields) => baseline.encode(pairsOf(fields))));
  return {
    head: ['', 'CPU µs a call', 'baseline µs', 'times the baseline', 'same code twice'],
    rows,
    verdicts,
    notes: [
      'Medians, and quartiles in brackets.',
      `${checked} payloads written alike and read alike by both; the PNG read back by jsqr`,
    ],
  };
}

/** The sources as one file, as the handler's bundle has them. */
async function load() {
  const outfile = join(root, 'tmp', 'bench', 'code.cjs');
  const contents = [
    `export { decodeQr, encodeFields } from './src/qr';`,
    `export { qrMatrix } from './src/handler/pictures/matrix';`,
    `export { renderPng } from './src/handler/pictures/png';`,
    `export { renderSvg } from './src/handler/pictures/svg';`,
  ].join('\n');
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' };
  await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, ...options });
  return createRequire(import.meta.url)(outfile);
}

function codec(name, list) {
  const pairs = list.map(pairsOf);
  const texts = pairs.map(baseline.encode);
  for (const [n, fields] of list.entries()) checkCodec(fields, texts[n]);
  const of = (items, run) => (n) => run(items[n % items.length]);
  const what = `${name}, ${spread(texts.map((text) => text.length)).median} characters`;
  for (const [verb, ours, theirs] of [
    ['encode', of(list, encodeFields), of(pairs, baseline.encode)],
    ['decode', of(texts, decodeQr), of(texts, baseline.decode)],
  ]) {
    const found = measure({ ours, base: theirs, again: theirs }, CODEC);
    const ratio = ratios(found.ours, found.base);
    const noise = ratios(found.again, found.base);
    rows.push([`${verb} ${what}`, micro(found.ours), micro(found.base), times(ratio), times(noise)]);
    judge(`${verb} ${name}`, ratio.median, RATIO_MAX, `${ratio.median.toFixed(2)} times the baseline`, noise.median);
  }
}

function checkCodec(fields, text) {
  deepStrictEqual(encodeFields(fields), { ok: true, payload: text });
  const { ok, qr } = decodeQr(text);
  strictEqual(ok, true);
  deepStrictEqual(qr.warnings, []);
  deepStrictEqual(pairsOf(qr.fields), pairsOf({ ...fields, 63: text.slice(-4) }));
  deepStrictEqual(pairsOf(baseline.decode(text)), pairsOf(qr.fields));
  checked++;
}

/** What the baseline writes: it is spared the putting in order. */
function pairsOf(fields) {
  return Object.entries(fields)
    .sort()
    .map(([id, value]) => [id, typeof value === 'string' ? value : pairsOf(value)]);
}

function pictures(texts) {
  const png = (n) => renderPng(qrMatrix(texts[n % texts.length]), { scale: SCALE });
  const svg = (n) => renderSvg(qrMatrix(texts[n % texts.length]), { title: 'Payment' });
  const { data, width, height } = PNG.sync.read(png(0));
  strictEqual(jsQR(new Uint8ClampedArray(data), width, height)?.data, texts[0]);

  const found = measure({ matrix: (n) => qrMatrix(texts[n % texts.length]), png, again: png, svg }, PICTURES);
  const side = qrMatrix(texts[0]).size;
  const noise = ratios(found.again, found.png);
  rows.push([`matrix, ${side} modules a side`, micro(found.matrix), '', '', '']);
  rows.push([`matrix and PNG, scale ${SCALE}, ${png(0).length} bytes`, micro(found.png), '', '', times(noise)]);
  rows.push([`matrix and SVG, ${svg(0).length} bytes`, micro(found.svg), '', '', '']);
  const ms = spread(found.png).median / 1000;
  judge('matrix and PNG', ms, PNG_MAX_MS, `${ms.toFixed(2)} ms of CPU`, noise.median);
}

function judge(what, value, max, words, noise) {
  const isNoisy = Math.abs(noise - 1) > NOISE_MAX;
  const verdict = isNoisy ? 'UNCLEAR' : value <= max ? 'pass' : 'FAIL';
  const band = isNoisy ? `; the same code differs from itself by ${Math.round(Math.abs(noise - 1) * 100)} %` : '';
  verdicts.push({ verdict, words: `${what}: ${words}, at most ${max} allowed${band}` });
}

function micro(values) {
  const { low, median, high } = spread(values);
  const text = (value) => (value < 100 ? value.toFixed(2) : value.toFixed(0));
  return `${text(median)} (${text(low)} to ${text(high)})`;
}

function times({ low, median, high }) {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
