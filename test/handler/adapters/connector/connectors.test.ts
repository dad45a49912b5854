/** The banks together: who takes a payment, what each is spared, and what is told of every call. */
import { withBulkhead } from '../../../../src/handler/adapters/connector/bulkhead';
import { createConnectors, type OnCall } from '../../../../src/handler/adapters/connector/connectors';
import { oneConnector } from '../../../../src/handler/adapters/connector/routing';
import { systemClock } from '../../../../src/handler/adapters/system-clock';
import type { Connector } from '../../../../src/handler/app/ports';
import { readConfig } from '../../../../src/handler/config';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { APPROVED, FakeBank, KEYS, OPERATION, SECRET, says } from './fake-bank';

const signal = new AbortController().signal;
const UNKNOWN = { result: 'unknown' };
const NOT_SENT = { result: 'not-sent' };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function startBank(): Promise<FakeBank> {
  const bank = await FakeBank.start();
  stops.push(() => bank.stop());
  return bank;
}

function open(connectors: Record<string, FakeBank>, routes: object[], onCall?: OnCall) {
  const entries = Object.entries(connectors).map(([name, { url }]) => [name, { url, secret: SECRET }]);
  const CONNECTORS = JSON.stringify({ connectors: Object.fromEntries(entries), routes });
  const opened = createConnectors(readConfig({ CONNECTORS }).connectors, {
    keys: () => KEYS,
    clock: systemClock,
    onCall,
  });
  stops.unshift(() => opened.close());
  return opened;
}

describe('routing', () => {
  const [acme, backup, pix, large] = ['acme', 'backup', 'pix', 'large'].map((name) => [name]);
  const routes = [
    { schemes: ['pix'], currencies: ['BRL'], connectors: pix },
    { currencies: ['SGD', 'BRL'], minAmount: 100_000, connectors: large },
    { currencies: ['JPY'], minAmount: 500, maxAmount: 1_000, connectors: [...acme, ...backup] },
    { connectors: backup },
  ];

  test.each([
    ['pix', 'BRL', 5, pix],
    ['pix', 'BRL', 100_000, pix],
    ['pix', 'SGD', 5, backup],
    ['emv', 'BRL', 99_999, backup],
    ['emv', 'BRL', 100_000, large],
    ['paynow', 'SGD', 1e12, large],
    ['emv', 'USD', 1e12, backup],
    ['jpqr', 'JPY', 499, backup],
    ['jpqr', 'JPY', 500, ['acme', 'backup']],
    ['jpqr', 'JPY', 1_000, ['acme', 'backup']],
    ['jpqr', 'JPY', 1_001, backup],
  ])('a payment by %s of %s %d goes to %j', async (scheme, currency, value, names) => {
    const bank = await startBank();
    const connectors = open({ acme: bank, backup: bank, pix: bank, large: bank }, routes);

    expect(connectors.routeFor({ scheme, amount: { currency, value } })).toEqual(names);
  });

  test('each name finds its own bank, and another name none', async () => {
    const [one, other] = [await startBank(), await startBank()];
    const connectors = open({ one, other }, [{ connectors: ['one'] }]);

    expect(await connectors.find('other')?.put(OPERATION, signal)).toEqual(APPROVED);
    expect([one.seen.length, other.seen.length]).toEqual([0, 1]);
    expect(connectors.find('default')).toBeUndefined();
  });

  test('one bank is `default`, for every payment', () => {
    const bank: Connector = { put: async () => ({ result: 'unknown' }), get: async () => ({ result: 'unknown' }) };
    const connectors = oneConnector(bank);

    expect(connectors.routeFor({ scheme: 'emv', amount: { currency: 'SGD', value: 1 } })).toEqual(['default']);
    expect(connectors.find('default')).toBe(bank);
    expect(connectors.find('acme')).toBeUndefined();
  });
});

