// The payments part of the benchmark: a run of bench.mjs, and what it says against the budgets.

import { statSync } from 'node:fs';
import { quantile, spread } from '../statistics.mjs';
import { Bench, BUNDLE } from './bench.mjs';

/** Times the floor. */
const BUDGETS = { create: 1.8, sale: 1.8, read: 1.5 };
/** How far the floor may seem to differ from itself before a run says nothing. */
const NOISE_MAX = 0.1;
const PNG_MS_MAX = 1;
const START_MS_MAX = 300;
const IDLE_MEGABYTES_MAX = 100;
/** From the first fifth of the steady load to the last. */
const GROWTH_MAX = 1.05;
const STARTS = 9;

const WORDS = {
  create: 'create',
  replay: 'create again, same key: the same reply',
  sale: 'authorize, captured at once',
  read: 'read',
  png: 'QR code, PNG',
  svg: 'QR code, SVG',
};
/** What of the floor's a row is compared with. */
const FLOOR_OF = { create: 'create', replay: 'create', sale: 'sale', read: 'read' };

export async function benchPayments({ rounds, sliceMs, steadyMs }) {
  if (process.platform !== 'linux') throw new Error('the payments part reads CPU time from /proc, so it needs Linux');
  const bench = await Bench.open();
  await bench.warmUp();
  const slices = await bench.rounds(rounds, sliceMs);
  const megabytes = await bench.steady(steadyMs);
  const starts = [];
  for (let n = 0; n < STARTS; n++) starts.push(await bench.start());
  await bench.close();

  const verdicts = [];
  const { stored, captured } = bench.audited;
  return {
    head: ['', 'CPU µs a request', "floor's µs", 'times the floor', 'floor twice', 'requests a second', "floor's"],
    rows: Object.keys(WORDS).map((kind) => row(kind, slices, verdicts)),
    verdicts: [...verdicts, ...processVerdicts(starts, megabytes)],
    notes: [
      `Lower quartiles of ${rounds} rounds of ${sliceMs} ms, ratios of these; requests a second are medians and say little on a busy machine.`,
      `${stored} payments in the store were as many keys and as many 201s, ${captured} of them captured there and at the bank, once each.`,
      `The bundle has ${(statSync(BUNDLE).size / 1e6).toFixed(2)} MB.`,
    ],
    data: { slices, megabytes, starts },
  };
}

function row(kind, slices, verdicts) {
  const of = (arm, what) => slices[`${arm} ${what}`];
  const micros = (arm, what) =>
    quantile(
      of(arm, what).map((slice) => slice.micros),
      0.25,
    );
  const perSecond = (arm, what) =>
    quantile(
      of(arm, what).map((slice) => slice.perSecond),
      0.5,
    ).toFixed(0);
  const ours = micros('ours', kind);
  const base = FLOOR_OF[kind];
  if (base === undefined) {
    if (kind === 'png')
      verdicts.push(judge(WORDS[kind], ours / 1000, PNG_MS_MAX, 'ms of CPU, its request and its read included'));
    return [WORDS[kind], ours.toFixed(0), '', '', '', perSecond('ours', kind), ''];
  }
  const floor = micros('floor', base);
  const twice = micros('twin', base) / floor;
  const ratio = ours / floor;
  if (kind === 'replay') verdicts.push(judge(WORDS[kind], ours / micros('ours', 'create'), 1, 'times a create', twice));
  else verdicts.push(judge(WORDS[kind], ratio, BUDGETS[kind], 'times the floor', twice));
  const cells = [ours.toFixed(0), floor.toFixed(0), ratio.toFixed(2), twice.toFixed(2)];
  return [WORDS[kind], ...cells, perSecond('ours', kind), perSecond('floor', base)];
}

function processVerdicts(starts, megabytes) {
  const of = (name) => spread(starts.map((start) => start[name]));
  const fifth = Math.ceil(megabytes.length / 5);
  const [first, last] = [megabytes.slice(0, fifth), megabytes.slice(-fifth)].map((part) => quantile(part, 0.5));
  const { ms, cpuMs, idleMegabytes } = { ms: of('ms'), cpuMs: of('cpuMs'), idleMegabytes: of('idleMegabytes') };
  return [
    judge(
      'start to ready',
      ms.low,
      START_MS_MAX,
      `ms (median ${ms.median.toFixed(0)}; ${cpuMs.low.toFixed(0)} ms of CPU)`,
    ),
    judge('idle', idleMegabytes.median, IDLE_MEGABYTES_MAX, 'MB of memory'),
    judge(
      'memory under steady load',
      last / first,
      GROWTH_MAX,
      `times what it was (${first.toFixed(0)} MB, then ${last.toFixed(0)})`,
    ),
  ];
}

/** @param twice the floor as often as itself: what it is off by is allowed on top, and too much of it says nothing */
function judge(what, value, max, unit, twice = 1) {
  const noise = Math.abs(twice - 1);
  const verdict = noise > NOISE_MAX ? 'INVALID' : value <= max + noise ? 'pass' : 'FAIL';
  const band = noise >= 0.005 ? ` and ${noise.toFixed(2)} of noise` : '';
  const digits = value < 20 ? 2 : 0;
  return { verdict, words: `${what}: ${value.toFixed(digits)} ${unit}, at most ${max}${band} allowed` };
}
