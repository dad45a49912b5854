/**
 * A certificate that this process makes for itself, for a load balancer that encrypts to its targets and asks no target who it is. By
 * hand, for it is a fixed form with three things to fill in: a library weighs 250 kB and takes 50 ms at each start, this less than one.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM, PKCS #8 */
  readonly key: string;
  /** PEM, X.509 */
  readonly cert: string;
}

const DAY_MS = 86_400_000;
/** No process lives as long, and who is to trust it does not look. */
const VALID_DAYS = 3_650;

const NAME = 'localhost';
/** Object identifiers, encoded: ecdsa-with-SHA256, commonName, subjectAltName. */
const OID = { ecdsaWithSha256: '06082a8648ce3d040302', commonName: '0603550403', subjectAltName: '0603551d11' };
const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, utf8: 0x0c, utcTime: 0x17, sequence: 0x30, set: 0x31 };
const VERSION_3 = Buffer.from('a003020102', 'hex');

export function makeCertificate(now: Date = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(Buffer.from(OID.ecdsaWithSha256, 'hex'));
  const name = sequence(der(TAG.set, sequence(Buffer.from(OID.commonName, 'hex'), der(TAG.utf8, Buffer.from(NAME)))));
  // A day back, for clocks differ.
  const validity = sequence(time(now.getTime() - DAY_MS), time(now.getTime() + VALID_DAYS * DAY_MS));
  const subject = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(VERSION_3, serialNumber(), algorithm, name, validity, name, subject, extensions());
  const signature = der(TAG.bits, Buffer.of(0), sign('sha256', body, privateKey));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

/** Positive, and so that the first byte is never left out. */
function serialNumber(): Buffer {
  return der(TAG.integer, Buffer.of(0x40), randomBytes(15));
}

/** The names it answers to: on this machine. */
function extensions(): Buffer {
  const dnsName = der(0x82, Buffer.from(NAME));
  const ipAddress = der(0x87, Buffer.of(127, 0, 0, 1));
  const names = der(TAG.octets, sequence(dnsName, ipAddress));
  return der(0xa3, sequence(sequence(Buffer.from(OID.subjectAltName, 'hex'), names)));
}

/** `YYMMDDhhmmssZ`, which serves until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(TAG.utcTime, Buffer.from(`${digits}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(TAG.sequence, ...parts);
}

/** Tag, length, content: Distinguished Encoding Rules, X.690. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
