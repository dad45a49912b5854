import { App, Aws, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type DynamoDbStoreProps, PaymentStore, type PaymentStoreConfig, TableConsistency } from '../src';
import { ownedTable, replicaOfTable } from './private/failover-stacks';
import { ACCOUNT, agnosticStack, containerOf, PRIMARY, regionalStack, STANDBY, serviceIn } from './private/stacks';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const WITNESS = 'us-east-2';
const STRING = dynamodb.AttributeType.STRING;

const keyIn = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:alias/payments`;
const replicaIn = (region: string) => ({ region, encryptionKeyArn: keyIn(region) });
const STRONG: DynamoDbStoreProps = { tableName: 'payments', replicas: [replicaIn(STANDBY)], witnessRegion: WITNESS };

function bindIn(stack: Stack, store: PaymentStore): PaymentStoreConfig {
  return store.bind(stack, { encryptionKey: new Key(stack, 'Key') });
}

function bind(props: DynamoDbStoreProps, region = PRIMARY): { config: PaymentStoreConfig; template: Template } {
  const stack = regionalStack(new App(), region);
  const config = bindIn(stack, PaymentStore.dynamoDb(props));
  return { config, template: Template.fromStack(stack) };
}

describe('dynamoDb with replicas', () => {
  test('is strongly consistent, with a witness or a third replica', () => {
    const withWitness = bind(STRONG);
    const withThree = bind({ tableName: 'payments', replicas: [replicaIn(STANDBY), replicaIn(WITNESS)] });

    withWitness.template.hasResourceProperties(TABLE, {
      TableName: 'payments',
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: WITNESS }],
    });
    withThree.template.hasResourceProperties(TABLE, {
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: Match.absent(),
      Replicas: [STANDBY, WITNESS, PRIMARY].map((Region) => Match.objectLike({ Region })),
    });
    expect(withWitness.config).toMatchObject({ consistency: TableConsistency.STRONG, homeRegion: PRIMARY });
  });

  test('every replica is protected, recoverable and encrypted with the key of its Region', () => {
    const protection = {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };

    bind(STRONG).template.hasResourceProperties(TABLE, {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        { Region: STANDBY, ...protection, SSESpecification: { KMSMasterKeyId: keyIn(STANDBY) } },
        { Region: PRIMARY, ...protection, SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': Match.anyValue() } } },
      ],
    });
  });

  test('has nothing that a strongly consistent table does not take', () => {
    bind(STRONG).template.hasResourceProperties(TABLE, {
      TimeToLiveSpecification: Match.absent(),
      LocalSecondaryIndexes: Match.absent(),
    });
  });

  test('no task may use transactions, which such a table refuses', () => {
    const stack = regionalStack(new App(), PRIMARY);
    serviceIn(stack, { paymentStore: PaymentStore.dynamoDb(STRONG) });

    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).not.toMatch(
      /dynamodb:\w*Trans/,
    );
  });

  test('is eventually consistent in any Regions, and payments belong to the Region that makes them', () => {
    const { template, config } = bind(
      { tableName: 'payments', replicas: [replicaIn('ap-south-1')], consistency: TableConsistency.EVENTUAL },
      'ap-southeast-1',
    );

    template.hasResourceProperties(TABLE, { MultiRegionConsistency: 'EVENTUAL' });
    expect(config.consistency).toBe(TableConsistency.EVENTUAL);
    expect(config).not.toHaveProperty('homeRegion');
  });

  test("an account's number may be known at deployment only", () => {
    const encryptionKeyArn = `arn:aws:kms:${STANDBY}:${Aws.ACCOUNT_ID}:alias/payments`;

    expect(() => bind({ ...STRONG, replicas: [{ region: STANDBY, encryptionKeyArn }] })).not.toThrow();
  });

  test.each([
    ['no name', { tableName: undefined }, 'replicas-without-name'],
    ['a name known at deployment only', { tableName: Aws.STACK_NAME }, 'replicas-without-name'],
    ["the stack's own Region", { replicas: [replicaIn(PRIMARY)] }, 'same-region-twice'],
    ['a replica twice', { replicas: [replicaIn(STANDBY), replicaIn(STANDBY)] }, 'same-region-twice'],
    ['a witness where a replica is', { witnessRegion: STANDBY }, 'same-region-twice'],
    ['a Region known at deployment only', { witnessRegion: Aws.REGION }, 'region-token'],
    ['a replica in another set', { replicas: [replicaIn('eu-west-1')] }, 'strong-regions'],
    ['a witness in another set', { witnessRegion: 'eu-west-1' }, 'strong-regions'],
    ['neither a witness nor a third replica', { witnessRegion: undefined }, 'strong-members'],
    ['a third replica and a witness', { replicas: [replicaIn(STANDBY), replicaIn(WITNESS)] }, 'same-region-twice'],
    ['a witness of an eventual table', { consistency: TableConsistency.EVENTUAL }, 'witness-eventual'],
    ['a witness without replicas', { replicas: [] }, 'replicas-missing'],
    [
      'consistency without replicas',
      { replicas: undefined, witnessRegion: undefined, consistency: TableConsistency.STRONG },
      'replicas-missing',
    ],
    ['a key of another Region', { replicas: [{ region: STANDBY, encryptionKeyArn: keyIn(PRIMARY) }] }, 'replica-key'],
    ['no key', { replicas: [{ region: STANDBY, encryptionKeyArn: 'alias/payments' }] }, 'replica-key'],
  ])('%s is refused', (_, props, code) => {
    expect(() => bind({ ...STRONG, ...props })).toThrow(`[${code}]`);
  });

  test('four Regions are refused in the only set that has them', () => {
    const replicas = ['eu-west-2', 'eu-west-3', 'eu-central-1'].map(replicaIn);

    expect(() => bind({ tableName: 'payments', replicas }, 'eu-west-1')).toThrow(
      /leave Regions out \[strong-members\]/,
    );
  });

  test('a witness is proposed where one is missing, and EVENTUAL where no Region would do', () => {
    expect(() => bind({ ...STRONG, witnessRegion: undefined })).toThrow(`set witnessRegion: '${WITNESS}'`);
    expect(() => bind({ tableName: 'payments', replicas: [replicaIn('ap-south-1')] }, 'ap-southeast-1')).toThrow(
      /us-east-1, us-east-2, us-west-2 \| eu-west-1.*TableConsistency\.EVENTUAL/,
    );
  });

  test('a stack without a Region is refused', () => {
    expect(() => bindIn(agnosticStack(), PaymentStore.dynamoDb(STRONG))).toThrow('[region-agnostic-stack]');
  });
});

describe('replicaOf', () => {
  const replica = PaymentStore.replicaOf({ tableName: 'payments', ownerRegion: PRIMARY });

  test('is the table of that name in this Region, with rights on its indexes and on the key of the service, and makes nothing', () => {
    const stack = regionalStack(new App(), STANDBY);
    const service = serviceIn(stack, { paymentStore: replica });
    const template = Template.fromStack(stack);

    template.resourceCountIs(TABLE, 0);
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    for (const resource of ['payments', 'payments/index/byMerchant', 'payments/index/pending']) {
      expect(policies).toContain(`:dynamodb:${STANDBY}:`);
      expect(policies).toContain(`:table/${resource}"`);
    }
    expect(service.table.encryptionKey).toBe(service.keys.encryptionKey);
    expect(policies).toContain(`dynamodb.${STANDBY}.amazonaws.com`);
    expect(policies).not.toContain(PRIMARY);
  });

  test("payments of a strongly consistent table belong to the owner's Region, wherever they are made", () => {
    expect(bindIn(regionalStack(new App(), STANDBY), replica)).toMatchObject({
      consistency: TableConsistency.STRONG,
      homeRegion: PRIMARY,
    });
  });

  test('those of an eventual one belong to the Region that makes them', () => {
    const eventual = { tableName: 'payments', ownerRegion: PRIMARY, consistency: TableConsistency.EVENTUAL };

    const config = bindIn(regionalStack(new App(), STANDBY), PaymentStore.replicaOf(eventual));

    expect(config.consistency).toBe(TableConsistency.EVENTUAL);
    expect(config).not.toHaveProperty('homeRegion');
  });

  test('takes its own key and stream', () => {
    const stack = regionalStack(new App(), STANDBY);
    const encryptionKey = new Key(stack, 'Own');
    const tableStreamArn = `arn:aws:dynamodb:${STANDBY}:${ACCOUNT}:table/payments/stream/2026-01-01T00:00:00.000`;

    const store = PaymentStore.replicaOf({
      tableName: 'payments',
      ownerRegion: PRIMARY,
      encryptionKey,
      tableStreamArn,
    });
    const { table, encryptionKey: key } = bindIn(stack, store);

    expect([table.encryptionKey, key, table.tableStreamArn]).toEqual([encryptionKey, encryptionKey, tableStreamArn]);
  });

  test.each([
    ["the owner's Region", () => regionalStack(new App(), PRIMARY)],
    ['a stack without a Region', () => agnosticStack()],
  ])('is refused in %s', (_, stack) => {
    expect(() => bindIn(stack(), replica)).toThrow('[replica-region]');
  });
});

