// The served OpenAPI document against the running handler, by schemathesis: every operation, every check, every phase, one seed.
// The handler is the bundle with everything in memory, behind a stand-in for the gateway, so that authentication is tested, too.
//
//   node test/schemathesis/run.mjs [--bundle <file>] [further options of `schemathesis run`]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children, startHandler } from '../chaos/children.mjs';
import { copyBundle, PROFILE } from '../chaos/world.mjs';
import { findFuzzer } from './fuzzer.mjs';
import { startGateway } from './gateway.mjs';

const HERE = import.meta.dirname;
const SECONDS_MAX = 110;
const SCOPES = 'payments:read payments:write payments:authorize payments:refund qr:read';
/** By credentials, as in merchants.json. */
const ACCOUNTS = {
  'Bearer demo': { id: 'm_demo', scopes: `${SCOPES} merchants:admin` },
  // May not see other merchants' profiles, as an administrator may.
  'Bearer other': { id: 'm_other', scopes: SCOPES },
};

const more = process.argv.slice(2);
const at = more.indexOf('--bundle');
const [, bundle] = at < 0 ? [] : more.splice(at, 2);

const folder = mkdtempSync(join(tmpdir(), 'schemathesis-'));
const children = new Children();
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await children.killAll();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function run() {
  const fuzzer = findFuzzer();
  if (fuzzer === undefined) throw new Error('schemathesis is missing; install it with `pip install schemathesis`');
  const merchants = [{ id: ACCOUNTS['Bearer other'].id, ...PROFILE }];
  let output = '';
  const handler = await startHandler(
    children,
    copyBundle(folder, bundle),
    { MERCHANTS: JSON.stringify(merchants) },
    (text) => {
      output += text;
    },
  );
  const document = await (await fetch(`${handler.url}/openapi.json`)).json();
  const gateway = await startGateway(handler.url, ACCOUNTS, Object.keys(document.paths));
  const args = ['--config-file', join(HERE, 'schemathesis.toml'), 'run', `${gateway.url}/openapi.json`, ...more];
  const fuzzing = children.start(fuzzer, args, {
    cwd: folder, // where it leaves its own notes
    env: {
      HOME: folder,
      NO_COLOR: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      HOOKS: join(HERE, 'hooks.py'),
      MERCHANTS: join(HERE, 'merchants.json'),
    },
    onText: (text) => process.stdout.write(text),
  });
  const timer = setTimeout(() => {
    console.log(`not done after ${SECONDS_MAX} s, ended`);
    fuzzing.kill('SIGKILL');
  }, SECONDS_MAX * 1000);
  const { code } = await fuzzing.ended;
  clearTimeout(timer);
  const unmet = tell(document, gateway.seen);
  const errors = output.split('\n').filter((line) => line.includes('"level":"error"'));
  for (const line of errors.slice(0, 10)) console.log(`logged: ${line.slice(0, 300)}`);
  return code === 0 && unmet.length === 0 && errors.length === 0 && handler.exitCode === null;
}

/** What each operation answered. @returns the operations of the document that never succeeded */
function tell(document, seen) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  for (const operation of operations) {
    const statuses = Object.entries(seen[operation] ?? {}).map(([status, count]) => `${count} × ${status}`);
    console.log(`  ${operation.padEnd(38)}${statuses.join(', ')}`);
  }
  const unmet = operations.filter(
    (operation) => !Object.keys(seen[operation] ?? {}).some((status) => status.startsWith('2')),
  );
  if (unmet.length > 0) console.log(`never successful: ${unmet.join(', ')}`);
  return unmet;
}
