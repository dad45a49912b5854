/**
 * A table restored from a backup, with the bank ahead of it: real processes on a stand-in for DynamoDB. Handlers freeze, `--reconcile` makes
 * good what is missing, handlers go on, and at no time is money moved twice.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { LIMITS } from '../../src/handler/domain/limits';
import { type StandIn, startDynalite } from './adapters/dynamodb/stand-ins';
import { copyItems, createTable, REGION } from './adapters/dynamodb-table';
import { BankWithBooks } from './bank-with-books';

const root = mkdtempSync(join(tmpdir(), 'reconcile-'));
const program = join(root, 'index.js');
const running = new Set<ChildProcess>();
let standIn: StandIn;
let bank: BankWithBooks;

beforeAll(async () => {
  buildSync({
    ...{ entryPoints: [join(__dirname, '../../src/handler/main.ts')], outfile: program, bundle: true },
    ...{ platform: 'node', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error' },
  });
  standIn = await startDynalite();
  bank = await BankWithBooks.start();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await bank?.stop();
  await standIn?.close();
  rmSync(root, { recursive: true, force: true });
});

function start(table: string, ...flags: string[]): ChildProcess {
  const env = {
    ...{ PORT: '0', TABLE_NAME: table, AWS_REGION: REGION, AWS_ENDPOINT_URL_DYNAMODB: standIn.endpoint },
    ...bank.environment,
  };
  const child = spawn(process.execPath, [program, ...flags], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { readonly id: string };
}

interface Handler {
  readonly log: string[];
  call(method: string, path: string, body?: object): Promise<Answer>;
  stop(): Promise<void>;
}

async function startHandler(table: string): Promise<Handler> {
  const child = start(table);
  const log: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the handler does not start: ${log.join('\n')}`)));
    createInterface(child.stdout!).on('line', (line) => {
      log.push(line);
      const { address } = JSON.parse(line);
      if (address !== undefined) resolve(address);
    });
  });
  return {
    log,
    async call(method, path, body) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const response = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
      const answer = JSON.parse(await response.text());
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: answer };
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function reconcile(table: string): Promise<{ code: number; lines: object[] }> {
  const child = start(table, '--reconcile');
  const lines: object[] = [];
  createInterface(child.stdout!).on('line', (line) => lines.push(JSON.parse(line)));
  const [code] = await once(child, 'exit');
  return { code, lines };
}

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const endsAt = performance.now() + 2 * LIMITS.tableCheckMs.frozen;
  while (performance.now() < endsAt) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`in vain: ${what}`);
}

const sgd = (value: number) => ({ currency: 'SGD', value });
const PAY = { payer: { token: 'tok_wallet' } };
const PROFILE = {
  ...{ name: 'Kopi', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD' },
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '1' } }],
};

async function pay(handler: Handler, captureMethod: string, ...steps: [string, object][]): Promise<string> {
  const { body } = await handler.call('POST', '/v1/payments', { amount: sgd(1000), reference: 'r', captureMethod });
  for (const [step, given] of steps) await handler.call('POST', `/v1/payments/${body.id}/${step}`, given);
  return body.id;
}

test('from backup to business', async () => {
  for (const table of ['payments', 'backup', 'restored']) await createTable(standIn.endpoint, table);
  const before = await startHandler('payments');
  expect((await before.call('PUT', '/v1/merchants/m_demo', PROFILE)).status).toBe(200);
  const [unpaid, authorized, captured, resting] = [
    await pay(before, 'automatic'),
    await pay(before, 'manual', ['authorize', PAY]),
    await pay(before, 'automatic', ['authorize', PAY]),
    await pay(before, 'automatic', ['authorize', PAY]),
  ];
  await copyItems(standIn.endpoint, 'payments', 'backup');
  // What the backup does not know.
  await before.call('POST', `/v1/payments/${unpaid}/authorize`, PAY);
  await before.call('POST', `/v1/payments/${authorized}/capture`, { amount: sgd(700) });
  await before.call('POST', `/v1/payments/${captured}/refunds`, { amount: sgd(400) });
  await before.stop();
  await copyItems(standIn.endpoint, 'backup', 'restored');
  const balances = () => [unpaid, authorized, captured, resting].map((id) => bank.balanceOf(id));
  expect(balances()).toEqual([1000, 700, 600, 1000]);

  const after = await startHandler('restored');
  bank.calls.length = 0;

  // Frozen: read, not written, and nothing asked of the bank.
  expect(after.log.filter((line) => line.includes('WRITES ARE FROZEN'))).toHaveLength(1);
  const refused = { status: 503, retryAfter: '30', body: { code: 'writes-frozen' } };
  expect(await after.call('GET', '/health/region')).toMatchObject(refused);
  expect(await after.call('GET', '/health/ready')).toMatchObject({ status: 200 });
  expect(await after.call('POST', `/v1/payments/${authorized}/capture`, {})).toMatchObject(refused);
  expect(await after.call('POST', '/v1/payments', { amount: sgd(1), reference: 'r' })).toMatchObject(refused);
  expect(await after.call('PUT', '/v1/merchants/m_demo', PROFILE)).toMatchObject(refused);
  expect(await after.call('GET', `/v1/payments/${captured}`)).toMatchObject({ body: { refunded: sgd(0) } });
  expect(bank.calls).toEqual([]);

  // A bank that is down leaves everything as it is.
  bank.down = true;
  const inVain = await reconcile('restored');
  expect(inVain.code).toBe(1);
  expect(inVain.lines.at(-1)).toMatchObject({ payments: 4, found: { unanswered: 4 }, writes: 'frozen' });
  bank.down = false;

  const done = await reconcile('restored');
  expect(done.code).toBe(0);
  expect(done.lines).toHaveLength(4);
  expect(done.lines).toEqual(
    expect.arrayContaining([
      { payment: authorized, result: 'adopted', operations: ['capture.1'] },
      { payment: captured, result: 'adopted', operations: ['refund.1'] },
      { payment: unpaid, result: 'adopted', operations: ['sale.1'] },
    ]),
  );
  expect(done.lines.at(-1)).toEqual({ table: 'restored', payments: 4, found: { adopted: 3 }, writes: 'open' });
  expect(bank.calls.filter((call) => call.startsWith('PUT'))).toEqual([]);

  // Thawed, in the process that was frozen.
  await until('a thaw', async () => (await after.call('GET', '/health/region')).status === 200);
  expect(after.log.filter((line) => line.includes('writes are let through'))).toHaveLength(1);
  expect(await after.call('POST', `/v1/payments/${authorized}/capture`, {})).toMatchObject({ status: 409 });
  expect(await after.call('POST', `/v1/payments/${unpaid}/authorize`, PAY)).toMatchObject({ status: 409 });
  expect(await after.call('POST', `/v1/payments/${captured}/refunds`, {})).toMatchObject({
    status: 201,
    body: { refunded: sgd(1000), status: 'refunded' },
  });
  expect(balances()).toEqual([1000, 700, 0, 1000]);

  // Once more finds nothing.
  expect(await reconcile('restored')).toEqual({
    code: 0,
    lines: [{ table: 'restored', payments: 4, found: {}, writes: 'open' }],
  });
  await after.stop();
}, 60_000);

test('there is nothing to reconcile without a table', async () => {
  const child = spawn(process.execPath, [program, '--reconcile'], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });

  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said).toContain('TABLE_NAME is missing; only a table can be reconciled');
});
