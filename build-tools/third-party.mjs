// What the bundle inlines from npm: which packages, whether their licences allow it, and the notices that they ask for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX ids of licences under which a package may be inlined. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/** Packages that must never be inlined, and why. */
const FORBIDDEN = [
  { name: /^(aws-cdk-lib|constructs)$/, why: 'the handler does not run at synth time' },
  {
    name: /^@aws-sdk\/client-/,
    why: 'the handler signs its few calls itself; a full client is larger than the rest of it',
  },
];

/** For packages that name their licence and forgot its text. Apache-2.0 is this project's own licence, the same for everybody. */
const STANDARD_TEXTS = {
  'Apache-2.0': (_manifest, root) => readFileSync(join(root, 'LICENSE'), 'utf8').trim(),
  MIT: (manifest) => `Copyright (c) ${manifest.author?.name ?? manifest.author ?? `the authors of ${manifest.name}`}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};

const NOTICE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = `\n${'-'.repeat(100)}\n\n`;

/** The packages in the outputs of an esbuild metafile, by name and version. Inputs are relative to `root`. */
export function inlinedPackages(metafile, root) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => packageDirectory(input));
  const directories = [...new Set(used.filter((directory) => directory !== undefined))];
  const packages = new Map(
    directories.map((directory) => describe(join(root, directory), root)).map((each) => [idOf(each), each]),
  );
  return [...packages.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** Why packages may not be in the bundle, one line each. */
export function refusedPackages(packages) {
  return packages.flatMap((each) => {
    const forbidden = FORBIDDEN.find(({ name }) => name.test(each.name));
    if (forbidden) return [`${idOf(each)} must not be inlined: ${forbidden.why}`];
    if (each.licence === undefined) return [`${idOf(each)} names no licence in its package.json`];
    if (!isPermissive(each.licence)) {
      return [`${idOf(each)} has the licence ${each.licence}; allowed: ${PERMISSIVE.join(', ')}`];
    }
    return each.notices.length === 0 ? [`${idOf(each)} (${each.licence}) ships no licence text to pass on`] : [];
  });
}

/** The text of THIRD-PARTY-LICENSES.txt. Packages with the very same notices share one entry. */
export function thirdPartyNotices(packages) {
  const byText = new Map();
  for (const each of packages) {
    const text = each.notices.join(RULE);
    byText.set(text, [...(byText.get(text) ?? []), `${idOf(each)} (${each.licence})`]);
  }
  const entries = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return [`index.js holds code of these packages, under these licences.\n`, ...entries].join(RULE);
}

const idOf = ({ name, version }) => `${name}@${version}`;

/** `node_modules/<name>` around a bundled file, the innermost one; `undefined` for code of our own. */
function packageDirectory(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function describe(directory, root) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const licence = licenceOf(manifest);
  const notices = readdirSync(directory)
    .filter((file) => NOTICE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (notices.length === 0 && STANDARD_TEXTS[licence]) notices.push(STANDARD_TEXTS[licence](manifest, root));
  return { name: manifest.name, version: manifest.version, licence, notices };
}

/** SPDX expression; old packages have an object or a list of alternatives. */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (Array.isArray(licenses)) return licenses.map(({ type }) => type).join(' OR ') || undefined;
  return license?.type;
}

/** One of the alternatives must be permissive in all its parts. Nested expressions are refused, for people to read. */
function isPermissive(expression) {
  const alternatives = expression.replace(/^\((.*)\)$/, '$1').split(/\s+OR\s+/);
  return alternatives.some((each) => each.split(/\s+AND\s+/).every((id) => PERMISSIVE.includes(id)));
}
