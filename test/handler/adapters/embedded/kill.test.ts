/** A real process, killed in the midst of writing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { openEmbeddedStore } from '../../../../src/handler/adapters/embedded/payment-store';

const root = mkdtempSync(join(tmpdir(), 'embedded-kill-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const script = join(root, 'writer.js');
beforeAll(() => {
  const entryPoints = [join(__dirname, 'writer.ts')];
  buildSync({ entryPoints, outfile: script, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' });
});

test('kill -9 loses no acknowledged write, and the next process takes the lock over', async () => {
  const directory = join(root, 'data');
  let found = 0;
  // In the last rounds the log is rewritten now and then.
  for (const afterMs of [60, 105, 150, 195, 1_000, 1_300]) {
    const acknowledged = await killWhileWriting(directory, afterMs);

    const store = await openEmbeddedStore(directory, 'local');
    for (const [id, revision] of acknowledged) {
      const payment = await store.get(id);
      expect(payment?.revision).toBeGreaterThanOrEqual(revision);
    }
    found += acknowledged.size;
    await store.close();
  }
  expect(found).toBeGreaterThan(20);
}, 20_000);

/** Lets another process write and kills it in the midst of it. Resolves with the last revision acknowledged of each payment. */
async function killWhileWriting(directory: string, afterMs: number): Promise<Map<string, number>> {
  const writer = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Map<string, number>();
  const lines = createInterface(writer.stdout);
  lines.on('line', (line) => {
    const [id = '', revision] = line.split(' ');
    acknowledged.set(id, Number(revision));
  });
  await once(lines, 'line');
  setTimeout(() => writer.kill('SIGKILL'), afterMs);
  await Promise.all([once(writer, 'exit'), once(lines, 'close')]);
  expect(writer.signalCode).toBe('SIGKILL');
  return acknowledged;
}
