/** The signature, held against AWS's own signer and against AWS's description of it. */
import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import type { AwsCredentials } from '../../../../src/handler/adapters/aws/credentials';
import { createSigner } from '../../../../src/handler/adapters/aws/signer';

const AT = new Date('2026-11-22T12:34:56.789Z');
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION = { ...KEYS, sessionToken: 'FwoGZXIvYXdzE+/=' };
const TARGET = 'DynamoDB_20120810.PutItem';
const CONTENT_TYPE = 'application/x-amz-json-1.0';

function signerFor(endpoint = 'https://dynamodb.ap-southeast-1.amazonaws.com', region = 'ap-southeast-1') {
  return createSigner({ service: 'dynamodb', region, endpoint: new URL(endpoint), contentType: CONTENT_TYPE });
}

/** As AWS's own signer has it. */
async function awsSigns(
  body: string,
  credentials: AwsCredentials,
  signingDate: Date,
  endpoint: string,
  region: string,
) {
  const signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256, applyChecksum: false });
  const { protocol, hostname, host } = new URL(endpoint);
  const headers = { host, 'content-type': CONTENT_TYPE, 'x-amz-target': TARGET };
  const request = { method: 'POST', protocol, hostname, path: '/', query: {}, headers, body };
  const { host: _, ...signed } = (await signer.sign(request, { signingDate })).headers;
  return signed;
}

/** As it stands in AWS's description of Signature Version 4, without any library. */
function authorizationOf(body: string, host: string, signed: Record<string, string>): string {
  const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const headers: Record<string, string> = { ...signed, host };
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = ['POST', '/', '', canonicalHeaders, names.join(';'), sha256(body)].join('\n');
  const scope = '20261122/ap-southeast-1/dynamodb/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261122T123456Z', scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((each, part) => hmac(each, part), `AWS4${KEYS.secretAccessKey}`);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

test.each([
  ['long-lived credentials', KEYS, []],
  ['a session', SESSION, ['x-amz-security-token']],
])('the signature with %s is the one that AWS describes', (_, credentials, more) => {
  const body = '{"TableName":"täble"}';

  const { authorization, ...signed } = signerFor()(TARGET, body, credentials, AT);

  expect(Object.keys(signed).sort()).toEqual(['content-type', 'x-amz-date', 'x-amz-target', ...more].sort());
  expect(signed['x-amz-date']).toBe('20261122T123456Z');
  expect(authorization).toBe(authorizationOf(body, 'dynamodb.ap-southeast-1.amazonaws.com', signed));
});

test('a port that is not the usual one is signed with the host', () => {
  const { authorization, ...signed } = signerFor('http://127.0.0.1:8000')(TARGET, '{}', KEYS, AT);

  expect(authorization).toBe(authorizationOf('{}', '127.0.0.1:8000', signed));
});

test("whatever is signed, by whom and when: the headers are those of AWS's own signer", async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  const token = fc.option(fc.base64String({ minLength: 4, maxLength: 900 }), { nil: undefined });
  const key = fc.stringMatching(/^[A-Za-z0-9/+]{1,60}$/);
  const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  const endpoint = fc.constantFrom(
    'https://dynamodb.eu-west-1.amazonaws.com',
    'http://localhost:4566',
    'http://[::1]:80',
  );
  await fc.assert(
    fc.asyncProperty(text, key, key, token, date, endpoint, async (body, id, secret, sessionToken, at, where) => {
      const credentials = { accessKeyId: id, secretAccessKey: secret, ...(sessionToken && { sessionToken }) };
      const signed = signerFor(where, 'eu-west-1')(TARGET, body, credentials, at);
      expect(signed).toEqual(await awsSigns(body, credentials, at, where, 'eu-west-1'));
    }),
    { numRuns: 200 },
  );
});

test('the key is another one the next day, and with other credentials', async () => {
  const sign = signerFor();
  const where = 'https://dynamodb.ap-southeast-1.amazonaws.com';
  const nextDay = new Date(AT.getTime() + 24 * 3_600_000);
  const other = { ...SESSION, secretAccessKey: 'another' };

  for (const [credentials, at] of [
    [KEYS, AT],
    [KEYS, nextDay],
    [SESSION, nextDay],
    [other, nextDay],
    [KEYS, AT],
  ] as const) {
    expect(sign(TARGET, '{}', credentials, at)).toEqual(await awsSigns('{}', credentials, at, where, 'ap-southeast-1'));
  }
});
