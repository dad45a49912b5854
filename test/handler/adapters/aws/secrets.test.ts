import { createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { readSecretVersions } from '../../../../src/handler/adapters/aws/secrets';
import { FakeAws, refusal, reply, type Step } from './fake-aws';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:qr-keys-AbCdEf';
let aws: FakeAws;
const client = () => createAwsJsonClient({ service: 'secretsmanager', region: 'eu-west-1', endpoint: aws.endpoint });
beforeAll(async () => {
  aws = await FakeAws.start();
});
afterAll(() => aws.stop());

/** By stage, for the two are read at the same time. */
const stages =
  (steps: Record<string, Step>): Step =>
  (response, received) =>
    steps[JSON.parse(received.body).VersionStage]?.(response, received);

async function read() {
  const secrets = client();
  return readSecretVersions(secrets, ARN).finally(() => secrets.close());
}

test('both versions of a secret that was rotated', async () => {
  aws.script(stages({ AWSCURRENT: reply({ SecretString: 'new' }), AWSPREVIOUS: reply({ SecretString: 'old' }) }));

  expect(await read()).toEqual({ current: 'new', previous: 'old' });
  expect(aws.operations).toEqual(['GetSecretValue', 'GetSecretValue']);
  expect(aws.received.map(({ body }) => JSON.parse(body).SecretId)).toEqual([ARN, ARN]);
});

test('one version of a secret that never was', async () => {
  aws.script(stages({ AWSCURRENT: reply({ SecretString: 'new' }), AWSPREVIOUS: refusal('ResourceNotFoundException') }));

  expect(await read()).toEqual({ current: 'new' });
});

test('a secret that is not there, or may not be read, is no empty one', async () => {
  aws.script(refusal('ResourceNotFoundException'));
  await expect(read()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });

  aws.script(stages({ AWSCURRENT: reply({ SecretString: 'new' }), AWSPREVIOUS: refusal('AccessDeniedException') }));
  await expect(read()).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('a secret of bytes is refused by name', async () => {
  aws.script(reply({ SecretBinary: 'AAAA' }));

  await expect(read()).rejects.toThrow(`${ARN} holds bytes`);
});
