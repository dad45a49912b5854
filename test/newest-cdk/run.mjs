// The constructs on the newest aws-cdk-lib, beside the floor that everything else runs on: their unit tests, and once the validation of
// templates that newer versions bring along, as errors. Snapshots stay on the floor.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(root, 'tmp', 'newest-cdk');
const modules = join(folder, 'node_modules');

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"private": true}');
run('npm', [
  'install',
  '--prefix',
  folder,
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  'aws-cdk-lib@2',
  'constructs@10',
]);

const version = (name, from) => JSON.parse(readFileSync(join(from, name, 'package.json'), 'utf8')).version;
const [floor, newest] = [join(root, 'node_modules'), modules].map((from) => version('aws-cdk-lib', from));
console.log(`aws-cdk-lib ${newest}, constructs ${version('constructs', modules)}; the floor is ${floor}`);
if (floor === newest) throw new Error('the newest version is the floor: this lane shows nothing');

const { jest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const config = join(folder, 'jest.json');
const here = (path) => `${modules}/${path}`;
writeFileSync(
  config,
  JSON.stringify({
    ...jest,
    rootDir: root,
    reporters: ['default'],
    // Whole paths: the package's own map of exports is not asked for those.
    moduleNameMapper: {
      '^aws-cdk-lib$': here('aws-cdk-lib'),
      '^aws-cdk-lib/(.*)$': here('aws-cdk-lib/$1'),
      '^constructs$': here('constructs'),
    },
    testMatch: [
      '<rootDir>/test/*.test.ts',
      '<rootDir>/test/private/*.test.ts',
      '<rootDir>/test/newest-cdk/*.newest.ts',
    ],
    testPathIgnorePatterns: ['/test/(tidy|architecture|docs|invariants|connectors-docs|public-template)\\.test\\.ts$'],
  }),
);
run('npx', ['jest', '--ci', '--maxWorkers=2', '--silent', '--config', config, ...process.argv.slice(2)]);

function run(command, args) {
  const env = { ...process.env, CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
