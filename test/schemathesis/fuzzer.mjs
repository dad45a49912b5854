// Where schemathesis is: beside the other Python tools of `.ci/run`, or on the path.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const OWN = join(import.meta.dirname, '..', '..', 'tmp', 'python', 'bin', 'schemathesis');

/** @returns {string | undefined} */
export function findFuzzer() {
  return [OWN, 'schemathesis'].find((path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0);
}
