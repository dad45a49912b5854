// Builds the package of one language, installs it beside an app of that language, synthesizes the app, and compares the
// template with the one of the TypeScript app. Needs lib/ and .jsii. Works in tmp/consumers; run it as
//
//   node test/consumers/run.mjs typescript|python|java
//
// Kept from run to run: what came from PyPI and Maven Central. Made anew each time: everything of this package's own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstDifference, sorted } from './templates.mjs';

const CONSUMERS = dirname(fileURLToPath(import.meta.url));
const ROOT = join(CONSUMERS, '..', '..');
const WORK = join(ROOT, 'tmp', 'consumers');
const PACKAGE = join(WORK, 'node_modules', 'cdk-qr-payments'); // the npm package as it ships, unpacked
const MAVEN_REPOSITORY = join(WORK, 'm2');

const APP = 'single-region';
const STACK = 'Payments';
const RESOURCES = ['AWS::DynamoDB::GlobalTable', 'AWS::ECS::Service', 'AWS::ApiGateway::RestApi'];
const HANDLER_FILES = ['Dockerfile', 'index.js'];
const STEP_TIMEOUT_MS = 600_000;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const version = (name) => (name === manifest.name ? manifest.version : manifest.devDependencies[name]);

/** Each installs the package and runs the app, which writes its cloud assembly to `output`. */
const LANGUAGES = { typescript, python, java };

try {
  main(process.argv[2]);
} catch (error) {
  console.error(`consumers: ${error.message}`);
  process.exitCode = 1;
} finally {
  // jsii-docgen would take an unpacked package, were it left lying about, for the one it is to describe.
  rmSync(PACKAGE, { recursive: true, force: true });
}

function main(language) {
  if (!Object.hasOwn(LANGUAGES, language)) {
    throw new Error(`unknown language ${language}; allowed: ${Object.keys(LANGUAGES).join(', ')}`);
  }
  unpackNpmPackage();
  const expected = synthesize('typescript');
  if (language === 'typescript') checkTypes();
  const actual = language === 'typescript' ? expected : synthesize(language);
  const difference = firstDifference(expected, actual);
  if (difference) throw new Error(`the ${language} template is not the TypeScript one: ${difference}`);
  console.log(`${language} ${APP} ${createHash('sha256').update(sorted(actual)).digest('hex')}`);
}

function unpackNpmPackage() {
  if (!existsSync(join(ROOT, '.jsii'))) throw new Error('.jsii is missing; run `npx jsii` first');
  fresh(PACKAGE);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', WORK], { cwd: ROOT });
  const tarball = join(WORK, `${manifest.name}-${manifest.version}.tgz`);
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', PACKAGE]);
  if (existsSync(join(PACKAGE, 'tmp'))) throw new Error('the npm package holds tmp/; add /tmp/ to .npmignore');
}

function synthesize(language) {
  const output = fresh(join(WORK, language, 'cdk.out'));
  LANGUAGES[language](join(CONSUMERS, language), output);
  const template = readJson(language, output, `${STACK}.template.json`);
  checkResources(language, template);
  checkHandlerAsset(language, output, template);
  return template;
}

function typescript(source, output) {
  const cwd = dirname(output); // where Node and tsc find the unpacked package
  copyFileSync(join(source, 'app.mts'), join(cwd, 'app.mts'));
  run('npx', ['esbuild', 'app.mts', '--outfile=app.mjs', '--log-level=warning'], { cwd });
  run('node', ['app.mjs'], { cwd, env: { CDK_OUTDIR: output } });
}

/** Takes five times as long as all the rest of TypeScript, so not for each other language. */
function checkTypes() {
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
  run('npx', ['tsc', ...options, 'app.mts'], { cwd: join(WORK, 'typescript') });
}

function python(source, output) {
  const dist = pacmak('python');
  const wheel = readdirSync(dist).find((name) => name.endsWith('.whl'));
  const venv = join(WORK, 'python', 'venv');
  const bin = join(venv, 'bin', 'python');
  if (!existsSync(bin)) run('python3', ['-m', 'venv', '--clear', venv]);
  const pip = (...args) => run(bin, ['-m', 'pip', '--disable-pip-version-check', '--no-input', ...args]);
  pip('uninstall', '--yes', manifest.name); // pip takes the same version for the same wheel
  const pinned = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${version(name)}`);
  pip('install', '--no-compile', ...pinned, join(dist, wheel));
  // Compiling all of aws-cdk-lib takes half a minute: here, at its first import, and kept.
  run(bin, [join(source, 'app.py')], { env: { CDK_OUTDIR: output, PYTHONDONTWRITEBYTECODE: '' } });
}

function java(source, output) {
  const env = { CDK_OUTDIR: output, MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN_REPOSITORY}` };
  const dist = pacmak('java', env);
  const { groupId, artifactId } = manifest.jsii.targets.java.maven;
  rmSync(join(MAVEN_REPOSITORY, ...groupId.split('.'), artifactId), { recursive: true, force: true });
  const properties = [manifest.name, 'aws-cdk-lib', 'constructs'].map((name) => `-D${name}.version=${version(name)}`);
  properties.push(`-Dbindings=${dist}`, `-Dbuild=${fresh(join(WORK, 'java', 'target'))}`);
  run('mvn', ['-B', '-q', '-f', join(source, 'pom.xml'), ...properties, 'compile', 'exec:java'], { env });
}

function pacmak(language, env) {
  const dist = fresh(join(WORK, 'dist', language));
  run('npx', ['jsii-pacmak', '--target', language, '--outdir', dirname(dist), PACKAGE], { cwd: ROOT, env });
  return dist;
}

function checkResources(language, { Resources }) {
  const types = new Set(Object.values(Resources).map(({ Type }) => Type));
  const missing = RESOURCES.filter((type) => !types.has(type));
  if (missing.length > 0) throw new Error(`the ${language} template lacks ${missing.join(', ')}`);
}

function checkHandlerAsset(language, output, template) {
  const images = Object.entries(readJson(language, output, `${STACK}.assets.json`).dockerImages);
  if (images.length !== 1) throw new Error(`the ${language} app has ${images.length} image assets; allowed: 1`);
  const [hash, { source }] = images[0];
  if (!sorted(template).includes(hash))
    throw new Error(`the ${language} template does not use its image asset ${hash}`);
  for (const file of HANDLER_FILES) {
    const path = join(output, source.directory, file);
    if (!existsSync(path)) throw new Error(`the ${language} app staged no ${file} of the handler: ${path}`);
  }
}

function readJson(language, output, name) {
  const path = join(output, name);
  if (!existsSync(path)) throw new Error(`the ${language} app wrote no ${path}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Silent, unless it fails. */
function run(command, args, { cwd = WORK, env = {} } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: STEP_TIMEOUT_MS };
  const { status, error, stdout, stderr } = spawnSync(command, args, options);
  if (status === 0) return;
  throw new Error(`${[command, ...args].join(' ')} failed: ${error?.message ?? `exit ${status}`}\n${stdout}${stderr}`);
}

function fresh(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
