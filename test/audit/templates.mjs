// cfn-lint and checkov over the templates of both integ apps, as the snapshots have them. Fails on any finding: an error, a warning, a
// failed check that checkov.yaml does not skip with its reason, and a skip that is not needed any more.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const integ = join(here, '..', '..', 'integ');
const config = join(here, 'checkov.yaml');

/** What teams deploy; not the stacks of the integ tests' own assertions. */
const templates = readdirSync(integ)
  .filter((name) => name.endsWith('.snapshot'))
  .flatMap((name) => readdirSync(join(integ, name)).map((file) => join(integ, name, file)))
  .filter((file) => file.endsWith('.template.json') && !/assertions|Assert/.test(file));
if (templates.length < 5) throw new Error(`only ${templates.length} templates in ${integ}`);

const ok = [lint(), check()].every(Boolean);
process.exitCode = ok ? 0 : 1;

function lint() {
  const { status, stdout, error } = run('cfn-lint', ['--', ...templates]);
  if (error || status !== 0) console.log(error?.message ?? stdout);
  console.log(
    `cfn-lint: ${templates.length} templates, ${status === 0 ? 'no error and no warning' : 'findings above'}`,
  );
  return status === 0;
}

function check() {
  const files = templates.flatMap((file) => ['-f', file]);
  const failed = report(['--config-file', config, ...files]);
  for (const { check_id, resource, file_path } of failed) console.log(`${check_id} ${resource} in ${file_path}`);
  const skipped = [...readFileSync(config, 'utf8').matchAll(/^ {2}- (CKV\w+)/gm)].map(([, id]) => id);
  const found = new Set(
    report(['--framework', 'cloudformation', '--skip-download', ...files]).map((each) => each.check_id),
  );
  const idle = skipped.filter((id) => !found.has(id));
  for (const id of idle) console.log(`${id} is skipped and not found any more`);
  console.log(`checkov: ${failed.length} failed checks, ${skipped.length} rules skipped with a reason`);
  return failed.length === 0 && idle.length === 0;
}

/** A run that checked nothing is no success. */
function report(args) {
  const { stdout, error, stderr } = run('checkov', [...args, '-o', 'json']);
  if (error) throw error;
  const [result] = [JSON.parse(stdout)].flat();
  if (!(result?.summary?.passed > 100)) throw new Error(`checkov checked next to nothing: ${stderr}`);
  return result.results.failed_checks;
}

function run(command, args) {
  return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
