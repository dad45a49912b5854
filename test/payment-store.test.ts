import { App, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type DynamoDbStoreProps, PaymentStore } from '../src';
import { agnosticStack, PRIMARY, regionalStack, STANDBY, serviceTemplate } from './private/stacks';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const STRING = dynamodb.AttributeType.STRING;
const KEYS = { partitionKey: { name: 'pk', type: STRING } };
const LIST_INDEX = {
  indexName: 'byMerchant',
  partitionKey: { name: 'merchantShard', type: STRING },
  sortKey: { name: 'createdAtId', type: STRING },
};
const PENDING_INDEX = {
  indexName: 'pending',
  partitionKey: { name: 'pendingShard', type: STRING },
  sortKey: { name: 'pendingSince', type: STRING },
};
const SHAPE = { ...KEYS, globalSecondaryIndexes: [LIST_INDEX, PENDING_INDEX] };

function templateOf(props?: DynamoDbStoreProps): Template {
  const stack = agnosticStack();
  PaymentStore.dynamoDb(props).bind(stack, { encryptionKey: new Key(stack, 'Key') });
  return Template.fromStack(stack);
}

describe('dynamoDb', () => {
  test('has the keys that the handler uses, and two indexes of keys only', () => {
    templateOf().hasResourceProperties(TABLE, {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byMerchant',
          KeySchema: [
            { AttributeName: 'merchantShard', KeyType: 'HASH' },
            { AttributeName: 'createdAtId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'pending',
          KeySchema: [
            { AttributeName: 'pendingShard', KeyType: 'HASH' },
            { AttributeName: 'pendingSince', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      TimeToLiveSpecification: Match.absent(),
    });
  });

  test('is on demand, encrypted with the key of the service, recoverable, protected, retained, and has a stream', () => {
    const template = templateOf();

    template.hasResource(TABLE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.hasResourceProperties(TABLE, {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
        }),
      ],
      TableName: Match.absent(),
    });
  });

  test('takes other settings', () => {
    const template = templateOf({
      tableName: 'payments',
      pointInTimeRecovery: false,
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    template.hasResource(TABLE, { DeletionPolicy: 'Delete' });
    template.hasResourceProperties(TABLE, {
      TableName: 'payments',
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ],
    });
  });

  test.each([
    ['agnostic', () => agnosticStack()],
    ['regional', () => regionalStack(new App(), PRIMARY)],
  ])('takes a key of its own in a stack that is %s', (_, make) => {
    const stack = make();
    const encryptionKey = new Key(stack, 'Own');

    const config = PaymentStore.dynamoDb({ encryptionKey }).bind(stack, { encryptionKey: new Key(stack, 'Other') });

    expect(config.encryptionKey).toBe(encryptionKey);
    Template.fromStack(stack).hasResourceProperties(TABLE, {
      Replicas: [
        Match.objectLike({
          SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] } },
        }),
      ],
    });
  });
});

describe('fromTable', () => {
  function bind(make: (stack: ReturnType<typeof agnosticStack>) => dynamodb.ITable, props = {}) {
    const stack = agnosticStack();
    return PaymentStore.fromTable(make(stack), props).bind(stack, { encryptionKey: new Key(stack, 'Key') });
  }

  test.each([
    ['TableV2 of the same keys', (stack) => new dynamodb.TableV2(stack, 'T', SHAPE), {}],
    [
      'Table of the same keys',
      (stack) => {
        const table = new dynamodb.Table(stack, 'T', KEYS);
        table.addGlobalSecondaryIndex(LIST_INDEX);
        table.addGlobalSecondaryIndex(PENDING_INDEX);
        return table;
      },
      {},
    ],
    ['imported table whose keys nobody knows', (stack) => dynamodb.TableV2.fromTableName(stack, 'T', 'payments'), {}],
    ['imported table of the same keys', (stack) => dynamodb.TableV2.fromTableName(stack, 'T', 'payments'), SHAPE],
  ] as [string, (stack: ReturnType<typeof agnosticStack>) => dynamodb.ITable, object][])(
    'takes a %s',
    (_, make, props) => {
      let table: dynamodb.ITable | undefined;

      const config = bind((stack) => (table = make(stack)), props);

      expect(config.table).toBe(table);
    },
  );

  test('takes the key from the table, or the one that it is told', () => {
    const stack = agnosticStack();
    const key = new Key(stack, 'Key');
    const table = new dynamodb.Table(stack, 'T', { ...KEYS, encryptionKey: key });
    table.addGlobalSecondaryIndex(LIST_INDEX);
    table.addGlobalSecondaryIndex(PENDING_INDEX);
    const imported = dynamodb.TableV2.fromTableName(stack, 'Imported', 'payments');
    const options = { encryptionKey: new Key(stack, 'Other') };

    expect(PaymentStore.fromTable(table).bind(stack, options).encryptionKey).toBe(key);
    expect(PaymentStore.fromTable(imported, { encryptionKey: key }).bind(stack, options).encryptionKey).toBe(key);
    expect(PaymentStore.fromTable(imported).bind(stack, options).encryptionKey).toBeUndefined();
  });

  test.each([
    ['another partition key', { ...SHAPE, partitionKey: { name: 'id', type: STRING } }, 'id:S'],
    ['a number as key', { ...SHAPE, partitionKey: { name: 'pk', type: dynamodb.AttributeType.NUMBER } }, 'pk:N'],
    ['a sort key', { ...SHAPE, sortKey: { name: 'sk', type: STRING } }, 'sk:S'],
    ['no indexes', KEYS, 'byMerchant is missing'],
    ['one index', { ...KEYS, globalSecondaryIndexes: [LIST_INDEX] }, 'pending is missing'],
    [
      'an index with another sort key',
      { ...KEYS, globalSecondaryIndexes: [LIST_INDEX, { ...PENDING_INDEX, sortKey: { name: 'since', type: STRING } }] },
      'since:S',
    ],
  ])('refuses a table with %s, made here or declared', (_, shape, got) => {
    const made = () => bind((stack) => new dynamodb.TableV2(stack, 'T', shape));
    const declared = () => bind((stack) => dynamodb.TableV2.fromTableName(stack, 'T', 'payments'), shape);

    for (const refused of [made, declared]) {
      expect(refused).toThrow('[table-keys]');
      expect(refused).toThrow(got);
    }
  });

  test("refuses a table that another Region's stack makes, and takes its replica by name", () => {
    const app = new App();
    const here = regionalStack(app, STANDBY);
    const table = new dynamodb.TableV2(regionalStack(app, PRIMARY), 'T', SHAPE);
    const options = { encryptionKey: new Key(here, 'Key') };

    expect(() => PaymentStore.fromTable(table).bind(here, options)).toThrow(/table is made by .*\[foreign-region\]/);
    const replica = dynamodb.TableV2.fromTableName(here, 'Replica', 'payments');
    expect(PaymentStore.fromTable(replica).bind(here, options).table).toBe(replica);
  });
});

test('is paid for as one says', () => {
  const paymentStore = PaymentStore.dynamoDb({ billing: dynamodb.Billing.onDemand({ maxWriteRequestUnits: 500 }) });

  serviceTemplate({ paymentStore }).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    BillingMode: 'PAY_PER_REQUEST',
    WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 500 },
  });
});
