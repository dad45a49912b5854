/** What a payment's life costs in DynamoDB's units, table and indexes apart: of the real handler, counted at the wire. */
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { type RunningHandler, startHandler } from '../../../../src/handler/start';
import { BankWithBooks } from '../../bank-with-books';
import { createTable, REGION } from '../dynamodb-table';
import { CountingDoor, type Price } from './counting-door';
import { type StandIn, startDynalite } from './stand-ins';

const MERCHANT = '111122223333';
const PROFILE = {
  name: 'Kopi & Toast House',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};
const ORDER = { amount: { currency: 'SGD', value: 1250 }, reference: 'order-20261122-0042' };
/** As long as the tokens of wallets are. */
const PAY = { payer: { token: `tok_${'0123456789abcdef'.repeat(2)}` } };

let standIn: StandIn;
let door: CountingDoor;
let bank: BankWithBooks;
let handler: RunningHandler;
const rows: string[] = [];

beforeAll(async () => {
  standIn = await startDynalite();
  await createTable(standIn.endpoint, 'payments');
  bank = await BankWithBooks.start();
  door = await CountingDoor.before(standIn.endpoint);
  const environment = {
    ...{ PORT: '0', TABLE_NAME: 'payments', AWS_REGION: REGION, AWS_ENDPOINT_URL_DYNAMODB: door.endpoint },
    ...bank.environment,
  };
  handler = await startHandler(environment, { log: new Writable({ write: (_, __, done) => done() }) });
  await call('PUT', `/v1/merchants/${MERCHANT}`, PROFILE);
});
afterAll(async () => {
  await handler?.close();
  await bank?.stop();
  await door?.close();
  await standIn?.close();
  console.info([`units${' '.repeat(29)}table  list  pending  all written  read  item bytes`, ...rows].join('\n'));
});

async function call(method: string, path: string, body?: object, key: string = randomUUID()): Promise<{ id: string }> {
  const response = await fetch(`${handler.url}${path}`, {
    method,
    headers: { 'x-merchant-id': MERCHANT, 'content-type': 'application/json', 'idempotency-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Steps of one payment after its creation, priced as one. */
async function priceOf(
  what: string,
  order: object,
  ...steps: [step: string, body: object][]
): Promise<Price & { written: number }> {
  const price = await door.priceOf(async () => {
    const { id } = await call('POST', '/v1/payments', { ...ORDER, ...order });
    for (const [step, body] of steps) await call('POST', `/v1/payments/${id}/${step}`, body);
  });
  return tell(what, price);
}

function tell(what: string, price: Price): Price & { written: number } {
  const { tableWrites, listIndexWrites, pendingIndexWrites, reads, itemBytes } = price;
  const written = tableWrites + listIndexWrites + pendingIndexWrites;
  const figures = [tableWrites, listIndexWrites, pendingIndexWrites, written, reads, itemBytes];
  rows.push(
    [what.padEnd(32), ...figures.map((each, n) => String(each).padStart([7, 6, 9, 13, 6, 12][n] ?? 0))].join(''),
  );
  return { ...price, written };
}

test('create and sale take at most 9 write units', async () => {
  const price = await priceOf('create, sale', {}, ['authorize', PAY]);

  expect(price.written).toBeLessThanOrEqual(9);
  expect(price.listIndexWrites).toBe(1);
  expect(price.pendingIndexWrites).toBe(2);
  expect(price.tableWrites).toBe(price.tableWritesByRule);
});

test('create, authorize and capture take at most 16', async () => {
  const manual = { captureMethod: 'manual' };
  const price = await priceOf('create, authorize, capture', manual, ['authorize', PAY], ['capture', {}]);

  expect(price.written).toBeLessThanOrEqual(16);
  expect(price.listIndexWrites).toBe(1);
  expect(price.pendingIndexWrites).toBe(4);
  expect(price.tableWrites).toBe(price.tableWritesByRule);
});

test('a create is two writes, and no read while the profile is known', async () => {
  const price = await priceOf('create', {});

  expect(price).toMatchObject({ calls: 1, written: 2, reads: 0 });
});

test('what else a payment may meet', async () => {
  const metadata = { table: '12', waiter: 'Mei Ling', order: '3 kaya toast, 2 kopi, 1 teh tarik, to take away' };
  const wordy = { description: 'Breakfast for three at Kopi & Toast House, Tiong Bahru', metadata };
  await priceOf('the same with words, sale', wordy, ['authorize', PAY]);
  await priceOf('create, sale, refund', {}, ['authorize', PAY], ['refunds', {}]);
  await priceOf('create, cancel', {}, ['cancel', {}]);
});

test('a read is one unit, and writes nothing', async () => {
  const { id } = await call('POST', '/v1/payments', ORDER);

  const price = tell('read', await door.priceOf(() => call('GET', `/v1/payments/${id}`)));

  expect(price).toMatchObject({ calls: 1, written: 0, reads: 1 });
});

test('a replay writes nothing, though DynamoDB takes a unit for the condition that fails', async () => {
  const key = randomUUID();
  await call('POST', '/v1/payments', ORDER, key);

  const price = tell('create again, same key', await door.priceOf(() => call('POST', '/v1/payments', ORDER, key)));

  // The stand-in tells no price of a refusal, and no item with it, so that it is read: at DynamoDB one unit written and none read.
  expect(price).toMatchObject({ written: 0, reads: 1 });
});
