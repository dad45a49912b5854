/** Who may write a data directory: on this machine by process id, from another container or machine by what is touched. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from '../../../../src/handler/adapters/embedded/lock';
import { openEmbeddedStore } from '../../../../src/handler/adapters/embedded/payment-store';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { created } from '../sample-payments';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(directory, 'lock');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const read = () => readFileSync(path, 'utf8');
/** A lock as another process here would write it. */
const lockOf = async (pid: number) => {
  const other = mkdtempSync(join(tmpdir(), 'lock-'));
  const lock = await lockDirectory(other);
  const text = readFileSync(join(other, 'lock'), 'utf8');
  lock.release();
  rmSync(other, { recursive: true });
  return text.replace(/^\d+/, String(pid));
};

test('is taken once and given back', async () => {
  const lock = await lockDirectory(directory);
  expect(read()).toMatch(new RegExp(`^${process.pid} ${hostname()}\\S* [0-9a-f]{16}\n$`));

  await expect(lockDirectory(directory)).rejects.toThrow('is in use by process');
  lock.check();
  lock.release();
  lock.release();

  expect(existsSync(path)).toBe(false);
  (await lockDirectory(directory)).release();
});

test('of a living process is respected, and the message says what to do', async () => {
  writeFileSync(path, await lockOf(process.ppid));

  await expect(lockDirectory(directory)).rejects.toThrow(
    `DATA_DIR ${directory} is in use by process ${process.ppid}; one process at a time may use it. ` +
      `Stop that process, use another directory, or, if you know that it is no payment handler, delete ${path}.`,
  );
});

test('of a dead process of this machine is taken over at once', async () => {
  writeFileSync(path, await lockOf(spawnSync(process.execPath, ['-e', '']).pid));
  const begun = performance.now();

  const lock = await lockDirectory(directory);

  expect(performance.now() - begun).toBeLessThan(LIMITS.lockTouchMs);
  expect(readdirSync(directory)).toEqual(['lock']);
  lock.release();
});

describe('where the process id says nothing', () => {
  const foreign: [string, () => Promise<string>][] = [
    ['another machine or container', async () => '1 another-host/pid:[1] 0123456789abcdef\n'],
    ['a process with our own id, as in a container that was started again', () => lockOf(process.pid)],
    ['nobody, cut off while it was made', async () => ''],
    ['a release that wrote the id alone', async () => '4711\n'],
  ];

  /** Each in a directory of its own, for each waits. */
  function inEach<Result>(work: (home: string, name: string) => Promise<Result>): Promise<Result[]> {
    return Promise.all(
      foreign.map(async ([name, content]) => {
        const home = mkdtempSync(join(directory, 'home-'));
        writeFileSync(join(home, 'lock'), await content());
        return work(home, name);
      }),
    );
  }

  test('a lock that is not touched is taken over', async () => {
    await inEach(async (home) => {
      const lock = await lockDirectory(home);
      expect(readFileSync(join(home, 'lock'), 'utf8')).toContain(`${process.pid} ${hostname()}`);
      expect(readdirSync(home)).toEqual(['lock']);
      lock.release();
    });
  });

  test('a lock that is touched is respected', async () => {
    const outcomes = await inEach(async (home, name) => {
      const touch = () => utimesSync(join(home, 'lock'), new Date(), new Date());
      const touching = setInterval(touch, LIMITS.lockTouchMs);
      const outcome = await lockDirectory(home).then(
        () => 'taken',
        ({ message }) => message,
      );
      clearInterval(touching);
      return [name, outcome];
    });

    expect(outcomes).toEqual(foreign.map(([name]) => [name, expect.stringContaining('is in use by process')]));
  });

  test('the message says that it is another machine', async () => {
    writeFileSync(path, '1 another-host/pid:[1] 0123456789abcdef\n');
    setTimeout(() => utimesSync(path, new Date(), new Date()), 100);

    await expect(lockDirectory(directory)).rejects.toThrow('process 1 of another machine or container;');
  });
});

test('the lock is touched while it is held, and not after', async () => {
  const lock = await lockDirectory(directory);
  utimesSync(path, 0, 0);
  const { mtimeMs: before } = statSync(path);

  await new Promise((resolve) => setTimeout(resolve, 1.5 * LIMITS.lockTouchMs));

  expect(statSync(path).mtimeMs).toBeGreaterThan(before);
  lock.release();
});

test('a process that stood still while another took the directory writes no more, and leaves the lock to it', async () => {
  const store = await openEmbeddedStore(directory, 'local');
  await store.create(created());
  writeFileSync(path, await lockOf(process.ppid));
  const log = join(directory, 'payments.log');
  const before = readFileSync(log, 'utf8');
  const now = performance.now() + LIMITS.lockStaleMs;
  jest.spyOn(performance, 'now').mockReturnValue(now);

  await expect(store.create(created())).rejects.toMatchObject({ code: 'internal' });
  await expect(store.create(created())).rejects.toMatchObject({ code: 'store-unavailable' });

  expect(readFileSync(log, 'utf8')).toBe(before);
  await store.close();
  expect(existsSync(path)).toBe(true);
});
