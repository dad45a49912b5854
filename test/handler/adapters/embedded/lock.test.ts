import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from '../../../../src/handler/adapters/embedded/lock';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('is taken once and given back', () => {
  const unlock = lockDirectory(directory);
  expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe(`${process.pid}\n`);

  expect(() => lockDirectory(directory)).toThrow('is in use by process');
  unlock();
  unlock();

  expect(existsSync(join(directory, 'lock'))).toBe(false);
  lockDirectory(directory)();
});

test('of a living process is respected, and the message says what to do', () => {
  writeFileSync(join(directory, 'lock'), `${process.ppid}\n`);

  expect(() => lockDirectory(directory)).toThrow(
    `DATA_DIR ${directory} is in use by process ${process.ppid}; one process at a time may use it. ` +
      `Stop that process, use another directory, or, if you know that it is no payment handler, delete ${join(directory, 'lock')}.`,
  );
});

test.each([
  ['a dead process', () => `${spawnSync(process.execPath, ['-e', '']).pid}\n`],
  ['a process before us with our id, as after a restart in a container', () => `${process.pid}\n`],
  ['nobody, cut off while it was made', () => ''],
])('of %s is taken over', (_, content) => {
  writeFileSync(join(directory, 'lock'), content());

  const unlock = lockDirectory(directory);

  expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
  expect(readdirSync(directory)).toEqual(['lock']);
  unlock();
});
