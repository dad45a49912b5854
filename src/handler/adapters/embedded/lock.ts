/**
 * One process at a time writes a data directory: a file says which, and is touched every second while that process lives. On one machine its
 * process id is enough to tell; from another container or machine that id says nothing, and the touching does.
 */
import { randomBytes } from 'node:crypto';
import {
  linkSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '../../domain/limits';
import { hasCode } from './data-dir';

export interface DirectoryLock {
  /** To be called before each write. @throws Error where this process stood still for so long that another one took the directory */
  check(): void;
  release(): void;
}

const ATTEMPTS = 5;
/** Locks of this very process. A lock with our process id that is not among them is not ours. */
const held = new Set<string>();

/** @throws Error that names the process which holds it */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, 'lock');
  const text = `${process.pid} ${placeOfProcesses()} ${randomBytes(8).toString('hex')}\n`;
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    if (take(path, text)) return new HeldLock(path, text);
    const owner = ownerOf(path);
    if (owner === undefined) continue; // given back in this moment
    if (await isInUse(path, owner)) throw inUse(directory, path, owner);
    removeStale(path, owner.text);
  }
  throw new Error(`${path} is being taken and given back by other processes; start again.`);
}

class HeldLock implements DirectoryLock {
  private touchedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly text: string,
  ) {
    held.add(path);
    this.timer = setInterval(() => this.touch(), LIMITS.lockTouchMs).unref();
  }

  check(): void {
    if (performance.now() - this.touchedAt < LIMITS.lockStaleMs / 2) return;
    this.touch();
    if (ownerOf(this.path)?.text !== this.text) throw new Error(`${this.path} was taken by another process meanwhile`);
  }

  release(): void {
    clearInterval(this.timer);
    if (held.delete(this.path) && ownerOf(this.path)?.text === this.text) unlinkSync(this.path);
  }

  /** Nothing is said where it fails: the next write looks at the lock itself. */
  private touch(): void {
    try {
      const now = new Date();
      utimesSync(this.path, now, now);
      this.touchedAt = performance.now();
    } catch {}
  }
}

function take(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

interface Owner {
  readonly text: string;
  readonly pid: number;
  readonly place: string;
  readonly touchedMs: number;
}

function ownerOf(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const [pid = '', place = ''] = text.split(' ');
    return { text, pid: Number.parseInt(pid, 10), place, touchedMs: statSync(path).mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Where a process id means the same: this machine, or this container. */
function placeOfProcesses(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // not Linux: no containers of the same name
  }
  return `${hostname()}/${namespace}`.replaceAll(' ', '_');
}

async function isInUse(path: string, { pid, place, touchedMs }: Owner): Promise<boolean> {
  if (held.has(path)) return true;
  if (place === placeOfProcesses() && pid !== process.pid) return isAlive(pid);
  // In a container every first process has the same id, so that one like ours may be ours of before, or a twin's.
  for (let waitedMs = 0; waitedMs < LIMITS.lockStaleMs; waitedMs += LIMITS.lockTouchMs) {
    await sleep(LIMITS.lockTouchMs);
    const now = ownerOf(path);
    if (now === undefined) return false;
    if (now.touchedMs !== touchedMs) return true;
  }
  return false;
}

/** A lock without a number in it was cut off while it was made. */
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Moves it aside before it goes: if another process has taken the lock since we looked, what we moved is its lock and goes back. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  unlinkSync(aside);
}

function inUse(directory: string, path: string, { pid, place }: Owner): Error {
  const where = place === placeOfProcesses() ? '' : ' of another machine or container';
  return new Error(
    `DATA_DIR ${directory} is in use by process ${pid}${where}; one process at a time may use it. ` +
      `Stop that process, use another directory, or, if you know that it is no payment handler, delete ${path}.`,
  );
}
