// How each language takes the package and runs an app: `install` builds its artefact and installs it beside the apps, once;
// `run` runs one app, which writes its cloud assembly to `output`.
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fresh, run } from './steps.mjs';

const CONSUMERS = dirname(fileURLToPath(import.meta.url));
const ROOT = join(CONSUMERS, '..', '..');
export const WORK = join(ROOT, 'tmp', 'consumers');
/** The npm package as it ships, unpacked; the other languages' packages are made of it. */
export const PACKAGE = join(WORK, 'node_modules', 'cdk-qr-payments');

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const version = (name) => (name === manifest.name ? manifest.version : manifest.devDependencies[name]);

export function installNpmPackage() {
  if (!existsSync(join(ROOT, '.jsii'))) throw new Error('.jsii is missing; run `npx jsii` first');
  fresh(PACKAGE);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', WORK], { cwd: ROOT });
  const tarball = join(WORK, `${manifest.name}-${manifest.version}.tgz`);
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', PACKAGE], { cwd: WORK });
}

const typescript = {
  install() {
    fresh(join(WORK, 'typescript')); // below WORK, where Node and tsc find the package
    for (const file of readdirSync(join(CONSUMERS, 'typescript'))) {
      copyFileSync(join(CONSUMERS, 'typescript', file), join(WORK, 'typescript', file));
    }
  },
  run(app, output) {
    const cwd = join(WORK, 'typescript');
    run('npx', ['esbuild', `${app}.mts`, `--outfile=${app}.mjs`, '--log-level=warning'], { cwd });
    run('node', [`${app}.mjs`], { cwd, env: { CDK_OUTDIR: output } });
  },
  /** Takes five times as long as all the rest of TypeScript, so only where TypeScript itself is asked for. */
  check() {
    const cwd = join(WORK, 'typescript');
    const apps = readdirSync(cwd).filter((name) => name.endsWith('.mts'));
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    run('npx', ['tsc', ...options, ...apps], { cwd });
  },
};

const PYTHON = join(WORK, 'python', 'venv', 'bin', 'python');

const python = {
  install() {
    const dist = pacmak('python', [PACKAGE]);
    const wheel = readdirSync(dist).find((name) => name.endsWith('.whl'));
    if (!existsSync(PYTHON)) run('python3', ['-m', 'venv', '--clear', dirname(dirname(PYTHON))], { cwd: WORK });
    const pip = (...args) =>
      run(PYTHON, ['-m', 'pip', '--disable-pip-version-check', '--no-input', ...args], { cwd: WORK });
    pip('uninstall', '--yes', manifest.name); // pip takes the same version for the same wheel
    const pinned = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${version(name)}`);
    pip('install', '--no-compile', ...pinned, join(dist, wheel));
  },
  run(app, output) {
    const source = join(CONSUMERS, 'python', `${app.replaceAll('-', '_')}.py`);
    // Compiling all of aws-cdk-lib takes half a minute: here, at its first import, and kept.
    run(PYTHON, [source], { cwd: WORK, env: { CDK_OUTDIR: output, PYTHONDONTWRITEBYTECODE: '' } });
  },
};

const MAVEN_REPOSITORY = join(WORK, 'm2');
const MAVEN = { MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN_REPOSITORY}` };

const java = {
  install() {
    pacmak('java', [PACKAGE], MAVEN);
    const { groupId, artifactId } = manifest.jsii.targets.java.maven;
    rmSync(join(MAVEN_REPOSITORY, ...groupId.split('.'), artifactId), { recursive: true, force: true });
    fresh(join(WORK, 'java', 'target'));
    maven(['compile']);
  },
  run(app, output) {
    maven([`-Dexec.mainClass=com.example.payments.${pascalCase(app)}`, 'exec:java'], { CDK_OUTDIR: output });
  },
};

function maven(args, env = {}) {
  const versions = [manifest.name, 'aws-cdk-lib', 'constructs'].map((name) => `-D${name}.version=${version(name)}`);
  const folders = [`-Dbindings=${join(WORK, 'dist', 'java')}`, `-Dbuild=${join(WORK, 'java', 'target')}`];
  const pom = join(CONSUMERS, 'java', 'pom.xml');
  run('mvn', ['-B', '-q', '-f', pom, ...versions, ...folders, ...args], { cwd: WORK, env: { ...MAVEN, ...env } });
}

/** Go's own installer puts it into a folder that not every shell has in its path. */
const GO = { PATH: `${process.env.PATH}:/usr/local/go/bin`, GOFLAGS: '-mod=mod' };

const go = {
  install() {
    // Not every Go proxy has the parts of aws-cdk-lib that are packages of their own: made here of what npm installed.
    const { dependencies, bundleDependencies } = installed('aws-cdk-lib');
    const parts = Object.keys(dependencies).filter(
      (name) => name.startsWith('@aws-cdk/') && !bundleDependencies.includes(name),
    );
    const dist = pacmak('go', ['--code-only', PACKAGE, ...parts.map((name) => join(ROOT, 'node_modules', name))], GO);
    const cwd = join(WORK, 'go');
    rmSync(cwd, { recursive: true, force: true });
    cpSync(join(CONSUMERS, 'go'), cwd, { recursive: true });
    const edits = [
      `-require=github.com/aws/aws-cdk-go/awscdk/v2@v${version('aws-cdk-lib')}`,
      `-require=github.com/aws/constructs-go/constructs/v10@v${version('constructs')}`,
      ...readdirSync(dist).map((name) => `-replace=${moduleOf(join(dist, name))}=${join(dist, name)}`),
    ];
    run('go', ['mod', 'edit', ...edits], { cwd, env: GO });
    run('go', ['build', '-o', join(cwd, 'bin/'), './...'], { cwd, env: GO });
  },
  run(app, output) {
    run(join(WORK, 'go', 'bin', app), [], { cwd: WORK, env: { CDK_OUTDIR: output } });
  },
};

function moduleOf(folder) {
  return /^module (.+)$/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))[1];
}

function installed(name) {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
}

function pacmak(language, args, env) {
  const dist = fresh(join(WORK, 'dist', language));
  run('npx', ['jsii-pacmak', '--target', language, '--outdir', dirname(dist), ...args], { cwd: ROOT, env });
  return dist;
}

function pascalCase(name) {
  return name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
}

export const LANGUAGES = { typescript, python, java, go };
