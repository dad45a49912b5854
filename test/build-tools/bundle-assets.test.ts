// The bundle step over a small project of its own: what it writes, that it writes the same again, and what it refuses.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface BundleOptions {
  root: string;
  outdir?: string;
  entries?: { source: string; target: string; shipped?: boolean; optional?: boolean; beside?: string[] }[];
  budgetBytes?: number;
}
const {
  bundle,
}: { bundle(options: BundleOptions): Promise<string[]> } = require('../../build-tools/bundle-assets.mjs');

const OPENAPI = 'src/openapi/payments.yaml';
const DOCUMENT = "openapi: 3.0.3\ninfo: { title: Things, version: '1' }\npaths: {}\n";
const MAIN = `import { twice } from 'helper';
import page from './page.html';
import document from '../../assets/openapi.json';
console.log(twice(21), page, document.openapi);
`;

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A project whose handler inlines one package, `helper`. */
function project(files: { [path: string]: string | undefined } = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'bundle-'));
  directories.push(root);
  const all: { [path: string]: string | undefined } = {
    [OPENAPI]: DOCUMENT,
    'src/handler/main.ts': MAIN,
    'src/handler/page.html': '<p>Hello</p>',
    'src/handler/Dockerfile': 'FROM scratch\n',
    'node_modules/helper/package.json': manifest({}),
    'node_modules/helper/index.js': 'exports.twice = (n) => n * 2;\n',
    'node_modules/helper/LICENSE': 'The licence\r\nof helper\r\n',
    LICENSE: 'The licence of the project\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function manifest(members: { name?: string; license?: unknown; licenses?: unknown; author?: string }): string {
  return JSON.stringify({ name: 'helper', version: '1.2.3', license: 'MIT', ...members });
}

function filesOf(directory: string): { [name: string]: string } {
  const names = ['openapi.json', 'handler/index.js', 'handler/Dockerfile', 'handler/THIRD-PARTY-LICENSES.txt'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, 'assets', name), 'utf8')]));
}

test('writes the document, one file that runs, the Dockerfile and the notices', async () => {
  const root = project();

  const lines = await bundle({ root });

  const files = filesOf(root);
  const output = execFileSync(process.execPath, [join(root, 'assets/handler/index.js')], { encoding: 'utf8' });
  expect(output).toBe('42 <p>Hello</p> 3.0.3\n');
  expect(JSON.parse(files['openapi.json'])).toEqual({
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    paths: {},
  });
  expect(files['handler/Dockerfile']).toBe('FROM scratch\n');
  expect(files['handler/THIRD-PARTY-LICENSES.txt']).toContain('helper@1.2.3 (MIT)\n\nThe licence\nof helper\n');
  expect(lines).toEqual([expect.stringMatching(/^assets\/handler\/index\.js: \d+ kB of \d+ kB, 1 packages inlined$/)]);
});

test('the same input gives the same bytes, wherever the project is', async () => {
  const [one, other] = [project(), project()];

  await bundle({ root: one });
  await bundle({ root: other });
  const first = filesOf(one);
  await bundle({ root: one });

  expect(filesOf(other)).toEqual(first);
  expect(filesOf(one)).toEqual(first);
});

test('bundles the demo where there is one, without holding it to the budget and licences of what is shipped', async () => {
  const root = project({
    'src/handler/demo/main.ts': "import { twice } from 'tool';\nconsole.log(twice);\n",
    'node_modules/tool/package.json': manifest({ name: 'tool', license: 'GPL-3.0-only' }),
    'node_modules/tool/index.js': 'exports.twice = 2;\n',
  });

  const lines = await bundle({ root });

  expect(lines[1]).toMatch(/^assets\/demo\/index\.js: /);
  expect(existsSync(join(root, 'assets/demo/index.js'))).toBe(true);
});

describe('licences', () => {
  const bundleWith = async (
    members: Parameters<typeof manifest>[0],
    files: { [path: string]: string | undefined } = {},
  ) => {
    const root = project({ 'node_modules/helper/package.json': manifest(members), ...files });
    await bundle({ root });
    return filesOf(root)['handler/THIRD-PARTY-LICENSES.txt'];
  };

  test.each([
    ['a copyleft licence', { license: 'GPL-3.0-only' }, 'helper@1.2.3 has the licence GPL-3.0-only; allowed: 0BSD'],
    ['a permissive and a copyleft licence', { license: 'MIT AND GPL-2.0' }, 'has the licence MIT AND GPL-2.0'],
    ['no licence', { license: undefined }, 'helper@1.2.3 names no licence'],
    ['an old list without one that is allowed', { license: undefined, licenses: [{ type: 'AGPL-3.0' }] }, 'AGPL-3.0'],
  ])('refuses a package with %s', async (_what, members, message) => {
    await expect(bundleWith(members)).rejects.toThrow(message);
  });

  test.each([
    ['a choice', { license: '(GPL-2.0 OR MIT)' }],
    ['several, all permissive', { license: 'MIT AND ISC' }],
    ['an old list', { license: undefined, licenses: [{ type: 'BSD-3-Clause' }] }],
    ['an old object', { license: { type: 'ISC' } }],
  ])('takes a package with %s', async (_what, members) => {
    await expect(bundleWith(members)).resolves.toContain('The licence\nof helper');
  });

  test('refuses a package without licence text, unless the text is the same for everybody', async () => {
    const without = { 'node_modules/helper/LICENSE': undefined };

    await expect(bundleWith({ license: 'ISC' }, without)).rejects.toThrow('helper@1.2.3 (ISC) ships no licence text');
    await expect(bundleWith({ license: 'Apache-2.0' }, without)).resolves.toContain('The licence of the project');
    await expect(bundleWith({ author: 'A. Helper' }, without)).resolves.toMatch(
      /Copyright \(c\) A\. Helper\n\nPermission is hereby granted/,
    );
  });

  test('passes a NOTICE on', async () => {
    const notices = await bundleWith({}, { 'node_modules/helper/NOTICE.txt': 'Made by Helper Inc.' });

    expect(notices).toContain('Made by Helper Inc.');
  });
});

test.each(['aws-cdk-lib', 'constructs', '@aws-sdk/client-dynamodb'])('refuses %s inside', async (name) => {
  const root = project({
    'src/handler/main.ts': `import { twice } from '${name}';\nconsole.log(twice);\n`,
    [`node_modules/${name}/package.json`]: manifest({ name }),
    [`node_modules/${name}/index.js`]: 'exports.twice = 2;\n',
    [`node_modules/${name}/LICENSE`]: 'MIT',
  });

  await expect(bundle({ root })).rejects.toThrow(`${name}@1.2.3 must not be inlined`);
});

test('what is refused is not left in assets', async () => {
  const root = project();

  await expect(bundle({ root, budgetBytes: 10 })).rejects.toThrow(
    /more than the budget of 0 kB:.*src\/handler\/main\.ts/s,
  );

  expect(existsSync(join(root, 'assets/handler'))).toBe(false);
});

test('a document with a problem is neither written nor bundled', async () => {
  const broken = DOCUMENT.replace('3.0.3', '3.1.0');
  const root = project({ [OPENAPI]: broken });

  await expect(bundle({ root })).rejects.toThrow(/has 1 problem\(s\):\n.*OpenAPI is 3\.1\.0/);

  expect(existsSync(join(root, 'assets'))).toBe(false);
});

test('a missing entry is said clearly', async () => {
  const root = project();
  rmSync(join(root, 'src/handler/main.ts'));

  await expect(bundle({ root })).rejects.toThrow('Could not resolve "src/handler/main.ts"');
});
