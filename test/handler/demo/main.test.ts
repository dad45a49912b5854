/** `npm start` as a newcomer runs it: the bundle as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

import { readBlocks } from '../pictures/read-back';

const BUNDLE = join(__dirname, '..', '..', '..', 'assets', 'demo', 'index.js');

const running: ChildProcess[] = [];

beforeAll(() => {
  if (!existsSync(BUNDLE)) throw new Error('assets/demo/index.js is missing: run `npx projen bundle` first');
});

afterEach(() => {
  for (const each of running.splice(0)) each.kill('SIGKILL');
});

/** Only these variables, so that the machine's own cannot decide. */
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [BUNDLE], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return { child, output, ended: once(child, 'close') };
}

async function started(environment: Record<string, string> = { PORT: '0' }) {
  const demo = start(environment);
  while (!demo.output.stdout.includes('/refunds')) {
    if (demo.child.exitCode !== null) throw new Error(`the demo ended: ${demo.output.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [page = '', url = '', id = ''] = /(http:\/\/127\.0\.0\.1:\d+)\/demo\/(pay_\w+)/.exec(demo.output.stdout) ?? [];
  return { ...demo, page, url, id };
}

interface Payment {
  readonly status: string;
  readonly amount: object;
  readonly qr: { readonly payload: string };
}

test('shows a payment that is there: its code in the terminal, its page in the browser', async () => {
  const { output, page, url, id } = await started();

  const payment = (await (await fetch(`${url}/v1/payments/${id}`)).json()) as Payment;
  const html = await (await fetch(page)).text();
  const front = await fetch(url, { redirect: 'manual' });

  expect(payment).toMatchObject({ status: 'created', amount: { currency: 'SGD', value: 450 } });
  expect(readBlocks(output.stdout.split('\n').filter((line) => /^[ ▀▄█]{29,}$/.test(line)))).toBe(payment.qr.payload);
  expect(html).toContain('Pay as the demo wallet');
  expect(front.headers.get('location')).toBe(`/demo/${id}`);
});

test('keeps quiet: no log lines unless LOG_LEVEL asks for them, and then not among the output', async () => {
  const quiet = await started();
  const talking = await started({ PORT: '0', LOG_LEVEL: 'info' });

  expect(quiet.output.stdout).not.toContain('"level"');
  expect(quiet.output.stderr).toBe('');
  expect(talking.output.stdout).not.toContain('"level"');
  expect(talking.output.stderr).toContain('"level":"info"');
});

test('Ctrl-C ends it with one line and exit code 0, a parked long poll or not', async () => {
  const { child, output, ended, url, id } = await started();
  const before = output.stdout.length;
  const poll = fetch(`${url}/v1/payments/${id}?wait=25`, { headers: { 'if-none-match': '"1"' } });
  await new Promise((resolve) => setTimeout(resolve, 200));

  child.kill('SIGINT');
  const [code] = await ended;

  expect(code).toBe(0);
  expect(output.stdout.slice(before).trim().split('\n')).toHaveLength(1);
  expect(output.stderr).toBe('');
  expect((await poll).status).toBe(304);
});

test('a PORT that is taken is one line and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const { output, ended } = start({ PORT: String(port) });
  const [code] = await ended;
  other.close();

  expect(code).toBe(1);
  expect(output.stderr).toBe(`PORT is ${port}, which another program uses; set a free one or leave it unset\n`);
});

test('a variable that is wrong is named, without a stack', async () => {
  const { output, ended } = start({ PORT: 'eighty' });
  const [code] = await ended;

  expect(code).toBe(1);
  expect(output.stderr).toContain('PORT is "eighty"');
  expect(output.stderr).not.toContain('    at ');
});
