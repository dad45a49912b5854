import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateKey, openDataDir } from '../../../../src/handler/adapters/embedded/data-dir';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'data-dir-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a directory is made with those above it, for its owner only', () => {
  const path = join(root, 'a', 'b');

  expect(openDataDir(path)).toBe(path);
  expect(openDataDir(path)).toBe(path);

  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('a key is made once, is random, and nobody else reads it', () => {
  const key = loadOrCreateKey(join(root, 'data'), 'payment-id');

  expect(key).toHaveLength(32);
  expect(loadOrCreateKey(join(root, 'data'), 'payment-id')).toEqual(key);
  expect(loadOrCreateKey(join(root, 'data'), 'qr')).not.toEqual(key);
  expect(statSync(join(root, 'data', 'payment-id.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, 'data')).sort()).toEqual(['payment-id.key', 'qr.key']);
});

test('a key that was cut or emptied is refused and not replaced', () => {
  writeFileSync(join(root, 'payment-id.key'), Buffer.alloc(31));

  expect(() => loadOrCreateKey(root, 'payment-id')).toThrow('payment-id.key holds 31 bytes; a key has 32');
  expect(statSync(join(root, 'payment-id.key')).size).toBe(31);
});
