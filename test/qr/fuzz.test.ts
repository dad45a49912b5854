// Mutated payloads: nothing throws, nothing takes long, and merchant-presented payloads are read exactly when the
// oracle reads them. FUZZ_RUNS and FUZZ_SEED try more and others.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeQr, encodeFields } from '../../src/qr';
import { randomOf } from './mutants';
import { oracleAccepts, oracleCrc } from './oracle';

const runs = Number(process.env.FUZZ_RUNS ?? 200_000);
const seed = Number(process.env.FUZZ_SEED ?? 20260815);
const boundMs = 5;
const vectors: readonly { payload: string }[] = JSON.parse(
  readFileSync(join(__dirname, 'vectors/qr-payloads.json'), 'utf8'),
);
const payloads = vectors.map(({ payload }) => payload);

const random = randomOf(seed);
const below = (n: number) => Math.floor(random() * n);
const pick = <T>(list: ArrayLike<T>): T => list[below(list.length)];
const scraps = [
  '0',
  '9',
  '00',
  '63',
  '6304',
  '99',
  'é',
  '👀',
  '\ud83d',
  '\n',
  '\r\n',
  '%',
  '&',
  '=',
  '',
  '\0',
  '2600',
  '5303',
  '+',
  ' ',
];

function mutate(payload: string): string {
  let text = payload;
  for (let n = below(2); n >= 0; n--) {
    const at = below(text.length + 1);
    const end = at + below(4);
    const kind = below(8);
    if (kind === 0) text = text.slice(0, at) + pick(scraps) + text.slice(end);
    else if (kind === 1) text = text.slice(0, at) + pick(text) + text.slice(at + 1);
    else if (kind === 2) text = text.slice(0, at);
    else if (kind === 3) text = text.slice(0, at) + text.slice(at, end + below(30)) + text.slice(at);
    else if (kind === 4) text = text.slice(0, at) + pick(payloads).slice(below(40));
    else text = text.slice(0, at) + String(below(10)) + text.slice(at + 1);
  }
  return below(4) === 0 ? text : withCrc(text);
}

function withCrc(text: string): string {
  const at = text.lastIndexOf('6304');
  const open = at >= 0 && text.length - at <= 8 ? text.slice(0, at + 4) : `${text}6304`;
  return open + oracleCrc(open);
}

test(`${runs} mutants: no throw, no delay, the oracle's verdict`, () => {
  let read = 0;
  let slow = 0;
  let oracleRead = 0;
  for (let n = 0; n < runs; n++) {
    const payload = mutate(pick(payloads));
    const start = performance.now();
    const result = decodeQr(payload);
    if (performance.now() - start > boundMs && isSlow(payload)) slow++;
    if (result.ok) read++;
    else if (result.issues.length === 0) throw new Error(`refused without a reason: ${JSON.stringify(payload)}`);
    const isEmv = !/^(hQVDUFY|BCD\r?\n|SPC\r?\n|upi:)/i.test(payload);
    if (!isEmv) continue;
    const expected = oracleAccepts(payload);
    if (expected) oracleRead++;
    // The oracle does not look into templates of templates, where a repeated ID refuses the payload too.
    const isDeeper = !result.ok && result.issues.every(({ path }) => path.split('/').length === 3);
    if (result.ok !== expected && !isDeeper) throw new Error(`disagreement on ${JSON.stringify(payload)}`);
    if (result.ok) tryToWrite(result.qr.fields);
  }
  expect(slow).toBe(0);
  expect(read).toBeGreaterThan(runs / 20);
  expect(oracleRead).toBeGreaterThan(runs / 20);
});

/** Slow each time it is tried again: a pause of the machine is not the decoder's. */
function isSlow(payload: string): boolean {
  return Array.from({ length: 5 }).every(() => {
    const start = performance.now();
    decodeQr(payload);
    return performance.now() - start > boundMs;
  });
}

function tryToWrite(fields: Parameters<typeof encodeFields>[0]): void {
  const { '63': _, ...rest } = fields;
  const written = encodeFields(rest);
  if (!written.ok) return;
  const again = decodeQr(written.payload);
  if (!again.ok || again.qr.warnings.some(({ code }) => code !== 'scheme_practice')) {
    throw new Error(`written, but not read cleanly: ${JSON.stringify(written.payload)}`);
  }
}

test.each([
  ['4,096 times a digit', '0'.repeat(4096)],
  ['4,097 characters', '0'.repeat(4097)],
  ['a megabyte', '9'.repeat(1_000_000)],
  ['empty objects', `000201${'6500'.repeat(1000)}`],
  [
    'as many templates as fit',
    `000201${Array.from({ length: 20 }, (_, n) => `${n + 80}99${'0099'.padEnd(99, '0')}`).join('')}`,
  ],
  ['astral characters', '👀'.repeat(4096)],
  ['BER padding', `hQVDUFYwMW${'A'.repeat(4000)}`],
  ['BER objects', Buffer.from(`8505${'43505630'}31${'C100'.repeat(1000)}`, 'hex').toString('base64')],
  ['lines', `SPC\n${'\n'.repeat(4000)}`],
  ['parameters', `upi://pay?${'a=%25&'.repeat(680)}`],
  ['percent signs', `upi://pay?pa=${'%C3'.repeat(1300)}`],
])('bounded: %s', (_, payload) => {
  const start = performance.now();
  const result = decodeQr(payload);
  const tookMs = performance.now() - start;

  expect(result.ok).toBe(false);
  if (tookMs > boundMs) expect(isSlow(payload)).toBe(false);
});