describe('HOME_REGION', () => {
  function homeRegionOf(region: string, paymentStore: PaymentStore): unknown {
    const stack = regionalStack(new App(), region);
    serviceIn(stack, { paymentStore });
    const variables = containerOf(Template.fromStack(stack)).Environment as { Name: string; Value: unknown }[];
    return variables.find(({ Name }) => Name === 'HOME_REGION')?.Value;
  }

  test('is one for all Regions of a strongly consistent table, so that a key makes the same payment in each', () => {
    const { STRONG: strong } = TableConsistency;
    expect([homeRegionOf(PRIMARY, ownedTable(strong)), homeRegionOf(STANDBY, replicaOfTable(strong))]).toEqual([
      PRIMARY,
      PRIMARY,
    ]);
  });

  test('is the own of each Region of an eventual one', () => {
    const { EVENTUAL: eventual } = TableConsistency;
    expect([homeRegionOf(PRIMARY, ownedTable(eventual)), homeRegionOf(STANDBY, replicaOfTable(eventual))]).toEqual([
      PRIMARY,
      STANDBY,
    ]);
  });
});

describe('fromTable', () => {
  const SHAPE = {
    partitionKey: { name: 'pk', type: STRING },
    multiRegionConsistency: dynamodb.MultiRegionConsistency.STRONG,
    replicas: [{ region: STANDBY }],
    witnessRegion: WITNESS,
    globalSecondaryIndexes: [
      { index: 'byMerchant', partition: 'merchantShard', sort: 'createdAtId' },
      { index: 'pending', partition: 'pendingShard', sort: 'pendingSince' },
    ].map(({ index, partition, sort }) => ({
      indexName: index,
      partitionKey: { name: partition, type: STRING },
      sortKey: { name: sort, type: STRING },
    })),
  };

  function bindTable(props: Partial<dynamodb.TablePropsV2>): PaymentStoreConfig {
    const stack = regionalStack(new App(), PRIMARY);
    return bindIn(stack, PaymentStore.fromTable(new dynamodb.TableV2(stack, 'T', { ...SHAPE, ...props })));
  }

  test('knows the consistency of a table that is made in this app, and is told that of another', () => {
    const stack = regionalStack(new App(), PRIMARY);
    const imported = dynamodb.TableV2.fromTableName(stack, 'Imported', 'payments');
    const told = PaymentStore.fromTable(imported, { consistency: TableConsistency.EVENTUAL });

    expect(bindTable({}).consistency).toBe(TableConsistency.STRONG);
    expect(
      bindTable({ replicas: undefined, witnessRegion: undefined, multiRegionConsistency: undefined }),
    ).not.toHaveProperty('consistency');
    expect(bindIn(stack, told).consistency).toBe(TableConsistency.EVENTUAL);
  });

  test('refuses a strongly consistent one with a time to live, which fails only when it is deployed', () => {
    expect(() => bindTable({ timeToLiveAttribute: 'ttl' })).toThrow('[strong-table-ttl]');
    expect(() =>
      bindTable({ timeToLiveAttribute: 'ttl', witnessRegion: undefined, multiRegionConsistency: undefined }),
    ).not.toThrow();
  });

  test('refuses one with local indexes, by its shape already', () => {
    const localSecondaryIndexes = [{ indexName: 'local', sortKey: { name: 'other', type: STRING } }];

    expect(() => bindTable({ sortKey: { name: 'sk', type: STRING }, localSecondaryIndexes })).toThrow('[table-keys]');
  });
});
