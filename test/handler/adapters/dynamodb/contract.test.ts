/** The behaviour of every store, of the DynamoDB one: against two stand-ins, for each lacks something that the other has. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { openDynamoDbStore } from '../../../../src/handler/adapters/dynamodb/payment-store';
import type { StoredItem } from '../../../../src/handler/adapters/stored-payment';
import { createTable, REGION } from '../dynamodb-table';
import { paymentStoreContract } from '../payment-store.contract';
import { hasMoto, type StandIn, startDynalite, startMoto } from './stand-ins';

const TABLE = 'payments';

async function open(standIn: StandIn, items: readonly StoredItem[]) {
  await createTable(standIn.endpoint, TABLE);
  const client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: standIn.endpoint });
  for (const item of items) await client.call('PutItem', { TableName: TABLE, Item: marshall(item) });
  const onFreeze = () => {
    throw new Error('a new table is nobody else');
  };
  const store = await openDynamoDbStore({
    ...{ tableName: TABLE, region: REGION, client, onFreeze },
    onUnreadable: () => {},
  });
  const close = async () => {
    await store.close();
    await standIn.close();
  };
  return { store, close };
}

describe('on dynalite', () => {
  paymentStoreContract(async (items) => open(await startDynalite(), items));
});

if (hasMoto()) {
  describe('on moto', () => {
    paymentStoreContract(async (items) => open(await startMoto(), items));
  });
} else if (process.env.CI) {
  test('on moto', () => {
    throw new Error("moto is missing, and in CI this must run: pip install 'moto[server]'");
  });
} else {
  const why = "SKIPPED: moto is missing; to run these: pip install 'moto[server]'";
  console.warn(`DynamoDB store on moto ${why}`);
  describe.skip(`on moto (${why})`, () => {
    paymentStoreContract(() => Promise.reject(new Error(why)));
  });
}
