// `node build-tools/planted-bugs.mjs [name…]`: plants bugs into a copy of the tree, one at a time, and runs the test that must notice.
// A bug that no test notices, one whose place in the sources is gone, and a test that fails without any bug are all failures.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bugs } from '../test/planted-bugs/index.mjs';

const PARALLEL = 2;
/** Of the simulation: enough for every bug that it must catch. */
const WORLDS = '1500';
const COPIED = ['src', 'test', 'assets', 'package.json', 'tsconfig.json'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !bugs.some((bug) => bug.name === name));
if (unknown.length > 0) {
  console.error(`no planted bug is called ${unknown.join(', ')}; there are ${bugs.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

const planted = bugs.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const place = mkdtempSync(join(tmpdir(), 'planted-bugs-'));
const began = Date.now();
try {
  const copies = Array.from({ length: PARALLEL }, (_, n) => copyTree(join(place, String(n))));
  const sound = await checkSound(copies[0]);
  const left = [...planted];
  const missed = await Promise.all(copies.map((copy) => work(copy, left)));
  const count = missed.flat().length;
  console.log(`${planted.length - count} of ${planted.length} planted bugs caught in ${seconds(began)}`);
  process.exitCode = count === 0 && sound ? 0 : 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

function copyTree(copy) {
  for (const part of COPIED) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Without a bug every named test passes; otherwise it catches nothing. */
async function checkSound(copy) {
  const tests = planted.map(({ test }) => test);
  const results = await run(copy, tests);
  const bad = tests.filter(
    ({ path, name }) => !has(results, path, name, 'passed') || has(results, path, name, 'failed'),
  );
  for (const { path, name } of new Set(bad)) console.log(`does not pass without any bug: ${path}, "${name}"`);
  console.log(`the tests pass without any bug: ${bad.length === 0 ? 'yes' : 'NO'}, in ${seconds(began)}`);
  return bad.length === 0;
}

async function work(copy, left) {
  const missed = [];
  for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
    const start = Date.now();
    const verdict = await plant(copy, bug);
    console.log(`${bug.name}: ${verdict.caught ? 'caught by' : 'NOT CAUGHT:'} ${verdict.by} (${seconds(start)})`);
    if (!verdict.caught) missed.push(bug);
  }
  return missed;
}

async function plant(copy, { edits, test }) {
  const before = new Map(edits.map(({ file }) => [join(copy, file), readFileSync(join(copy, file), 'utf8')]));
  try {
    for (const { file, search, replace } of edits) {
      const text = readFileSync(join(copy, file), 'utf8');
      const times = text.split(search).length - 1;
      if (times !== 1) return { caught: false, by: `its place is ${times} times in ${file}, and must be there once` };
      writeFileSync(
        join(copy, file),
        text.replace(search, () => replace),
      );
    }
    const results = await run(copy, [test]);
    if (has(results, test.path, test.name, 'failed')) return { caught: true, by: `${test.path}, "${test.name}"` };
    return { caught: false, by: `${test.path}, "${test.name}" ${results.length === 0 ? 'did not run' : 'passes'}` };
  } finally {
    for (const [file, text] of before) writeFileSync(file, text);
  }
}

function has(results, path, name, status) {
  return results.some((each) => each.path.endsWith(path) && each.name.includes(name) && each.status === status);
}

/** @returns what became of each test that ran; a file that does not even load has none */
async function run(copy, tests) {
  const outputFile = join(copy, 'results.json');
  rmSync(outputFile, { force: true });
  const paths = [...new Set(tests.map(({ path }) => path))];
  const names = [...new Set(tests.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
  const options = ['--ci', '--silent', '--reporters=default', '--json', `--outputFile=${outputFile}`];
  await npx(copy, [
    'jest',
    ...paths,
    '-t',
    names.join('|'),
    `--maxWorkers=${tests.length > 1 ? PARALLEL : 1}`,
    ...options,
  ]);
  if (!existsSync(outputFile)) return [];
  const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8'));
  return testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ path, name: fullName, status })),
  );
}

function npx(cwd, args) {
  return new Promise((resolve) => {
    spawn('npx', args, { cwd, stdio: 'ignore', env: { ...process.env, WORLDS } }).once('close', resolve);
  });
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
