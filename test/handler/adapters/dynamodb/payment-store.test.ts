/** What no stand-in does: faults, and every word that goes to DynamoDB. The behaviour of a store is in contract.test.ts. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { type AwsJsonClient, createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { createDynamoDbStore } from '../../../../src/handler/adapters/dynamodb/payment-store';
import { toItem, toMerchantItem } from '../../../../src/handler/adapters/stored-payment';
import type { PaymentStore } from '../../../../src/handler/app/ports';
import type { Payment } from '../../../../src/handler/domain/payment';
import { FakeAws, refusal, reply, reset } from '../aws/fake-aws';
import { cancelled, created, MERCHANT, refused } from '../sample-payments';

const REGION = 'ap-southeast-1';
const TABLE = 'payments';
let aws: FakeAws;
let client: AwsJsonClient;
let store: PaymentStore;
const unreadable: Error[] = [];

beforeAll(async () => {
  aws = await FakeAws.start();
});
afterAll(() => aws.stop());
beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0); // no pauses between retries
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
  client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: aws.endpoint, credentials });
  store = createDynamoDbStore({
    tableName: TABLE,
    region: REGION,
    client,
    onUnreadable: (error) => unreadable.push(error),
  });
  unreadable.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  return store.close();
});

const stored = (payment: Payment) => marshall(toItem(payment, REGION), { removeUndefinedValues: true });
const sent = () => aws.received.map(({ body }) => JSON.parse(body));

describe('what is sent', () => {
  test('to create: the item, on condition that there is none', async () => {
    const payment = created();
    const item = stored(payment);
    aws.script(reply({}));

    await store.create(payment);

    expect(aws.operations).toEqual(['PutItem']);
    expect(sent()).toEqual([
      {
        TableName: TABLE,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': 'pk' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  test('to replace: the item, on condition of the revision that was read', async () => {
    const payment = cancelled(created());
    const item = stored(payment);
    aws.script(reply({}));

    await store.replace(payment);

    expect(sent()).toEqual([
      {
        TableName: TABLE,
        Item: item,
        ConditionExpression: '#revision = :read',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':read': { N: '1' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  test('to save a refusal of a payment just written: no event for the pipe', async () => {
    const payment = created();
    aws.script(reply({}));

    await store.create(payment);
    await store.replace(refused(payment));

    expect(sent().map(({ Item }) => 'lastEvent' in Item)).toEqual([true, false]);
  });

  test('again after a lost answer: the same event', async () => {
    aws.script(reset, reply({}));

    await store.create(created());

    expect(sent().map(({ Item }) => 'lastEvent' in Item)).toEqual([true, true]);
  });

  test('to read: consistently', async () => {
    aws.script(reply({}));

    await store.get('pay_x');
    await store.getMerchant('m_1');
    await store.getMany(['pay_x']).catch(() => undefined);

    expect(sent()).toEqual([
      { TableName: TABLE, Key: { pk: { S: 'pay_x' } }, ConsistentRead: true },
      { TableName: TABLE, Key: { pk: { S: 'merchant#m_1' } }, ConsistentRead: true },
      { RequestItems: { [TABLE]: { Keys: [{ pk: { S: 'pay_x' } }], ConsistentRead: true } } },
    ]);
  });

  test('in all: GetItem, PutItem, BatchGetItem and Query, as much as the role allows', async () => {
    aws.script(reply({}));

    await store.create(created());
    await store.replace(cancelled(created()));
    await store.get('pay_x');
    await store.getMany(['pay_x']);
    await store.list({ merchantId: 'm_1', limit: 10 });
    await store.list({ merchantId: 'm_1', limit: 10, after: 'x' });
    await store.listPending({ homeRegion: 'apse1', since: 'x', limit: 10 });
    await store.putMerchant(MERCHANT);
    await store.getMerchant('m_1');
    await store.ping();

    const eightQueries = Array(8).fill('Query');
    expect(aws.operations).toEqual([
      ...['PutItem', 'PutItem', 'GetItem', 'BatchGetItem', ...eightQueries, ...eightQueries, ...eightQueries],
      ...['PutItem', 'GetItem', 'GetItem'],
    ]);
  });
});

describe('a condition that failed', () => {
  const payment = created();
  const standing = cancelled(payment);

  test('tells what stands in the same answer, where the server gives it', async () => {
    aws.script(refusal('ConditionalCheckFailedException', 400, { Item: stored(standing) }));

    expect(await store.create(payment)).toEqual({ written: false, current: standing });
    expect(aws.operations).toEqual(['PutItem']);
  });

  test('is followed by a consistent read, where it does not', async () => {
    aws.script(refusal('ConditionalCheckFailedException'), reply({ Item: stored(standing) }));

    expect(await store.create(payment)).toEqual({ written: false, current: standing });
    expect(aws.operations).toEqual(['PutItem', 'GetItem']);
    expect(sent()[1].ConsistentRead).toBe(true);
  });

  test('after a lost answer is for the caller to judge: its own write may be what stands', async () => {
    aws.script(reset, refusal('ConditionalCheckFailedException', 400, { Item: stored(standing) }));

    expect(await store.replace(standing)).toEqual({ written: false, current: standing });
    expect(aws.operations).toEqual(['PutItem', 'PutItem']);
    expect(sent()[0]).toEqual(sent()[1]);
  });

  test('and a read that fails too: nothing was written', async () => {
    aws.script(refusal('ConditionalCheckFailedException'), refusal('ThrottlingException'));

    await expect(store.create(payment)).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test('after a lost answer, and a read that fails too: nobody knows', async () => {
    aws.script(reset, refusal('ConditionalCheckFailedException'), refusal('ThrottlingException'));

    await expect(store.create(payment)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a write that failed', () => {
  const payment = created();
  const writes: [string, () => Promise<unknown>][] = [
    ['create', () => store.create(payment)],
    ['replace', () => store.replace(cancelled(payment))],
    ['putMerchant', () => store.putMerchant(MERCHANT)],
  ];

  test.each(writes)('%s: refused by AWS, had no effect', async (_, write) => {
    aws.script(refusal('AccessDeniedException'));

    await expect(write()).rejects.toMatchObject({ code: 'store-unavailable', options: { retryAfterSeconds: 1 } });
  });

  test('throttled to the end, had no effect', async () => {
    aws.script(refusal('ThrottlingException'));

    await expect(store.create(payment)).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test.each(writes)('%s: without an answer to the end, may have had one', async (_, write) => {
    aws.script(reset);

    await expect(write()).rejects.toMatchObject({
      code: 'internal',
      detail: 'Whether the write took effect is not known; send the same request with the same Idempotency-Key again.',
    });
  });

  test('and only the last attempt was throttled, may have had one', async () => {
    aws.script(reset, refusal('ThrottlingException'));

    await expect(store.create(payment)).rejects.toMatchObject({ code: 'internal' });
  });

  test('for a fault of ours is no outage', async () => {
    aws.script(refusal('ValidationException'));

    await expect(store.create(payment)).rejects.toMatchObject({ name: 'AwsError', code: 'ValidationException' });
  });

  test('tells a client nothing of AWS', async () => {
    aws.script(refusal('AccessDeniedException'));

    const problem = await store.create(payment).catch((error: { detail: string }) => error.detail);
    expect(problem).toBe('The payments table does not answer in time; retry after the time given.');
  });
});

describe('a read that failed', () => {
  test.each([
    ['get', () => store.get('pay_x')],
    ['getMany', () => store.getMany(['pay_x'])],
    ['list', () => store.list({ merchantId: 'm_1', limit: 1 })],
    ['listPending', () => store.listPending({ homeRegion: 'apse1', since: 'x', limit: 1 })],
    ['getMerchant', () => store.getMerchant('m_1')],
    ['ping', () => store.ping()],
  ])('%s', async (_, read) => {
    aws.script(refusal('ResourceNotFoundException'));
    await expect(read()).rejects.toMatchObject({ code: 'store-unavailable', options: { retryAfterSeconds: 1 } });
  });

  test('without an answer', async () => {
    aws.script(reset);
    await expect(store.get('pay_x')).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('many at once', () => {
  const payments = Array.from({ length: 5 }, () => created());
  const ids = payments.map(({ facts }) => facts.id);
  const key = (id: string) => ({ pk: { S: id } });
  const some = (found: Payment[], left: string[]) =>
    reply({
      Responses: { [TABLE]: found.map(stored) },
      UnprocessedKeys: left.length === 0 ? {} : { [TABLE]: { Keys: left.map(key), ConsistentRead: true } },
    });

  test('what DynamoDB left over is asked for again', async () => {
    aws.script(
      some(payments.slice(3), ids.slice(0, 3)),
      some([payments[1]!], [ids[0]!, ids[2]!]),
      some([payments[2]!, payments[0]!], []),
    );

    expect(await store.getMany(ids)).toEqual(payments);
    expect(sent().map(({ RequestItems }) => RequestItems[TABLE].Keys.length)).toEqual([5, 3, 2]);
  });

  test('but not for ever', async () => {
    aws.script(some([], ids));

    await expect(store.getMany(ids)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(aws.received).toHaveLength(5);
  });

  test('one that cannot be read takes no other with it, and is told of', async () => {
    const bad = { ...stored(payments[0]!), schema: { N: '9' } };
    aws.script(reply({ Responses: { [TABLE]: [bad, stored(payments[1]!)] } }));

    expect(await store.getMany(ids.slice(0, 2))).toEqual([payments[1]]);
    expect(unreadable.map(({ message }) => message)).toEqual([expect.stringContaining(ids[0]!)]);
  });
});

test('one that cannot be read fails closed when it is asked for', async () => {
  const payment = created();
  aws.script(reply({ Item: { ...stored(payment), captured: { N: '1250' } } }));

  await expect(store.get(payment.facts.id)).rejects.toThrow(`payment ${payment.facts.id} cannot be read`);
});

test('a merchant is under a key of its own', async () => {
  aws.script(reply({ Item: marshall(toMerchantItem(MERCHANT)) }));

  expect(await store.getMerchant(MERCHANT.id)).toEqual(MERCHANT);
});
