import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from '../../../../src/handler/adapters/embedded/log-file';
import { openEmbeddedStore } from '../../../../src/handler/adapters/embedded/payment-store';
import { paymentStoreContract } from '../payment-store.contract';
import { begin, created, histories, MERCHANT, refused } from '../sample-payments';
import { oldPayments, SCHEMA_1_JOURNAL } from '../written-before';

const root = mkdtempSync(join(tmpdir(), 'embedded-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function newDirectory(): string {
  return mkdtempSync(join(root, 'data-'));
}

function logOf(directory: string): string {
  return join(directory, 'payments.log');
}

describe('contract', () => {
  // What cannot be read is told as a warning of the process, and to Node a test's errors are of another kind.
  beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation(() => {}));
  afterAll(() => jest.restoreAllMocks());

  paymentStoreContract(async (items) => {
    const directory = newDirectory();
    const log = await LogFile.open(logOf(directory), { check: () => {}, compact: () => undefined }, () => {});
    await Promise.all(items.map((item) => log.append(JSON.stringify(item))));
    await log.close();
    const store = await openEmbeddedStore(directory, 'ap-southeast-1');
    return { store, close: () => store.close() };
  });
});

test('a directory of the release that wrote schema 1 is opened as it is', async () => {
  const directory = newDirectory();
  copyFileSync(SCHEMA_1_JOURNAL, logOf(directory));

  const store = await openEmbeddedStore(directory, 'ap-southeast-1');

  expect(await store.getMany(oldPayments.map(({ pk }) => pk))).toHaveLength(oldPayments.length);
  await store.close();
});

describe('after a restart', () => {
  test('everything is as it was', async () => {
    const directory = newDirectory();
    const chains = Object.values(histories());
    const payments = chains.map((steps) => steps.at(-1)!);
    const before = await openEmbeddedStore(directory, 'local');
    for (const steps of chains) {
      for (const step of steps) await (step.revision === 1 ? before.create(step) : before.replace(step));
    }
    await before.putMerchant(MERCHANT);
    const query = { merchantId: MERCHANT.id, limit: 100 };
    const pending = { homeRegion: 'apse1', since: '2027', limit: 100 };
    const seen = [await before.list(query), await before.listPending(pending)];
    await before.close();

    const after = await openEmbeddedStore(directory, 'local');

    expect(await after.getMany(payments.map(({ facts }) => facts.id))).toEqual(payments);
    expect([await after.list(query), await after.listPending(pending)]).toEqual(seen);
    expect(seen.map(({ length }) => length)).toEqual([chains.length, 2]);
    expect(await after.getMerchant(MERCHANT.id)).toEqual(MERCHANT);
    await after.close();
  });

  test('a refusal saved before is still told from a change of the state', async () => {
    const directory = newDirectory();
    const payment = created();
    const before = await openEmbeddedStore(directory, 'local');
    await before.create(payment);
    await before.close();

    const after = await openEmbeddedStore(directory, 'local');
    await after.replace(refused((await after.get(payment.facts.id))!));
    await after.close();

    expect(readFileSync(logOf(directory), 'utf8').trimEnd().split('\n').at(-1)).not.toContain('lastEvent');
  });
});

describe('a crash while a commit is on its way to the disk', () => {
  /** A log of three commits, the last of two items, and what stands in it without the last. */
  async function writeThree() {
    const directory = newDirectory();
    const store = await openEmbeddedStore(directory, 'local');
    const [one, two, three] = [created(), created(), created()];
    await store.create(one);
    await store.create(two);
    const acknowledged = statSync(logOf(directory)).size;
    await store.close();
    const again = await openEmbeddedStore(directory, 'local');
    await Promise.all([again.create(three)]);
    await again.close();
    return { directory, acknowledged, before: [one, two], last: three, bytes: readFileSync(logOf(directory)) };
  }

  test('cut at any byte, leaves all that was acknowledged before and nothing of itself', async () => {
    const { directory, acknowledged, before, last, bytes } = await writeThree();
    const ids = [...before, last].map(({ facts }) => facts.id);

    for (let length = acknowledged; length < bytes.length; length++) {
      writeFileSync(logOf(directory), bytes.subarray(0, length));
      const store = await openEmbeddedStore(directory, 'local');
      expect(await store.getMany(ids)).toEqual(before);
      await store.close();
      expect(statSync(logOf(directory)).size).toBe(acknowledged);
    }
  }, 20_000);

  test('can be followed by new writes', async () => {
    const { directory, before, last, bytes } = await writeThree();
    truncateSync(logOf(directory), bytes.length - 10);
    const torn = await openEmbeddedStore(directory, 'local');
    await torn.create(last);
    await torn.close();

    const store = await openEmbeddedStore(directory, 'local');

    expect(await store.getMany([...before, last].map(({ facts }) => facts.id))).toEqual([...before, last]);
    await store.close();
  });

  test('with its end on the disk and zeros before it, is torn too', async () => {
    const { directory, acknowledged, before, last, bytes } = await writeThree();
    bytes.fill(0, acknowledged + 20, acknowledged + 120);
    writeFileSync(logOf(directory), bytes);

    const store = await openEmbeddedStore(directory, 'local');

    expect(await store.getMany([...before, last].map(({ facts }) => facts.id))).toEqual(before);
    await store.close();
  });

  test('in the first moment of a new directory, leaves an empty store', async () => {
    for (const header of ['', '{"lo', 'a3']) {
      const directory = newDirectory();
      writeFileSync(logOf(directory), header);

      const store = await openEmbeddedStore(directory, 'local');

      expect(await store.get(created().facts.id)).toBeUndefined();
      await store.close();
    }
  });

  test('while the log was being rewritten, leaves the old one', async () => {
    const { directory, before } = await writeThree();
    writeFileSync(`${logOf(directory)}.new`, 'half of a new log');

    const store = await openEmbeddedStore(directory, 'local');

    expect(await store.get(before[0]!.facts.id)).toEqual(before[0]);
    await store.close();
  });
});

