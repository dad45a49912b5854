/** The behaviour of every store, of the DynamoDB one: against two stand-ins, for each lacks something that the other has. */
import { createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { createDynamoDbStore } from '../../../../src/handler/adapters/dynamodb/payment-store';
import { createTable, REGION } from '../dynamodb-table';
import { paymentStoreContract } from '../payment-store.contract';
import { hasMoto, type StandIn, startDynalite, startMoto } from './stand-ins';

const TABLE = 'payments';

async function open(standIn: StandIn) {
  await createTable(standIn.endpoint, TABLE);
  const client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: standIn.endpoint });
  const store = createDynamoDbStore({ tableName: TABLE, region: REGION, client });
  const close = async () => {
    await store.close();
    await standIn.close();
  };
  return { store, close };
}

describe('on dynalite', () => {
  paymentStoreContract(async () => open(await startDynalite()));
});

if (hasMoto()) {
  describe('on moto', () => {
    paymentStoreContract(async () => open(await startMoto()));
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
