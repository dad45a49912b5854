// `npm test`: every lane in order, the time of each, and one closing line that counts them all.
// A lane whose tool this machine lacks is skipped aloud; with CI set that is a failure, so that CI never skips.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFuzzer } from '../test/schemathesis/fuzzer.mjs';

const has = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const java = () => has('java', '-version') && has('mvn', '-version');
const go = () => has('go', 'version') || has('/usr/local/go/bin/go', 'version');
const redis = () => has('redis-server', '--version');
const fuzzer = () => findFuzzer() !== undefined;
const auditors = () => has('cfn-lint', '--version') && has('checkov', '--version');
/** Containers without a daemon; the stand-in for the base image is made for this processor. */
const containers = () =>
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  ['buildah', 'podman', 'runc'].every((tool) => has(tool, '--version'));
const python = () => has('python3', '-c', 'import venv, ensurepip');

/** @type {{name: string, what: string, run: string[][], needs?: [string, () => boolean]}[]} */
const LANES = [
  { name: 'bundle', what: 'the handler and the OpenAPI document', run: [['node', 'build-tools/bundle.mjs']] },
  { name: 'lint', what: 'format and lint', run: [['npx', 'biome', 'ci', '--error-on-warnings', '.']] },
  {
    name: 'types',
    what: 'handler and tests',
    run: [
      ['npx', 'tsc', '-p', 'src/handler/tsconfig.json'],
      ['npx', 'tsc', '-p', 'test/tsconfig.json'],
    ],
  },
  { name: 'jest', what: 'all tests of test/', run: [] },
  {
    name: 'bad-input',
    what: 'a thousand hostile requests, slow clients, and one client beside them',
    run: [['node', 'test/chaos/bad-input/run.mjs']],
  },
  {
    name: 'races',
    what: 'fifty at once at two processes, counted',
    run: [['node', 'test/chaos/races.mjs']],
  },
  {
    name: 'chaos',
    what: 'real processes killed, stopped and cut off, and the books compared',
    run: [['node', 'test/chaos/run.mjs']],
    needs: ['redis-server', redis],
  },
  {
    name: 'schemathesis',
    what: 'the OpenAPI document fuzzed, every check on',
    run: [['node', 'test/schemathesis/run.mjs']],
    needs: ['schemathesis (pip install schemathesis)', fuzzer],
  },
  {
    name: 'compile',
    what: 'jsii, README examples, API.md as committed',
    run: [
      ['npx', 'jsii'],
      ['npx', 'jsii-rosetta', 'extract', '--strict'],
      ['node', 'build-tools/api-drift.mjs'],
    ],
  },
  {
    name: 'package',
    what: 'what ships, its documentation, and what it adds to an app',
    run: [['node', 'test/package/run.mjs']],
  },
  {
    name: 'integ',
    what: 'snapshots of the deployable apps',
    run: [['npx', 'integ-runner', '--directory', 'integ']],
  },
  {
    name: 'templates',
    what: 'cfn-lint and checkov over those snapshots',
    run: [['node', 'test/audit/templates.mjs']],
    needs: ['cfn-lint and checkov (PyPI)', auditors],
  },
  {
    name: 'newest-cdk',
    what: 'the constructs on the newest aws-cdk-lib, and its own validation as errors',
    run: [['node', 'test/newest-cdk/run.mjs']],
  },
  {
    name: 'image',
    what: 'the image as the CDK would publish it, run as the task definition says',
    run: [['npx', 'jest', '--ci', '--testMatch', '<rootDir>/test/image/*.image.ts']],
    needs: ['buildah, podman and runc on Linux x64', containers],
  },
  {
    name: 'typescript',
    what: 'the npm package, and apps that use it',
    run: [['node', 'test/consumers/run.mjs', 'typescript']],
  },
  {
    name: 'python',
    what: 'the wheel, and apps that use it',
    run: [['node', 'test/consumers/run.mjs', 'python']],
    needs: ['python3 with venv', python],
  },
  {
    name: 'java',
    what: 'the jar, and apps that use it',
    run: [['node', 'test/consumers/run.mjs', 'java']],
    needs: ['a JDK and Maven', java],
  },
  {
    name: 'go',
    what: 'the Go module, and apps that use it',
    run: [['node', 'test/consumers/run.mjs', 'go']],
    needs: ['Go', go],
  },
];

const total = { passed: 0, failed: 0, skipped: 0 };
const wanted = process.argv.slice(2);

for (const lane of LANES) {
  if (wanted.length > 0 && !wanted.includes(lane.name)) continue;
  const missing = lane.needs?.[1]() === false ? lane.needs[0] : undefined;
  if (missing && !process.env.CI) {
    console.log(`\n=== ${lane.name}: SKIPPED, this machine lacks ${missing}`);
    total.skipped++;
    continue;
  }
  console.log(`\n=== ${lane.name}: ${lane.what}`);
  const began = Date.now();
  const counts = missing ? lacking(missing) : lane.name === 'jest' ? jest() : count(lane.run.every(succeeds));
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  console.log(
    `=== ${lane.name}: ${counts.failed ? 'FAILED' : 'passed'} in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  if (lane.name === 'bundle' && counts.failed) break; // everything after it would test an old bundle
}

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function succeeds([command, ...args]) {
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', AWS_REGION: 'us-east-1' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

function count(passed) {
  return passed ? { passed: 1 } : { failed: 1 };
}

function lacking(what) {
  console.log(`this machine lacks ${what}, and CI is set`);
  return count(false);
}

/** Counts tests, not suites; a suite that does not even load counts as a failure. In CI a skipped test is one too. */
function jest() {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const outputFile = join(folder, 'results.json');
  try {
    const ok = succeeds(['npx', 'jest', '--ci', '--maxWorkers=2', '--json', `--outputFile=${outputFile}`]);
    if (!existsSync(outputFile)) return count(false);
    const {
      numPassedTests: passed,
      numFailedTests,
      numFailedTestSuites,
      numPendingTests: pending,
    } = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = numFailedTests + (ok || numFailedTests > 0 ? 0 : Math.max(1, numFailedTestSuites));
    return process.env.CI ? { passed, failed: failed + pending } : { passed, failed, skipped: pending };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