describe('damage to what was acknowledged', () => {
  async function damaged(damage: (bytes: Buffer, second: number) => Buffer): Promise<string> {
    const directory = newDirectory();
    const store = await openEmbeddedStore(directory, 'local');
    await store.create(created());
    const second = statSync(logOf(directory)).size;
    await store.create(created());
    await store.create(created());
    await store.close();
    const bytes = readFileSync(logOf(directory));
    writeFileSync(logOf(directory), damage(bytes, second));
    const where = `${logOf(directory)} is damaged at byte ${second}`;
    const kept = readFileSync(logOf(directory));

    await expect(openEmbeddedStore(directory, 'local')).rejects.toThrow(where);
    expect(readFileSync(logOf(directory)).equals(kept)).toBe(true);
    return directory;
  }

  const patch = (bytes: Buffer, at: number, text: string) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at + text.length)]);

  test('in the middle stops the start, names file and byte, and changes nothing', async () => {
    await damaged((bytes, second) => patch(bytes, second + 200, 'X'));
    await damaged((bytes, second) => patch(bytes, second, '0000'));
    await damaged((bytes, second) => patch(bytes, second + 20, '\0'.repeat(100)));
    await damaged((bytes, second) => patch(bytes, second + 50, 'garbage\n'));
  });

  test('of the last commit is no torn write when all its bytes are there', async () => {
    await damaged((bytes, second) => {
      const third = bytes.indexOf('\n', second) + 1;
      return Buffer.concat([bytes.subarray(0, second), Buffer.from('X'), bytes.subarray(third + 1)]);
    });
  });

  test('gives the lock back, so that a repaired log can be opened at once', async () => {
    const directory = await damaged((bytes, second) => patch(bytes, second + 200, 'X'));
    rmSync(logOf(directory));

    await (await openEmbeddedStore(directory, 'local')).close();
  });

  test('a file of another kind is refused', async () => {
    const directory = newDirectory();
    writeFileSync(logOf(directory), 'a shopping list\nmilk\n');

    await expect(openEmbeddedStore(directory, 'local')).rejects.toThrow('is damaged at byte 0');
  });
});

describe('one process at a time', () => {
  test('a second store on the same directory is refused, until the first is closed', async () => {
    const directory = newDirectory();
    const first = await openEmbeddedStore(directory, 'local');

    await expect(openEmbeddedStore(directory, 'local')).rejects.toThrow(
      `DATA_DIR ${directory} is in use by process ${process.pid}`,
    );
    await first.close();

    await (await openEmbeddedStore(directory, 'local')).close();
  });

  test('a closed store takes no writes', async () => {
    const store = await openEmbeddedStore(newDirectory(), 'local');
    await store.close();

    await expect(store.create(created())).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(store.ping()).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test('a write that is on its way when the store is closed still gets there', async () => {
    const directory = newDirectory();
    const payment = created();
    const store = await openEmbeddedStore(directory, 'local');
    const writing = store.create(payment);

    await store.close();

    expect(await writing).toEqual({ written: true });
    const again = await openEmbeddedStore(directory, 'local');
    expect(await again.get(payment.facts.id)).toEqual(payment);
    await again.close();
  });
});

test('a disk that fails stops the store and says so, and what was acknowledged stays', async () => {
  const directory = newDirectory();
  const store = await openEmbeddedStore(directory, 'local');
  const [payment, other] = [created(), created()];
  await Promise.all([store.create(payment), store.create(other)]);
  const failing = await failNextSync(directory);

  await expect(store.replace(begin(payment, 'sale', 1250))).rejects.toMatchObject({ code: 'internal' });

  failing.mockRestore();
  await expect(store.create(created())).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(store.get(payment.facts.id)).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(store.ping()).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(await store.get(other.facts.id)).toEqual(other);
  await store.close();
});

async function failNextSync(directory: string) {
  const handle = await open(logOf(directory));
  const prototype: { datasync(): Promise<void> } = Object.getPrototypeOf(handle);
  await handle.close();
  return jest.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('EIO: i/o error'));
}
