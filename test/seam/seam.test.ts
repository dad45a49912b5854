/**
 * The seam between the two halves: the bundled handler, started with the environment of the synthesized task, on the synthesized table,
 * called as the synthesized API calls it, within the rights of the synthesized role.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from './aws';
import { ACCOUNT, Deployment, type Right } from './deployment';
import { callThroughGateway } from './gateway';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handler', 'index.js');
/** What AWS does on the task's behalf, and so the handler never calls itself. */
const ON_BEHALF = /^kms:/;

const deployment = new Deployment();
const document = deployment.body();
let aws: LocalAws;
let handler: ChildProcess;
let url: string;

beforeAll(async () => {
  aws = await startLocalAws(deployment.secrets());
  await aws.createTable(deployment.table());
  // A port that is free here; everything else is the task's own, and where AWS is on this machine.
  const env = { ...deployment.environment(), ...aws.environment, PORT: '0' };
  handler = spawn(process.execPath, [BUNDLE], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const onOutput = (chunk: Buffer) => {
      output += chunk;
      const port = output.match(/"address":"http:\/\/[^:]+:(\d+)"/)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    handler.stdout?.on('data', onOutput);
    handler.stderr?.on('data', onOutput);
    handler.once('exit', () => reject(new Error(`the handler does not start in the task's environment: ${output}`)));
  });
});

afterAll(async () => {
  handler?.kill('SIGKILL');
  await aws?.close();
});

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await callThroughGateway(document, url, ACCOUNT, {
    method,
    path,
    body,
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
  };
}

const PROFILE = {
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};

test('a payment goes from created to refunded, every operation through the gateway', async () => {
  expect(await call('GET', '/health/region')).toMatchObject({ status: 200 });
  expect(await call('PUT', `/v1/merchants/${ACCOUNT}`, PROFILE)).toMatchObject({ status: 200, body: { id: ACCOUNT } });
  expect(await call('GET', `/v1/merchants/${ACCOUNT}`)).toMatchObject({ status: 200, body: PROFILE });

  const order = { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1', captureMethod: 'manual' };
  const { status, body: payment } = await call('POST', '/v1/payments', order);
  expect({ status, payment }).toMatchObject({ status: 201, payment: { merchantId: ACCOUNT, status: 'created' } });
  expect(payment.id).toMatch(/apse1$/);
  expect(payment.qr.url).toBe(`/v1/payments/${payment.id}/qr`);

  const path = `/v1/payments/${payment.id}`;
  expect(await call('GET', `${path}/qr`, undefined, { accept: 'text/plain' })).toMatchObject({
    status: 200,
    body: payment.qr.payload,
  });
  expect(await call('POST', '/v1/qr/decode', { payload: payment.qr.payload })).toMatchObject({
    status: 200,
    body: { paymentId: payment.id },
  });
  expect(await call('POST', `${path}/authorize`, { payer: { token: 'tok_approve' } })).toMatchObject({
    status: 200,
    body: { status: 'authorized' },
  });
  expect(await call('POST', `${path}/capture`, {})).toMatchObject({ status: 200, body: { status: 'captured' } });
  expect(await call('POST', `${path}/refunds`, { amount: { currency: 'SGD', value: 250 } })).toMatchObject({
    status: 201,
    body: { status: 'partially_refunded' },
  });
  expect(await call('GET', path)).toMatchObject({ status: 200, body: { version: 7, refunded: { value: 250 } } });
  expect((await call('GET', `${path}/events`)).body.data).toHaveLength(7);
  expect((await call('GET', '/v1/payments?limit=1&status=partially_refunded')).body.data).toMatchObject([
    { id: payment.id },
  ]);
});

test('what a client sends under the trusted headers is overwritten, and each method has its own scope', async () => {
  const forged = { 'x-merchant-id': 'somebody-else', 'x-scopes': 'merchants:admin payments:read' };
  const { body } = await call(
    'POST',
    '/v1/payments',
    { amount: { currency: 'SGD', value: 1 }, reference: 'r' },
    forged,
  );
  expect(body.merchantId).toBe(ACCOUNT);
  // Reading a merchant that is not one's own takes merchants:admin, which this method does not give.
  expect(await call('GET', '/v1/merchants/somebody-else', undefined, forged)).toMatchObject({ status: 404 });
});

test('nobody gets past the gateway: without its headers the handler answers 401', async () => {
  expect((await fetch(`${url}/v1/payments`)).status).toBe(401);
});

test('the request id of the gateway is the one in the answer', async () => {
  const { headers, body } = await call('GET', '/v1/payments/pay_unknown');
  expect(body.requestId).toBe(headers.get('x-request-id'));
});

const nameOf = ({ action, resource }: { action: string; resource: string }) => `${action} on ${resource}`;
const namesOf = (rights: readonly Right[]) =>
  new Set(rights.filter(({ action }) => !ON_BEHALF.test(action)).map(nameOf));

test('the role allows every AWS call that was made, on that resource, and nothing that was not', () => {
  const allowed = namesOf(deployment.taskRights());
  const made = new Set(aws.calls.map(nameOf));
  expect([...made].filter((each) => !allowed.has(each))).toEqual([]);
  expect([...allowed].filter((each) => !made.has(each))).toEqual([]);
  expect([...allowed].some((each) => each.includes('*'))).toBe(false);
});

test('a task that reconciles reads the table from end to end, within the rights of its own role', async () => {
  const before = aws.calls.length;
  const env = { ...deployment.environment(), ...aws.environment };
  const task = spawn(process.execPath, [BUNDLE, '--reconcile'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let report = '';
  task.stdout.on('data', (chunk) => {
    report += chunk;
  });
  const [code] = await once(task, 'exit');

  expect({ code, report }).toMatchObject({ code: 0, report: expect.stringContaining('"payments":2') });
  const [allowed, notForHandlers] = [namesOf(deployment.reconcileRights()), namesOf(deployment.taskRights())];
  const made = new Set(aws.calls.slice(before).map(nameOf));
  expect([...made].filter((each) => !allowed.has(each))).toEqual([]);
  expect([...made].filter((each) => !notForHandlers.has(each))).toEqual([expect.stringMatching(/^dynamodb:Scan on /)]);
});

test('rights on keys hold only through the service that needs them', () => {
  for (const { action, condition } of deployment.taskRights().filter((right) => ON_BEHALF.test(right.action))) {
    expect({ action, condition }).toMatchObject({
      condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^(dynamodb|secretsmanager)\./) } },
    });
  }
});
