/** Makes the payments table, with the contract's keys, in a stand-in for DynamoDB. The handler itself may not, so this is no part of it. */

import { Table } from '../../../src/contract';
import { createAwsJsonClient } from '../../../src/handler/adapters/aws/json-client';

export const REGION = 'ap-southeast-1';

export async function createTable(endpoint: string, tableName: string): Promise<void> {
  const { PARTITION_KEY, LIST_INDEX, PENDING_INDEX } = Table;
  const indexes = [LIST_INDEX, PENDING_INDEX];
  const names = [PARTITION_KEY, ...indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey])];
  const client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint });
  await client.call('CreateTable', {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }],
    GlobalSecondaryIndexes: indexes.map(({ name, partitionKey, sortKey }) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  });
  await untilActive();
  await client.close();

  async function untilActive(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const { Table: table } = await client.call<{ Table: { TableStatus: string } }>('DescribeTable', {
        TableName: tableName,
      });
      if (table.TableStatus === 'ACTIVE') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`table ${tableName} does not become active`);
  }
}

/** What a restore does: the items as they stand, in another table. */
export async function copyItems(endpoint: string, from: string, to: string): Promise<void> {
  const client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint });
  const { Items } = await client.call<{ Items: object[] }>('Scan', { TableName: from, ConsistentRead: true });
  for (const Item of Items) await client.call('PutItem', { TableName: to, Item });
  await client.close();
}
