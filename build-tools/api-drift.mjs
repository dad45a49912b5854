// Fails where API.md is not what the code makes it; `npx projen docgen` writes it anew.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'api-'));
try {
  const made = join(folder, 'API.md');
  const { status } = spawnSync('npx', ['jsii-docgen', '-o', made], { stdio: 'inherit' });
  const drifted =
    status !== 0 || !existsSync('API.md') || readFileSync(made, 'utf8') !== readFileSync('API.md', 'utf8');
  if (drifted) console.error('API.md is not what the code makes it: run `npx projen docgen` and commit it.');
  process.exitCode = drifted ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
