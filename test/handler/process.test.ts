/** The bundle as a process: what it says at start, how it stops, and what is left when it is killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handler', 'index.js');

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

const running: ChildProcess[] = [];
const folders: string[] = [];

beforeAll(() => {
  if (!existsSync(BUNDLE)) throw new Error('assets/handler/index.js is missing: run `npx projen bundle` first');
});

afterEach(() => {
  for (const each of running.splice(0)) each.kill('SIGKILL');
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});

/** Only these variables, so that the machine's own cannot decide. */
async function start(environment: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [BUNDLE], {
    env: { PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const address = output.match(/"address":"([^"]+)"/)?.[1];
    if (address !== undefined) {
      child.stdout.resume();
      return { process: child, url: address };
    }
  }
  throw new Error(`the handler did not start: ${output}`);
}

async function post(url: string, body: object, key: string = randomUUID()) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return {
    status: response.status,
    body: (await response.json()) as { id: string; status: string; operations: { status: string }[] },
  };
}

const ORDER = { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' };

test('says where it listens, serves, and answers its own health probe', async () => {
  const { url } = await start();
  expect((await post(`${url}/v1/payments`, ORDER)).status).toBe(201);
  const probe = (port: string) => spawnSync(process.execPath, [BUNDLE, '--health'], { env: { PORT: port } }).status;
  expect(probe(new URL(url).port)).toBe(0);
  expect(probe('1')).toBe(1);
});

test('a wrong environment stops the start with one message that names every variable', () => {
  const { status, stderr } = spawnSync(process.execPath, [BUNDLE], {
    env: { PORT: 'x', LOG_LEVEL: 'y' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/PORT[\s\S]*LOG_LEVEL/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a port that is taken is said in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const child = spawn(process.execPath, [BUNDLE], { env: { PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  taken.close();
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(String(port));
});

test('SIGTERM: not ready any more, what is in flight is answered, exit 0 within 30 s', async () => {
  const handler = await start();
  const { body: payment } = await post(`${handler.url}/v1/payments`, ORDER);
  const inFlight = post(`${handler.url}/v1/payments/${payment.id}/authorize`, { payer: { token: 'tok_slow' } });
  await new Promise((resolve) => setTimeout(resolve, 200));

  const began = Date.now();
  handler.process.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ready = await fetch(`${handler.url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(ready.headers.get('connection')).toBe('close');
  expect(await inFlight).toMatchObject({ status: 200, body: { status: 'captured' } });

  const [code] = await once(handler.process, 'exit');
  expect(code).toBe(0);
  expect(Date.now() - began).toBeLessThan(30_000);
});

test('a connection that never sends a request does not hold up the stop', async () => {
  const handler = await start();
  const silent = connect(Number(new URL(handler.url).port), '127.0.0.1');
  await once(silent, 'connect');
  silent.on('error', () => undefined); // cut off, as it is to be
  const began = Date.now();
  handler.process.kill('SIGTERM');
  const [code] = await once(handler.process, 'exit');
  expect(code).toBe(0);
  expect(Date.now() - began).toBeLessThan(10_000);
});

test('kill -9: what was acknowledged is there, and what was begun is finished by the next process (I05, I37)', async () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'payments-'));
  folders.push(DATA_DIR);
  const first = await start({ DATA_DIR });
  const { body: payment } = await post(`${first.url}/v1/payments`, ORDER, 'create-key-1234567');
  const key = 'authorize-key-12345';
  const lost = post(`${first.url}/v1/payments/${payment.id}/authorize`, { payer: { token: 'tok_timeout' } }, key).catch(
    () => 'no answer',
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  first.process.kill('SIGKILL');
  expect(await lost).toBe('no answer');

  const second = await start({ DATA_DIR });
  const retried = await post(`${second.url}/v1/payments`, ORDER, 'create-key-1234567');
  expect(retried).toMatchObject({ status: 201, body: { id: payment.id } });
  const pending = await (await fetch(`${second.url}/v1/payments/${payment.id}`)).json();
  expect(pending).toMatchObject({ status: 'created', operations: [{ status: 'pending' }] });

  // The sweep takes it up once the first process can no longer be at it; the bank's simulator takes 5 s to be asked twice.
  const waited = await fetch(`${second.url}/v1/payments/${payment.id}?wait=25`, {
    headers: { 'if-none-match': '"2"' },
  });
  expect(await waited.json()).toMatchObject({ status: 'captured', operations: [{ status: 'succeeded' }] });
  const reply = await post(
    `${second.url}/v1/payments/${payment.id}/authorize`,
    { payer: { token: 'tok_timeout' } },
    key,
  );
  expect(reply).toMatchObject({ status: 200, body: { status: 'captured' } });
}, 40_000);
