import { AwsError } from '../../../../src/handler/adapters/aws/aws-error';
import { type AwsJsonClient, createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { after, FakeAws, half, refusal, reply, reset, silence } from './fake-aws';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

let aws: FakeAws;
let client: AwsJsonClient;
/** One for each test: what a test has given up on may still be on its way when the next one begins. */
beforeEach(async () => {
  aws = await FakeAws.start();
  jest.spyOn(Math, 'random').mockReturnValue(0); // no pauses between retries
  client = newClient(aws.endpoint);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await client.close();
  await aws.stop();
});

function newClient(endpoint: string): AwsJsonClient {
  return createAwsJsonClient({
    service: 'dynamodb',
    region: 'eu-west-1',
    endpoint,
    credentials: async () => CREDENTIALS,
  });
}

async function failure(call: Promise<unknown>): Promise<AwsError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AwsError)) throw new Error(`expected an AwsError, got ${error}`);
  return error;
}

describe('a call', () => {
  test('is a signed POST of JSON and resolves with the result', async () => {
    aws.script(reply({ Item: { pk: { S: '€' } } }));

    const result = await client.call('GetItem', { TableName: 'täble' });

    expect(result).toEqual({ Item: { pk: { S: '€' } } });
    expect(aws.received).toMatchObject([
      {
        method: 'POST',
        url: '/',
        body: '{"TableName":"täble"}',
        headers: {
          host: aws.endpoint.slice('http://'.length),
          'content-type': 'application/x-amz-json-1.0',
          'content-length': '22',
          'x-amz-target': 'DynamoDB_20120810.GetItem',
          'x-amz-security-token': 'token',
          'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, /,
          ),
        },
      },
    ]);
  });

  test('of another service speaks its protocol', async () => {
    aws.script(reply({}));
    const secrets = createAwsJsonClient({
      service: 'secretsmanager',
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      credentials: async () => CREDENTIALS,
    });

    await secrets.call('GetSecretValue', {});

    expect(aws.received[0]?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
      authorization: expect.stringContaining('/eu-west-1/secretsmanager/aws4_request'),
    });
    await secrets.close();
  });

  test('keeps its connections for the next ones', async () => {
    aws.script(reply({}));
    const before = aws.connections;

    for (let n = 0; n < 20; n++) await client.call('GetItem', {});

    expect(aws.connections - before).toBeLessThanOrEqual(2); // the pool takes a second one while the first is being put back
  });

  test('may be one of very many at a time', async () => {
    aws.script(after(5, reply({ n: 1 })));

    const results = await Promise.all(Array.from({ length: 300 }, () => client.call('GetItem', {})));

    expect(results).toHaveLength(300);
  });
});

describe('a fault that passes is tried again', () => {
  const faults = {
    'a reset connection': reset,
    'an internal error': refusal('InternalServerError', 500),
    'an unavailable service': reply('<html>', 503),
    throttling: refusal('ThrottlingException'),
    'a table at its limit': refusal('ProvisionedThroughputExceededException'),
    'an account at its limit': refusal('RequestLimitExceeded'),
    'a conflict with a write in another Region': refusal('ReplicatedWriteConflictException'),
    'a conflict with a transaction': refusal('TransactionConflictException'),
    'half a reply': half,
    'a reply that is not JSON': (response: { end(text: string): unknown }) => response.end('{"Item"'),
    silence,
  };

  test.each(Object.entries(faults))('%s', async (_, fault) => {
    aws.script(fault, reply({ ok: true }));

    expect(await client.call('GetItem', {})).toEqual({ ok: true });
    expect(aws.received).toHaveLength(2);
  });

  test('each time after a pause, which grows', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    aws.script(refusal('ThrottlingException'));

    await failure(client.call('GetItem', {}));

    const pauses = aws.received.slice(1).map(({ at }, n) => Math.round(at - (aws.received[n]?.at ?? 0)));
    expect(pauses).toHaveLength(5);
    for (const [n, least] of [50, 100, 200, 400, 400].entries()) expect(pauses[n]).toBeGreaterThanOrEqual(least - 5);
  });
});

