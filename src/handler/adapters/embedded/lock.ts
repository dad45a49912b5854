/** One process at a time writes a data directory: a file with its process id says which. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from './data-dir';

const ATTEMPTS = 5;
/** Locks of this very process. A lock with our process id that is not among them was left by a process of the same id before us. */
const held = new Set<string>();

/**
 * @returns what gives it back
 * @throws Error that names the process which holds it
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    if (take(path)) return () => release(path);
    const owner = ownerOf(path);
    if (owner === undefined) continue; // given back in this moment
    if (held.has(path) || (owner.pid !== process.pid && isAlive(owner.pid))) throw inUse(directory, path, owner.pid);
    removeStale(path, owner.text);
  }
  throw new Error(`${path} is being taken and given back by other processes; start again.`);
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  held.add(path);
  return true;
}

function release(path: string): void {
  if (held.delete(path)) unlinkSync(path);
}

interface Owner {
  readonly pid: number;
  readonly text: string;
}

function ownerOf(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, pid: Number.parseInt(text, 10) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
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

function inUse(directory: string, path: string, pid: number): Error {
  return new Error(
    `DATA_DIR ${directory} is in use by process ${pid}; one process at a time may use it. ` +
      `Stop that process, use another directory, or, if you know that it is no payment handler, delete ${path}.`,
  );
}
