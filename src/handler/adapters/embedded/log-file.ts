/**
 * An append-only log of JSON items that survives a crash at any instant.
 *
 * One line is one commit: `<crc32 in hex> <JSON array of items>`. A commit holds every item that was handed in while the one before was on
 * its way to the disk, so that many writers share one fsync, and being one line it is there as a whole or not at all.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Problem } from '../../domain/errors';
import { syncDirectory } from './data-dir';

const HEADER = '{"log":"cdk-qr-payments","version":1}';
const CHECKSUM_LENGTH = 8;
const READ_BYTES = 1024 * 1024;
/** A commit is closed when it is this long; its last item may reach beyond. */
const COMMIT_CHARACTERS = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** What the log asks of whoever writes to it. */
export interface LogOwner {
  /** Told before each commit. @throws where nothing may be written any more */
  check(): void;
  /** Every item as it stands, once `bytes` of log are too many; nothing before. */
  compact(bytes: number): Iterable<string> | undefined;
}

interface Commit {
  readonly items: string[];
  characters: number;
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export class LogFile {
  /** Bytes of the file that hold commits. */
  size = 0;
  private readonly queue: Commit[] = [];
  private flushing: Promise<void> = Promise.resolve();
  private isFlushing = false;
  private compactAbove = 0;
  private broken: Problem | undefined;

  private constructor(
    private readonly path: string,
    private handle: FileHandle,
    private readonly owner: LogOwner,
  ) {}

  /**
   * @param onItem is given every item in the order in which they were written
   * @throws Error that names file and byte where a commit in the middle cannot be read
   */
  static async open(path: string, owner: LogOwner, onItem: (item: unknown) => void): Promise<LogFile> {
    await rm(draftOf(path), { force: true }); // left by a crash while it was rewritten; the log itself is whole
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const log = new LogFile(path, handle, owner);
    try {
      log.size = await replay(path, handle, onItem);
      await handle.truncate(log.size);
      if (log.size === 0) log.size = await writeLine(handle, HEADER, 0);
      await handle.sync();
      syncDirectory(dirname(path));
    } catch (error) {
      await handle.close();
      throw error;
    }
    return log;
  }

  /** Resolves when the item is on the disk. */
  append(json: string): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    let commit = this.queue.at(-1);
    if (commit === undefined || commit.characters >= COMMIT_CHARACTERS) {
      commit = newCommit();
      this.queue.push(commit);
    }
    commit.items.push(json);
    commit.characters += json.length;
    if (!this.isFlushing) this.flushing = this.flush();
    return commit.done;
  }

  /** Rejects when nothing can be written any more. */
  async ping(): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
  }

  async close(): Promise<void> {
    this.broken ??= unavailable('the store is closed');
    await this.flushing;
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    this.isFlushing = true;
    for (let commit = this.queue.shift(); commit !== undefined; commit = this.queue.shift()) {
      try {
        this.owner.check();
        this.size += await writeLine(this.handle, arrayOf(commit), this.size);
        await this.handle.datasync();
        commit.resolve();
        await this.compact();
      } catch (error) {
        // What is on the disk now is not known, and a second fsync may say yes to pages that are lost: only a restart finds out.
        this.broken = unavailable('it could not write to its data directory and has to be started again', error);
        commit.reject(
          new Problem(
            'internal',
            'Whether the write took effect is not known; send the same request with the same Idempotency-Key again.',
            { cause: error },
          ),
        );
        for (const waiting of this.queue.splice(0)) waiting.reject(this.broken);
      }
    }
    this.isFlushing = false;
  }

  /** Writes a new log and puts it in the place of this one. What comes meanwhile waits, and goes into the new one. */
  async compact(): Promise<void> {
    const items = this.size < this.compactAbove ? undefined : this.owner.compact(this.size);
    if (items === undefined) return;
    const draft = await open(draftOf(this.path), 'wx', 0o600);
    let size = 0;
    try {
      size = await writeAll(draft, items);
      await draft.sync();
      await rename(draftOf(this.path), this.path);
    } catch (error) {
      // A full disk, say: the log that stands is whole, and goes on for a while.
      this.compactAbove = 2 * this.size;
      process.emitWarning(`the log of payments could not be rewritten: ${error}`);
      await draft.close();
      await rm(draftOf(this.path), { force: true });
      return;
    }
    const before = this.handle;
    this.handle = draft;
    this.size = size;
    await before.close();
    syncDirectory(dirname(this.path));
  }
}

