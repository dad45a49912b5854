/** The log by itself: how many writes share an fsync, and how large it becomes. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from '../../../../src/handler/adapters/embedded/log-file';
import { openEmbeddedStore } from '../../../../src/handler/adapters/embedded/payment-store';
import type { PaymentStore } from '../../../../src/handler/app/ports';
import type { Payment } from '../../../../src/handler/domain/payment';
import { created, refused } from '../sample-payments';

const MEGABYTE = 1024 * 1024;
const root = mkdtempSync(join(tmpdir(), 'embedded-log-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => jest.restoreAllMocks());

const newDirectory = () => mkdtempSync(join(root, 'data-'));
const logOf = (directory: string) => join(directory, 'payments.log');
const sizeOf = (directory: string) => statSync(logOf(directory)).size;

/** Methods of a file are on a prototype of their own. */
async function spyOnFiles<Method extends 'datasync' | 'sync'>(method: Method) {
  const handle = await open(root);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  return jest.spyOn(prototype, method);
}

describe('group commit', () => {
  test.each([
    [1, 1],
    [8, 4],
    [64, 20],
  ])('of %d writers at once, %d writes and more share an fsync', async (writers, least) => {
    const store = await openEmbeddedStore(newDirectory(), 'local');
    const fsyncs = await spyOnFiles('datasync');
    const each = Math.ceil(256 / writers);

    const work = Array.from({ length: writers }, async () => {
      for (let n = 0; n < each; n++) await store.create(created());
    });
    await Promise.all(work);

    const perFsync = (writers * each) / fsyncs.mock.calls.length;
    console.info(`embedded store: ${writers} writers, ${perFsync.toFixed(1)} writes an fsync`);
    expect(perFsync).toBeGreaterThanOrEqual(least);
    await store.close();
  });

  test('a writer that comes the moment another is done is not forgotten', async () => {
    const log = await LogFile.open(logOf(newDirectory()), { check: () => {}, compact: () => undefined }, () => {});

    for (let n = 0; n < 100; n++) await log.append(`{"n":${n}}`);

    await log.close();
  });
});

describe('a log of mostly replaced items', () => {
  /** Writes about 40 bytes of change and two kilobytes of log each time. */
  async function changeOften(store: PaymentStore, payments: Payment[], times: number): Promise<void> {
    const work = payments.map(async (_, at) => {
      for (let n = 0; n < times; n++) {
        payments[at] = refused(payments[at]!);
        await store.replace(payments[at]!);
      }
    });
    await Promise.all(work);
  }

  async function newPayments(store: PaymentStore, count: number): Promise<Payment[]> {
    const payments = Array.from({ length: count }, () => created());
    await Promise.all(payments.map((payment) => store.create(payment)));
    return payments;
  }

  test('is rewritten while the store runs, as often as need be, and loses nothing', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore(directory, 'local');
    const [changing, resting] = [await newPayments(store, 20), await newPayments(store, 20)];
    let written = 0;
    const sizes: number[] = [];
    for (let round = 0; round < 12; round++) {
      await changeOften(store, changing, 5);
      written += 100 * 2_000;
      sizes.push(sizeOf(directory));
    }
    const current = changing.concat(resting);
    const ids = current.map(({ facts }) => facts.id);

    expect(written).toBeGreaterThan(2 * MEGABYTE);
    expect(Math.max(...sizes)).toBeLessThan(2 * MEGABYTE);
    expect(sizes.filter((size, n) => size < (sizes[n - 1] ?? 0)).length).toBeGreaterThanOrEqual(1);
    expect(await store.getMany(ids)).toEqual(current);
    await store.close();
    const after = await openEmbeddedStore(directory, 'local');
    expect(await after.getMany(ids)).toEqual(current);
    await after.close();
  });

  test('of before is rewritten at the start, whatever a crash has left of a rewrite', async () => {
    const directory = newDirectory();
    const payments = Array.from({ length: 20 }, () => created());
    await fill(directory, payments, 60);
    writeFileSync(`${logOf(directory)}.new`, 'left by a crash in the midst of a rewrite');
    const large = sizeOf(directory);

    const store = await openEmbeddedStore(directory, 'local');

    expect(large).toBeGreaterThan(MEGABYTE);
    expect(sizeOf(directory)).toBeLessThan(large / 5);
    expect(await store.getMany(payments.map(({ facts }) => facts.id))).toEqual(payments);
    await store.close();
  });

  test('stays as it is where the new one cannot be written, and takes writes', async () => {
    const directory = newDirectory();
    const payments = Array.from({ length: 20 }, () => created());
    await fill(directory, payments, 60);
    const large = sizeOf(directory);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    // The first sync is of the old log as it is opened.
    const sync = await spyOnFiles('sync');
    sync.mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error('ENOSPC'));

    const store = await openEmbeddedStore(directory, 'local');
    const more = await newPayments(store, 3);

    expect(warned).toHaveBeenCalledWith(expect.stringContaining('could not be rewritten'));
    expect(sizeOf(directory)).toBeGreaterThan(large);
    await store.close();
    sync.mockRestore();
    const after = await openEmbeddedStore(directory, 'local');
    expect(await after.getMany(more.map(({ facts }) => facts.id))).toEqual(more);
    await after.close();
  });

  /** A log that was never rewritten: as by a release that did so at its start only. */
  async function fill(directory: string, payments: Payment[], times: number): Promise<void> {
    const store = await openEmbeddedStore(directory, 'local');
    await Promise.all(payments.map((payment) => store.create(payment)));
    await store.close();
    const text = readFileSync(logOf(directory), 'utf8');
    const commits = text.slice(text.indexOf('\n') + 1);
    writeFileSync(logOf(directory), text + commits.repeat(times));
  }
});
