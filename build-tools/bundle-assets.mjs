// From src/ to assets/: the OpenAPI document as JSON, and each entry as one file that Node runs. Pure of where it is started
// from, so that tests can run it over a directory of their own.

import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { lintOpenApi } from './openapi-lint.mjs';
import { inlinedPackages, refusedPackages, thirdPartyNotices } from './third-party.mjs';

/** What the handler may weigh: it is in the npm package, and read at every start of a task. */
const BUDGET_BYTES = 2_050_000;

const OPENAPI = { source: 'src/openapi/payments.yaml', target: 'openapi.json' };

/**
 * `shipped` entries are in the npm package: held to the budget and the licences, with the files that belong beside them.
 * `optional` ones may be missing.
 */
const ENTRIES = [
  { source: 'src/handler/main.ts', target: 'handler/index.js', shipped: true, beside: ['src/handler/Dockerfile'] },
  { source: 'src/handler/demo/main.ts', target: 'demo/index.js', optional: true },
];

/** Writes everything, and gives one line about each program. What is not right is not written, and the error says why. */
export async function bundle({
  root,
  outdir = join(root, 'assets'),
  entries = ENTRIES,
  openapi = OPENAPI,
  budgetBytes = BUDGET_BYTES,
}) {
  // First the document: the handler imports the JSON.
  await writeOpenApi(join(root, openapi.source), join(outdir, openapi.target));
  const lines = [];
  for (const entry of entries) {
    if (entry.optional && !existsSync(join(root, entry.source))) continue;
    lines.push(await writeEntry({ root, outdir, entry, budgetBytes }));
  }
  return lines;
}

async function writeOpenApi(source, target) {
  const document = parse(await readFile(source, 'utf8'));
  const problems = lintOpenApi(document);
  if (problems.length > 0) throw new Error(`${source} has ${problems.length} problem(s):\n  ${problems.join('\n  ')}`);
  await write(target, `${JSON.stringify(document, undefined, 2)}\n`);
}

async function writeEntry({ root, outdir, entry, budgetBytes }) {
  const target = join(outdir, entry.target);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry.source],
    outfile: target,
    bundle: true,
    write: false, // nothing refused below is left behind
    metafile: true,
    minify: true,
    legalComments: 'none', // THIRD-PARTY-LICENSES.txt has them all, these would be a few
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // ES modules first: of the AWS SDK's packages, most is then left out.
    mainFields: ['module', 'main'],
    loader: { '.html': 'text' },
    logLevel: 'silent', // what it has to say is in the error
  });
  const [{ contents }] = outputFiles;
  const line = `${relative(root, target)}: ${kilobytes(contents.length)}`;
  if (!entry.shipped) {
    await write(target, contents);
    return line;
  }

  const packages = inlinedPackages(metafile, root);
  const refused = refusedPackages(packages);
  if (contents.length > budgetBytes) {
    refused.push(
      `${kilobytes(contents.length)} are more than the budget of ${kilobytes(budgetBytes)}:`,
      ...largest(metafile),
    );
  }
  if (refused.length > 0) throw new Error(`${entry.source} cannot be shipped:\n  ${refused.join('\n  ')}`);
  await write(target, contents);
  await write(join(dirname(target), 'THIRD-PARTY-LICENSES.txt'), thirdPartyNotices(packages));
  for (const file of entry.beside ?? []) await copyFile(join(root, file), join(dirname(target), basename(file)));
  return `${line} of ${kilobytes(budgetBytes)}, ${packages.length} packages inlined`;
}

async function write(file, contents) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
}

/** The five inputs that weigh most, for people over budget. */
function largest(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const sorted = inputs.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput).slice(0, 5);
  return sorted.map(([input, { bytesInOutput }]) => `  ${kilobytes(bytesInOutput)} ${input}`);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
