/** The certificate that the process makes for itself: read by Node and by OpenSSL, and good enough for a connection. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../src/handler/self-signed';

const DAY_MS = 86_400_000;

test('is what it says: its own issuer, its own key, this machine, long enough', () => {
  const { cert, key } = makeCertificate();
  const read = new X509Certificate(cert);

  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkIssued(read)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.checkHost('localhost')).toBe('localhost');
  expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(read.checkHost('example.com')).toBeUndefined();
  expect(Date.parse(read.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now() + 3_600 * DAY_MS);
  expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('each is another one', () => {
  const many = [...Array(50)].map(() => new X509Certificate(makeCertificate().cert));
  expect(new Set(many.map(({ serialNumber }) => serialNumber)).size).toBe(50);
  expect(new Set(many.map(({ fingerprint256 }) => fingerprint256)).size).toBe(50);
});

test('its dates are those of the clock', () => {
  const { cert } = makeCertificate(new Date('2026-11-22T03:04:05.678Z'));
  expect(new Date(new X509Certificate(cert).validFrom).toISOString()).toBe('2026-11-21T03:04:05.000Z');
});

const hasOpenSsl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
(hasOpenSsl ? test : test.skip)('OpenSSL reads and verifies it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    const file = join(folder, 'cert.pem');
    writeFileSync(file, makeCertificate().cert);
    const verified = spawnSync('openssl', ['verify', '-check_ss_sig', '-x509_strict', '-CAfile', file, file], {
      encoding: 'utf8',
    });
    const text = spawnSync('openssl', ['x509', '-in', file, '-noout', '-text'], { encoding: 'utf8' }).stdout;
    expect(text).toMatch(
      /Version: 3[\s\S]*ecdsa-with-SHA256[\s\S]*CN ?= ?localhost[\s\S]*DNS:localhost, IP Address:127\.0\.0\.1/,
    );
    expect(`${verified.stdout}${verified.stderr}`).toMatch(/: OK/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