describe('what does not pass is told at once', () => {
  test.each([
    'ConditionalCheckFailedException',
    'ValidationException',
    'AccessDeniedException',
    'ResourceNotFoundException',
  ])('%s', async (code) => {
    aws.script(refusal(code, 400, { Item: { pk: { S: 'pay_1' } } }));

    const error = await failure(client.call('PutItem', {}));

    expect(error).toMatchObject({ code, effect: 'none', transient: false });
    expect(error.reply).toMatchObject({ Item: { pk: { S: 'pay_1' } } });
    expect(aws.received).toHaveLength(1);
  });

  test('and shows nothing of an item to a logger', async () => {
    aws.script(refusal('ConditionalCheckFailedException', 400, { Item: { payerToken: { S: 'tok_canary' } } }));

    const error = await failure(client.call('PutItem', {}));

    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('canary');
  });

  test('credentials that cannot be had', async () => {
    const without = createAwsJsonClient({
      service: 'dynamodb',
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      credentials: () => Promise.reject(new Error('no role')),
    });

    expect(await failure(without.call('PutItem', {}))).toMatchObject({
      code: 'NoCredentials',
      effect: 'none',
      message: 'NoCredentials: no role',
    });
    await without.close();
  });
});

describe('the effect of a call that failed', () => {
  test('is none where nothing was sent', async () => {
    const nowhere = newClient('http://127.0.0.1:1');

    expect(await failure(nowhere.call('PutItem', {}))).toMatchObject({ code: 'NoReply', effect: 'none' });
    await nowhere.close();
  });

  test('is none where AWS refused it, however often', async () => {
    aws.script(refusal('ThrottlingException'));

    expect(await failure(client.call('PutItem', {}))).toMatchObject({ code: 'ThrottlingException', effect: 'none' });
  });

  test.each([
    ['a reset', reset],
    ['an internal error', refusal('InternalServerError', 500)],
  ])('is unknown after %s', async (_, fault) => {
    aws.script(fault);

    expect(await failure(client.call('PutItem', {}))).toMatchObject({ effect: 'unknown' });
  });

  test('stays unknown where the attempt after it was refused', async () => {
    aws.script(reset, refusal('ConditionalCheckFailedException', 400, { Item: { pk: { S: 'pay_1' } } }));

    const error = await failure(client.call('PutItem', {}));

    expect(error).toMatchObject({ code: 'ConditionalCheckFailedException', effect: 'unknown' });
    expect(error.message).toBe('ConditionalCheckFailedException: told by the fake');
    expect(error.reply).toMatchObject({ Item: { pk: { S: 'pay_1' } } });
  });
});

describe('time', () => {
  test('an attempt without an answer ends after its own limit, all of them after the total', async () => {
    aws.script(silence);
    const begun = performance.now();

    const error = await failure(client.call('PutItem', {}));

    const took = performance.now() - begun;
    expect(error).toMatchObject({ code: 'NoReply', effect: 'unknown' });
    expect(took).toBeGreaterThan(LIMITS.storeTotalMs - 500);
    expect(took).toBeLessThan(LIMITS.storeTotalMs + 1_000);
    expect(aws.received.length).toBeGreaterThanOrEqual(3);
    const first = (aws.received[1]?.at ?? 0) - (aws.received[0]?.at ?? 0);
    expect(first).toBeGreaterThanOrEqual(LIMITS.storeAttemptMs - 50);
    expect(first).toBeLessThan(LIMITS.storeAttemptMs + 800);
  });

  test('a slow answer within the limit is an answer', async () => {
    aws.script(after(600, reply({ ok: true })));

    expect(await client.call('GetItem', {})).toEqual({ ok: true });
    expect(aws.received).toHaveLength(1);
  });
});

test('a service that is down as a whole is not drowned in retries', async () => {
  aws.script(reset);

  await Promise.all(Array.from({ length: 120 }, () => failure(client.call('GetItem', {}))));

  // 120 calls, and the reserve of 100 retries; without a budget they would be 720.
  expect(aws.received.length).toBeLessThanOrEqual(220);
});

describe('credentials that AWS no longer takes', () => {
  test('are fetched anew, once', async () => {
    let fetched = 0;
    const provider = async () => ({ ...CREDENTIALS, accessKeyId: `AKID${++fetched}` });
    const renewing = createAwsJsonClient({
      service: 'dynamodb',
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      credentials: provider,
    });
    aws.script(refusal('ExpiredTokenException'), reply({ ok: true }));

    expect(await renewing.call('PutItem', {})).toEqual({ ok: true });

    const used = aws.received.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]);
    expect(used).toEqual(['AKID1', 'AKID2']);
    await renewing.close();
  });

  test('and are refused again, had no effect', async () => {
    aws.script(refusal('UnrecognizedClientException'));

    expect(await failure(client.call('PutItem', {}))).toMatchObject({
      code: 'UnrecognizedClientException',
      effect: 'none',
    });
  });
});