function newCommit(): Commit {
  let resolve = () => {};
  let reject: (error: unknown) => void = () => {};
  const done = new Promise<void>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  return { items: [], characters: 0, done, resolve, reject };
}

/** @returns bytes written */
async function writeAll(handle: FileHandle, items: Iterable<string>): Promise<number> {
  let size = await writeLine(handle, HEADER, 0);
  let commit = newCommit();
  for (const json of items) {
    commit.items.push(json);
    commit.characters += json.length;
    if (commit.characters < COMMIT_CHARACTERS) continue;
    size += await writeLine(handle, arrayOf(commit), size);
    commit = newCommit();
  }
  return commit.items.length === 0 ? size : size + (await writeLine(handle, arrayOf(commit), size));
}

function arrayOf({ items }: Commit): string {
  return `[${items.join(',')}]`;
}

function draftOf(path: string): string {
  return `${path}.new`;
}

/** @returns bytes written */
async function writeLine(handle: FileHandle, json: string, position: number): Promise<number> {
  const line = Buffer.from(`${checksum(json)} ${json}\n`);
  for (let written = 0; written < line.length; ) {
    const { bytesWritten } = await handle.write(line, written, line.length - written, position + written);
    if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
    written += bytesWritten;
  }
  return line.length;
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, '0');
}

/** @returns where the last whole commit ends; what is behind was never acknowledged */
async function replay(path: string, handle: FileHandle, onItem: (item: unknown) => void): Promise<number> {
  const { size } = await handle.stat();
  let end = 0;
  for await (const line of linesOf(handle)) {
    const json = line.subarray(CHECKSUM_LENGTH + 1);
    const whole = line.toString('latin1', 0, CHECKSUM_LENGTH + 1) === `${checksum(json)} `;
    const next = end + line.length + 1;
    // A power cut may leave the last commit with its end on the disk and zeros before it.
    if (!whole && next === size && line.includes(0)) return end;
    if (!whole) throw corrupt(path, end);
    if (end === 0) checkHeader(path, json);
    else for (const item of parseItems(path, end, json)) onItem(item);
    end = next;
  }
  return end;
}

/** Lines that end in a newline. */
async function* linesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafe(READ_BYTES);
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let start = 0;
    const read = chunk.subarray(0, bytesRead);
    for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...parts.splice(0), read.subarray(start, end)]);
      start = end + 1;
    }
    if (start < bytesRead) parts.push(Buffer.from(read.subarray(start)));
  }
}

function parseItems(path: string, offset: number, json: Buffer): readonly unknown[] {
  const items: unknown = JSON.parse(json.toString());
  if (!Array.isArray(items)) throw corrupt(path, offset);
  return items;
}

function checkHeader(path: string, json: Buffer): void {
  if (json.toString() === HEADER) return;
  throw new Error(
    `${path} is no log that this release can read; start the release that wrote it, or use another DATA_DIR.`,
  );
}

function corrupt(path: string, offset: number): Error {
  return new Error(
    `${path} is damaged at byte ${offset}: what stands there was acknowledged and cannot be read. ` +
      'Nothing was changed. Restore the file from a backup and start again.',
  );
}

function unavailable(why: string, cause?: unknown): Problem {
  return new Problem('store-unavailable', `The store takes no writes: ${why}.`, { retryAfterSeconds: 1, cause });
}
