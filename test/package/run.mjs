// The package as it ships: what is in it, how it is documented, and what it adds to an app's start. Needs lib/ and .jsii; run it as
//
//   node test/package/run.mjs
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkContents } from './contents.mjs';
import { checkDocumentation } from './documentation.mjs';
import { checkSpeed } from './speed.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (name) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

if (!existsSync(join(ROOT, '.jsii'))) throw new Error('.jsii is missing; run `npx jsii` first');
report('contents', checkContents(ROOT, read('package.json')));
report('documentation', checkDocumentation(read('.jsii')));
report('speed', checkSpeed(ROOT));

function report(what, { figures, faults }) {
  console.log(`${what}: ${figures}`);
  for (const fault of faults) console.error(`package: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