test('a bank that fails is left alone, and the other one is not', async () => {
  const [sick, well] = [await startBank(), await startBank()];
  sick.answer = says(503, {});
  const connectors = open({ sick, well }, [{ connectors: ['sick', 'well'] }]);
  const put = (name: string, n: number) =>
    connectors.find(name)!.put({ ...OPERATION, opKey: n < 0 ? OPERATION.opKey : `pay_${n}.sale.1` }, signal);

  for (let n = 0; n < LIMITS.connectorFailures; n++) expect(await put('sick', n)).toEqual(UNKNOWN);
  expect(await put('sick', 99)).toEqual(NOT_SENT);
  expect(sick.seen).toHaveLength(LIMITS.connectorFailures);
  expect(await put('well', -1)).toEqual(APPROVED);
});

test('so many calls at once, and one more is not sent', async () => {
  const release: (() => void)[] = [];
  const slow: Connector = {
    put: () => new Promise((resolve) => release.push(() => resolve({ result: 'conflict' }))),
    get: () => Promise.reject(new Error('a bug')),
  };
  const bounded = withBulkhead(slow, 2);
  const running = [bounded.put(OPERATION, signal), bounded.put(OPERATION, signal)];

  expect(await bounded.put(OPERATION, signal)).toEqual(NOT_SENT);
  expect(await bounded.get(OPERATION, signal)).toEqual(UNKNOWN);
  release[0]();
  expect(await running[0]).toEqual({ result: 'conflict' });
  await expect(bounded.get(OPERATION, signal)).rejects.toThrow('a bug');
  const third = bounded.put(OPERATION, signal);
  expect(await bounded.put(OPERATION, signal)).toEqual(NOT_SENT);
  for (const each of release) each();
  expect(await third).toEqual({ result: 'conflict' });
});

test('a bank gets as many calls at once as its bound says, each on a connection', async () => {
  const bank = await startBank();
  const waiting: (() => void)[] = [];
  const answer = bank.answer;
  bank.answer = (response, seen) => waiting.push(() => answer(response, seen));
  const connectors = open({ bank }, [{ connectors: ['bank'] }]);
  const calls = Array.from({ length: LIMITS.connectorCalls + 10 }, () =>
    connectors.find('bank')!.put(OPERATION, new AbortController().signal),
  );

  while (waiting.length < LIMITS.connectorCalls) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const each of waiting) each();
  const results = (await Promise.all(calls)).map(({ result }) => result);
  expect(results.filter((result) => result === 'approved')).toHaveLength(LIMITS.connectorCalls);
  expect(results.filter((result) => result === 'not-sent')).toHaveLength(10);
  expect(bank.connections).toBe(LIMITS.connectorCalls);
});

describe('every call is told', () => {
  test('with the name of the bank, the result and how long it took', async () => {
    const calls: unknown[][] = [];
    const bank = await startBank();
    const connectors = open({ acme: bank }, [{ connectors: ['acme'] }], (...call) => calls.push(call));

    await connectors.find('acme')!.put(OPERATION, signal);
    bank.answer = (response) => setTimeout(() => says(404, {})(response), 50);
    await connectors.find('acme')!.get(OPERATION, signal);

    expect(calls).toEqual([
      ['acme', 'PUT', 'approved', expect.any(Number)],
      ['acme', 'GET', 'absent', expect.any(Number)],
    ]);
    expect(calls[1][3]).toBeGreaterThan(40);
    expect(calls[1][3]).toBeLessThan(1_000);
  });

  test('of the simulator, too', async () => {
    const calls: unknown[][] = [];
    const connectors = createConnectors(
      { kind: 'simulator' },
      { keys: () => KEYS, clock: systemClock, onCall: (...call) => calls.push(call) },
    );
    await connectors.find('default')!.put({ ...OPERATION, payerToken: 'tok_decline' }, signal);
    await connectors.close();

    expect(calls).toEqual([['default', 'PUT', 'declined', expect.any(Number)]]);
  });
});
