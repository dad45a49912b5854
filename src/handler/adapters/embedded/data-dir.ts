/** The data directory: made once, its files durable, its keys readable by their owner only. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const KEY_BYTES = 32;

/** Makes the directory where it is missing, in such a way that it is still there after a power cut. */
export function openDataDir(path: string): string {
  const directory = resolve(path);
  const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (made === undefined) return directory;
  for (let each = directory; each.length >= made.length; each = dirname(each)) syncDirectory(dirname(each));
  return directory;
}

/** Without this a new or renamed file may be gone after a power cut, although its content was synced. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return; // Windows has no such call, and needs none
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The deployment's own key of that name: 32 random bytes, made at the first call and the same ever after.
 * @param name kebab-case
 */
export function loadOrCreateKey(dataDir: string, name: string): Buffer {
  const path = join(openDataDir(dataDir), `${name}.key`);
  return readKey(path) ?? createKey(path);
}

function readKey(path: string): Buffer | undefined {
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${path} holds ${key.length} bytes; a key has ${KEY_BYTES}. Restore it from a backup: what was made with it cannot be found without it.`,
  );
}

/** Written beside and linked into place, so that nobody ever sees half a key, and of two processes at once one wins. */
function createKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, key);
    fsyncSync(handle);
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    closeSync(handle);
    unlinkSync(draft);
  }
  syncDirectory(dirname(path));
  return readKey(path) ?? key;
}

export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
