// What the library adds to an app's start and to its synthesis. Floor and app are measured in turn, each in a process of its own, in this
// run; the fastest of several counts, for whatever else the machine does only adds, and there are more of them while it does too much. What
// counts is processor time, which changes less than the clock's on a busy machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const MAX_ROUNDS = 15;
const MAX_IMPORT_MS = 150;
const MAX_SYNTH_MS = 400;
/** A machine that is busy or slow may take this much longer before the run fails; the figures are told beside what is allowed all the same. */
const TOLERANCE = 1.5;
const APP = fileURLToPath(new URL('app.cjs', import.meta.url));

/** @returns {{figures: string, faults: string[]}} */
export function checkSpeed(root) {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    const rounds = [];
    while (rounds.length < ROUNDS || (rounds.length < MAX_ROUNDS && isSlow(figuresOf(rounds)))) {
      rounds.push(measureRound(root, folder));
    }
    // A table of aws-cdk-lib's floor warns of what it does itself, in anybody's app.
    const { said } = measure({ root, what: 'table', modules: join(folder, 'table.json'), folder });
    return judge(rounds, new Set(said));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The second and third import what the first one turned out to need: aws-cdk-lib loads its parts when they are first named. */
function measureRound(root, folder) {
  const modules = join(folder, 'modules.json');
  rmSync(modules, { force: true });
  const [cold, empty, full] = ['full', 'empty', 'full'].map((what) => measure({ root, what, modules, folder }));
  return { cold, empty, full };
}

function measure({ root, what, modules, folder }) {
  const output = join(folder, 'cdk.out');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const options = { env: { ...process.env, CDK_OUTDIR: output }, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [APP, root, what, modules], options);
  if (status !== 0) throw new Error(`${APP} ${what} failed: exit ${status}\n${stdout}${stderr}`);
  const lines = stdout.trim().split('\n');
  const figures = lines.pop();
  return { ...JSON.parse(figures), said: [...lines, ...stderr.split('\n')].filter((line) => line.trim() !== '') };
}

function judge(rounds, saidAnyway) {
  const { imported, empty, added, cold } = figuresOf(rounds);
  const said = rounds.flatMap(Object.values).flatMap((process) => process.said);
  return {
    figures: [
      `importing the library adds ${imported} ms to aws-cdk-lib, ${MAX_IMPORT_MS} allowed`,
      `synthesizing both constructs adds ${added} ms to ${empty} of an empty stack, ${MAX_SYNTH_MS} allowed`,
      `${cold} ms in all where nothing is loaded yet, fastest of ${rounds.length}`,
    ].join('; '),
    faults: [
      ...(imported > MAX_IMPORT_MS * TOLERANCE ? [`importing the library adds ${imported} ms`] : []),
      ...(added > MAX_SYNTH_MS * TOLERANCE ? [`synthesizing both constructs adds ${added} ms`] : []),
      ...new Set(
        said.filter((line) => !saidAnyway.has(line)).map((line) => `importing or synthesizing wrote: ${line}`),
      ),
    ],
  };
}

function isSlow({ imported, added }) {
  return imported > MAX_IMPORT_MS || added > MAX_SYNTH_MS;
}

function figuresOf(rounds) {
  const fastest = (figure) => Math.round(Math.min(...rounds.map(figure)));
  const empty = fastest((round) => round.empty.synthMs);
  return {
    imported: fastest((round) => round.cold.importMs),
    empty,
    added: fastest((round) => round.full.synthMs) - empty,
    cold: fastest((round) => round.cold.synthMs),
  };
}
