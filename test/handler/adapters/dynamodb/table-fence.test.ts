/** Writes to a table that was restored: none, until it has been claimed. */
import { type AwsJsonClient, createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { createDynamoDbStore, openDynamoDbStore } from '../../../../src/handler/adapters/dynamodb/payment-store';
import { TableFence } from '../../../../src/handler/adapters/dynamodb/table-fence';
import { TableMarker } from '../../../../src/handler/adapters/dynamodb/table-marker';
import type { PaymentStore } from '../../../../src/handler/app/ports';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { copyItems, createTable, REGION } from '../dynamodb-table';
import { begin, cancelled, created, MERCHANT } from '../sample-payments';
import { type StandIn, startDynalite } from './stand-ins';

let standIn: StandIn;
let client: AwsJsonClient;
const told: boolean[] = [];
beforeAll(async () => {
  standIn = await startDynalite();
  client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: standIn.endpoint });
});
afterAll(async () => {
  await client.close();
  await standIn.close();
});
beforeEach(() => {
  told.length = 0;
});
afterEach(() => jest.useRealTimers());

const open = (tableName: string): Promise<PaymentStore> =>
  openDynamoDbStore({
    tableName,
    region: REGION,
    client: { call: (operation, input) => client.call(operation, input), close: async () => {} },
    onFreeze: (isFrozen) => told.push(isFrozen),
  });

test('a new table takes writes at once, from every process, and nothing is told', async () => {
  await createTable(standIn.endpoint, 'fresh');
  const stores = await Promise.all([open('fresh'), open('fresh')]);

  for (const store of stores) expect(await store.create(created())).toEqual({ written: true });

  expect(stores.map((store) => store.isFrozen())).toEqual([false, false]);
  expect(told).toEqual([]);
  for (const store of stores) await store.close();
});

test('a restored table is read and not written, until it is claimed', async () => {
  const before = created();
  for (const name of ['table', 'restored']) await createTable(standIn.endpoint, name);
  const original = await open('table');
  await original.create(before);
  await original.putMerchant(MERCHANT);
  await copyItems(standIn.endpoint, 'table', 'restored');
  await original.close();

  const store = await open('restored');

  expect(told).toEqual([true]);
  expect(store.isFrozen()).toBe(true);
  const frozen = { code: 'writes-frozen', options: { retryAfterSeconds: LIMITS.frozenRetrySeconds } };
  await expect(store.create(created())).rejects.toMatchObject(frozen);
  await expect(store.replace(cancelled(before))).rejects.toMatchObject(frozen);
  await expect(store.putMerchant(MERCHANT)).rejects.toMatchObject(frozen);
  await expect(store.createMerchant({ ...MERCHANT, id: 'm_new' })).rejects.toMatchObject(frozen);
  expect(await store.get(before.facts.id)).toEqual(before);
  expect(await store.getMerchant(MERCHANT.id)).toEqual(MERCHANT);
  expect(await store.list({ merchantId: MERCHANT.id, limit: 10 })).toHaveLength(1);
  await store.ping();

  await new TableMarker({ tableName: 'restored', region: REGION, client }).claim();
  const thawed = await open('restored');

  expect(told).toEqual([true]);
  expect(await thawed.replace(begin(before, 'authorize', 1250))).toEqual({ written: true });
  await Promise.all([store.close(), thawed.close()]);
});

test('whoever reconciles writes whatever the table is', async () => {
  const store = createDynamoDbStore({ tableName: 'fresh', region: REGION, client });

  expect(await store.create(created())).toEqual({ written: true });
  expect(store.isFrozen()).toBe(false);
});

test('until the table has been asked nothing is begun that might have to end in it', async () => {
  const calls: string[] = [];
  const store = await openDynamoDbStore({
    ...{ tableName: 'fresh', region: REGION, onFreeze: (isFrozen: boolean) => told.push(isFrozen) },
    client: {
      call: (operation, input) => {
        calls.push(operation);
        return calls.length <= 2 ? Promise.reject(new Error('down')) : client.call(operation, input);
      },
      close: async () => {},
    },
  });

  expect(store.isFrozen()).toBe(true);
  expect(await store.create(created())).toEqual({ written: true });
  expect(store.isFrozen()).toBe(false);
  expect(told).toEqual([]);
  await store.close();
});

describe('the fence', () => {
  let answers: (boolean | Error)[];
  let asked = 0;
  const marker = {
    isOurs: async () => {
      asked++;
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const fenceOver = (...given: (boolean | Error)[]) => {
    answers = given;
    asked = 0;
    return new TableFence(marker, (isFrozen) => told.push(isFrozen));
  };
  const down = new Error('down');

  test('opens soon after a restored table was claimed', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'Date'] });
    const fence = fenceOver(false, false, true);
    await fence.start();
    await jest.advanceTimersByTimeAsync(LIMITS.tableCheckMs.frozen);
    expect(fence.isOpen).toBe(false);
    await jest.advanceTimersByTimeAsync(LIMITS.tableCheckMs.frozen);

    await fence.pass();
    expect(told).toEqual([true, false]);
    fence.close();
  });

  test('of a table that cannot be asked at the start keeps no process from starting, and asks before the first write', async () => {
    const fence = fenceOver(down, down, true);
    await fence.start();
    expect(fence.isOpen).toBe(false);

    await expect(fence.pass()).rejects.toThrow('down');
    await fence.pass();

    expect(fence.isOpen).toBe(true);
    expect(told).toEqual([]);
    fence.close();
  });

  test('asks once, however many wait', async () => {
    const fence = fenceOver(down, true);
    await fence.start();

    await Promise.all(Array.from({ length: 10 }, () => fence.pass()));

    expect(asked).toBe(2);
    fence.close();
  });

  test('may find at the first write that the table was restored', async () => {
    const fence = fenceOver(down, false);
    await fence.start();

    await expect(fence.pass()).rejects.toMatchObject({ code: 'writes-frozen' });
    expect(told).toEqual([true]);
    fence.close();
  });

  test('notices a table that was put in the place of ours under a running process, and stays open in an outage', async () => {
    jest.useFakeTimers({ doNotFake: ['performance', 'Date'] });
    const fence = fenceOver(true, down, false);
    await fence.start();

    await jest.advanceTimersByTimeAsync(LIMITS.tableCheckMs.open);
    expect(fence.isOpen).toBe(true);
    await jest.advanceTimersByTimeAsync(LIMITS.tableCheckMs.open);

    expect(fence.isOpen).toBe(false);
    fence.close();
    await jest.advanceTimersByTimeAsync(10 * LIMITS.tableCheckMs.open);
    expect(asked).toBe(3);
  });
});
