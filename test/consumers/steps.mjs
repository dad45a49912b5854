// Running what the languages' own tools do.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';

const STEP_TIMEOUT_MS = 600_000;

/** A command that ended badly, and what it wrote. */
export class StepError extends Error {
  constructor(command, reason, output) {
    super(`${command} failed: ${reason}\n${output}`);
    this.output = output;
  }
}

/** Silent, unless it fails. */
export function run(command, args, { cwd, env = {} }) {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: STEP_TIMEOUT_MS };
  const { status, error, stdout, stderr } = spawnSync(command, args, options);
  if (status === 0) return;
  throw new StepError([command, ...args].join(' '), error?.message ?? `exit ${status}`, `${stdout}${stderr}`);
}

export function fresh(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
