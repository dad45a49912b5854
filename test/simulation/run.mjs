// Many worlds, or one again: `node test/simulation/run.mjs [--worlds 5000] [--from 1] [--no-faults] | --seed 42`.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: process.env.WORLDS ?? '5000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    'no-faults': { type: 'boolean', default: false },
  },
});

const outfile = join(root, 'tmp', 'simulation', `worlds-${process.pid}.cjs`);
mkdirSync(dirname(outfile), { recursive: true });
const entryPoints = [join(here, 'many.ts')];
await build({
  entryPoints,
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
});
process.setSourceMapsEnabled(true);
const { describe, runMany, runWorld, summary, tell } = createRequire(import.meta.url)(outfile);
rmSync(outfile);

const faults = !values['no-faults'];
if (values.seed === undefined) await many(Number(values.from), Number(values.worlds));
else await one(Number(values.seed));

async function many(from, worlds) {
  const result = await runMany({ from, worlds, faults, failuresMax: 5 });
  console.log(summary(result));
  for (const failure of result.failures) console.log(describe(failure).join('\n'));
  process.exitCode = result.failures.length > 0 ? 1 : 0;
}

async function one(seed) {
  const outcome = await runWorld(seed, { faults, trace: true });
  console.log(await tell(outcome));
  process.exitCode = outcome.violations.length > 0 ? 1 : 0;
}
