import { createHash, createHmac } from 'node:crypto';
import { CredentialsCache } from '../../../../src/handler/adapters/aws/credentials';
import { createSigner } from '../../../../src/handler/adapters/aws/signer';

const AT = new Date('2026-11-22T12:34:56.789Z');
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.PutItem' };

function sign(
  body: Buffer,
  more: { sessionToken?: string },
  endpoint = 'https://dynamodb.ap-southeast-1.amazonaws.com',
) {
  const cache = new CredentialsCache(async () => ({ ...credentials, ...more }));
  const signer = createSigner({
    service: 'dynamodb',
    region: 'ap-southeast-1',
    endpoint: new URL(endpoint),
    credentials: cache,
  });
  return signer(headers, body, AT);
}

/** As it stands in AWS's description of Signature Version 4, without any library. */
function authorizationOf(body: Buffer, signed: Record<string, string>): string {
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const names = Object.keys(signed).sort();
  const canonicalHeaders = names.map((name) => `${name}:${signed[name]}\n`).join('');
  const request = ['POST', '/', '', canonicalHeaders, names.join(';'), sha256(body)].join('\n');
  const scope = '20261122/ap-southeast-1/dynamodb/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261122T123456Z', scope, sha256(request)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((each, part) => hmac(each, part), `AWS4${credentials.secretAccessKey}`);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

test.each([
  ['long-lived credentials', {}],
  ['a session', { sessionToken: 'FwoGZXIvYXdzE+/=' }],
])('the signature with %s is the one that AWS describes', async (_, more) => {
  const body = Buffer.from('{"TableName":"täble"}');

  const { authorization, ...signed } = await sign(body, more);

  expect(Object.keys(signed).sort()).toEqual(
    [
      'content-type',
      'host',
      'x-amz-date',
      'x-amz-target',
      ...('sessionToken' in more ? ['x-amz-security-token'] : []),
    ].sort(),
  );
  expect(signed).toMatchObject({ host: 'dynamodb.ap-southeast-1.amazonaws.com', 'x-amz-date': '20261122T123456Z' });
  expect(authorization).toBe(authorizationOf(body, signed));
});

test('a port that is not the usual one is signed with the host', async () => {
  const { authorization, ...signed } = await sign(Buffer.from('{}'), {}, 'http://127.0.0.1:8000');

  expect(signed.host).toBe('127.0.0.1:8000');
  expect(authorization).toBe(authorizationOf(Buffer.from('{}'), signed));
});

test('another body has another signature', async () => {
  const [one, other] = await Promise.all([sign(Buffer.from('{"a":1}'), {}), sign(Buffer.from('{"a":2}'), {})]);

  expect(one.authorization).not.toBe(other.authorization);
});
