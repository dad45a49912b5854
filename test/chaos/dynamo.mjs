// The few calls that a run itself makes to its store: the table at the start, the dump at the end.
import { unmarshall } from '@aws-sdk/util-dynamodb';

export const TABLE = 'payments';
export const REGION = 'ap-southeast-1';

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  // dynalite looks whether there is a signature, not which.
  authorization: 'AWS4-HMAC-SHA256 Credential=t/20261122/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20261122T000000Z',
};

async function call(endpoint, operation, input) {
  const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
  return response.json();
}

const key = (name, type) => ({ AttributeName: name, KeyType: type });
const index = (name, partitionKey, sortKey) => ({
  IndexName: name,
  KeySchema: [key(partitionKey, 'HASH'), key(sortKey, 'RANGE')],
  Projection: { ProjectionType: 'KEYS_ONLY' },
});

/** The table of `docs/decisions/0001-stored-shape.md`. */
export async function createTable(endpoint) {
  const names = ['pk', 'merchantShard', 'createdAtId', 'pendingShard', 'pendingSince'];
  await call(endpoint, 'CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [key('pk', 'HASH')],
    GlobalSecondaryIndexes: [
      index('byMerchant', 'merchantShard', 'createdAtId'),
      index('pending', 'pendingShard', 'pendingSince'),
    ],
  });
  for (;;) {
    const { Table } = await call(endpoint, 'DescribeTable', { TableName: TABLE });
    if (Table.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first event says when and by whom only where the facts do not. */
function whole({ events: [first, ...rest], ...item }) {
  return { ...item, events: [{ at: item.createdAt, by: item.merchantId, ...first }, ...rest] };
}

/** How many payments have an operation without an outcome, as the index has it. */
export async function countPending(endpoint) {
  return (await call(endpoint, 'Scan', { TableName: TABLE, IndexName: 'pending', Select: 'COUNT' })).Count;
}

/** Every payment as it is stored, in plain JSON. */
export async function dumpPayments(endpoint) {
  const payments = [];
  let from;
  do {
    const page = await call(endpoint, 'Scan', { TableName: TABLE, ConsistentRead: true, ExclusiveStartKey: from });
    const items = page.Items.map((item) => unmarshall(item));
    payments.push(...items.filter(({ pk }) => pk.startsWith('pay_')).map(whole));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return payments;
}
