/** docs/connectors.md is what banks are told: its examples are run, and its figures are those of the code. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, transpileModule } from 'typescript';
import { createConnectors } from '../src/handler/adapters/connector/connectors';
import { signingKey } from '../src/handler/adapters/connector/standard-webhooks';
import { systemClock } from '../src/handler/adapters/system-clock';
import type { BankOperation } from '../src/handler/app/ports';
import { readConfig } from '../src/handler/config';
import { LIMITS } from '../src/handler/domain/limits';
import {
  ANSWER,
  closeConnectors,
  connectorTo,
  FakeBank,
  OPERATION,
  says,
} from './handler/adapters/connector/fake-bank';

const page = readFileSync(join(__dirname, '..', 'docs', 'connectors.md'), 'utf8');

function blocks(heading: string, language: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading));
  return [...(section ?? '').matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text]) => text);
}

const [question, answer] = blocks('What a bank implements', 'json').map((text) => JSON.parse(text));
const [secret] = /whsec_\w+/.exec(page)!;
const signal = () => AbortSignal.timeout(5_000);

test('a question and an answer are as the page shows them', async () => {
  const bank = await FakeBank.start();
  bank.answer = says(200, answer);
  const told = await connectorTo(bank.url).put({ ...question, opKey: answer.opKey }, signal());
  const [{ url, body }] = bank.seen;
  await closeConnectors();
  await bank.stop();

  expect(JSON.parse(body)).toEqual(question);
  expect(url).toBe(`/qr/operations/${answer.opKey}`);
  expect(told).toEqual({ result: 'approved', code: answer.code, reference: answer.connectorReference });
});

describe('the bank to begin with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bank-of-the-docs-'));
  let process_: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const file = join(folder, 'bank.mjs');
    writeFileSync(file, blocks('A bank to begin with', 'js')[0]);
    process_ = spawn(process.execPath, [file], { env: { CONNECTOR_SECRET: secret, PORT: '0' } });
    url = await new Promise((resolve, reject) => {
      process_.stdout?.on('data', (line) => resolve(`http://127.0.0.1:${/port (\d+)/.exec(line)![1]}`));
      process_.stderr?.on('data', (text) => reject(new Error(String(text))));
    });
  });
  afterAll(async () => {
    process_.kill('SIGKILL');
    await closeConnectors();
    rmSync(folder, { recursive: true });
  });

  const connector = (of = secret) => connectorTo(url, { keys: () => ({ signing: signingKey(of) }) });

  test('answers as the page says, the same step always alike', async () => {
    const bank = connector();
    const operation: BankOperation = { ...OPERATION, opKey: 'pay_a.sale.1' };
    expect(await bank.get(operation, signal())).toEqual({ result: 'absent' });
    const first = await bank.put(operation, signal());
    expect(first).toMatchObject({ result: 'approved', code: '00' });
    expect(await bank.put(operation, signal())).toEqual(first);
    expect(await bank.get(operation, signal())).toEqual(first);

    const declined = { ...operation, opKey: 'pay_b.sale.1', payerToken: 'tok_without_money' };
    expect(await bank.put(declined, signal())).toMatchObject({ result: 'declined', code: '51' });
  });

  test('knows a step with another amount, and its record tells which', async () => {
    const bank = connector();
    const operation: BankOperation = { ...OPERATION, opKey: 'pay_c.sale.1' };
    await bank.put(operation, signal());
    const another = { ...operation, amount: { currency: 'SGD', value: 1 } };

    expect(await bank.put(another, signal())).toEqual({ result: 'conflict' });
    expect(await bank.get(another, signal())).toMatchObject({
      result: 'mismatch',
      record: { amount: OPERATION.amount },
    });
  });

  test('does nothing for who signs with another secret, for an old request, or for another URL than was signed', async () => {
    const operation: BankOperation = { ...OPERATION, opKey: 'pay_d.sale.1' };
    const keys = () => ({ signing: signingKey(secret) });
    const longAgo = { ...systemClock, now: () => new Date(Date.now() - 400_000) };

    expect(await connector(ANSWER.code).put(operation, signal())).toEqual({ result: 'unknown' });
    expect(await connectorTo(url, { keys, clock: longAgo }).put(operation, signal())).toEqual({ result: 'unknown' });
    expect((await fetch(`${url}/operations/pay_d.sale.1`)).status).toBe(401);
    expect(await connector().get(operation, signal())).toEqual({ result: 'absent' });
  });

  const missing = ['bash', 'curl', 'openssl', 'od'].filter(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  (missing.length === 0 ? test : test.skip)('can be tried by hand', () => {
    const [script] = blocks('Signatures', 'sh');
    const calls = script.replace(/^bank=.*$/m, `bank=${url}`).replace(/ +#.*$/gm, '; echo');
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', calls.replace('{; echo', '{')],
      {
        encoding: 'utf8',
      },
    );

    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    const [before, ...after] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(before).toEqual({});
    expect(after).toHaveLength(3);
    expect(after[0]).toMatchObject({ opKey: answer.opKey, result: 'approved' });
    expect(after[1]).toEqual(after[0]);
    expect(after[2]).toEqual(after[0]);
  });
});

describe('several banks', () => {
  const [text] = blocks('Several banks', 'json');
  const routesOf = ({ routeFor }: ReturnType<typeof createConnectors>) =>
    [
      { scheme: 'pix', amount: { currency: 'BRL', value: 1 } },
      { scheme: 'paynow', amount: { currency: 'SGD', value: 1_250 } },
      { scheme: 'paynow', amount: { currency: 'SGD', value: 600_000 } },
    ].map(routeFor);
  const TOLD = [['acme'], ['acme', 'backup'], ['backup', 'acme']];

  test('the document is one to start with, and does what the page says', async () => {
    const { connectors } = readConfig({ CONNECTORS: text });
    const opened = createConnectors(connectors, { keys: () => ({ signing: signingKey(secret) }), clock: systemClock });

    expect(routesOf(opened)).toEqual(TOLD);
    await opened.close();
  });

  test('the CDK app has the same rules', () => {
    const [source] = blocks('In your CDK app', 'ts');
    const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS } });
    const library = jest.requireActual('../src');
    const routed = jest.spyOn(library.Connector, 'routed');
    new Function('require', 'exports', outputText)(
      (name: string) => (name === 'cdk-qr-payments' ? library : jest.requireActual(name)),
      {},
    );

    const [{ connectors, routes }] = routed.mock.calls[0] as [{ connectors: object; routes: object[] }];
    expect(routes).toEqual(JSON.parse(text).routes);
    expect(Object.keys(connectors)).toEqual(Object.keys(JSON.parse(text).connectors));
    routed.mockRestore();
  });
});

test('its figures are those of the code', () => {
  const told = page.replaceAll(/\s+/g, ' ');
  const seconds = (ms: number) => `${ms / 1000} s`;
  for (const words of [
    `silence for ${seconds(LIMITS.connectorAttemptMs)}`,
    `more than ${LIMITS.bodyBytes / 1024} KiB`,
    `more than ${LIMITS.bodyDepth} levels`,
    `One try takes ${seconds(LIMITS.connectorAttemptMs)} at most, ${seconds(LIMITS.connectorConnectMs)} of them to connect`,
    `${LIMITS.settleBackoffMs.first} ms later`,
    `up to ${seconds(LIMITS.settleBackoffMs.most)} apart`,
    `as long as the payer waits: ${seconds(LIMITS.settleMs)}`,
    `At most ${LIMITS.connectorCalls} calls at once`,
    `leaves the bank alone for ${seconds(LIMITS.connectorPauseMs)}`,
  ]) {
    expect(told).toContain(words);
  }
  expect(LIMITS.connectorFailures).toBe(5);
  expect(told).toContain('Five different operations in a row');
  expect(LIMITS.secretRefreshMs).toBe(180_000);
  expect(told).toContain('every three minutes');
});
