/** What was overlooked costs as little as it can: the process as a whole, with a fault planted in it from outside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBundle } from './bundle';

/** Loaded before the bundle: SIGUSR2 throws where nobody catches, SIGHUP rejects a promise that nobody waits for. */
const FAULTS = `
process.on('SIGUSR2', () => setImmediate(() => { throw new RangeError('canary'); }));
process.on('SIGHUP', () => { Promise.reject(new RangeError('canary')); });
`;

const start = useBundle();
const folder = mkdtempSync(join(tmpdir(), 'faults-'));
const faults = join(folder, 'faults.cjs');
writeFileSync(faults, FAULTS);
afterAll(() => rmSync(folder, { recursive: true }));

const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
const ORDER = { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' };
const post = (url: string, body: object, key: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });

test('a rejection that nobody caught is logged, and the process goes on', async () => {
  const handler = await start({}, ['-r', faults]);
  handler.process.kill('SIGHUP');
  await settled();
  handler.process.kill('SIGHUP');
  await settled();

  expect((await fetch(`${handler.url}/health/ready`)).status).toBe(200);
  const logged = handler.lines().filter(({ msg }) => msg === 'unhandled rejection');
  expect(logged).toHaveLength(2);
  expect(logged[0]).toMatchObject({ level: 'error', error: { kind: 'RangeError' } });
  expect(handler.output()).not.toContain('canary');
});

test('an exception that nobody caught is logged; what is in flight is answered; the process ends with 1', async () => {
  const handler = await start({}, ['-r', faults]);
  const created = await post(`${handler.url}/v1/payments`, ORDER, 'create-key-1234567');
  const { id } = (await created.json()) as { id: string };
  const authorize = `${handler.url}/v1/payments/${id}/authorize`;
  const inFlight = post(authorize, { payer: { token: 'tok_slow' } }, 'authorize-key-12345');
  await settled();

  handler.process.kill('SIGUSR2');
  await settled();
  handler.process.kill('SIGUSR2');
  const ready = await fetch(`${handler.url}/health/ready`);
  const other = await post(`${handler.url}/v1/payments`, ORDER, 'another-key-1234567');

  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect(other.status).toBe(201);
  expect(await (await inFlight).json()).toMatchObject({ status: 'captured' });
  expect(await handler.closed).toBe(1);
  expect(handler.lines().filter(({ msg }) => msg === 'uncaught exception')).toHaveLength(2);
  expect(handler.lines().at(-1)?.msg).toBe('stopped');
  expect(handler.output()).not.toContain('canary');
});

test('SIGTERM loses no line', async () => {
  const handler = await start();
  const agents = [...Array(8).keys()];
  const ids: (string | null)[] = [];
  let stopping = false;
  const busy = agents.map(async () => {
    while (!stopping) ids.push((await fetch(`${handler.url}/v1/payments`)).headers.get('x-request-id'));
  });
  await settled();
  handler.process.kill('SIGTERM');
  await settled();
  stopping = true;
  await Promise.all(busy);

  expect(await handler.closed).toBe(0);
  const logged = new Set(handler.lines().map(({ requestId }) => requestId));
  expect(ids.length).toBeGreaterThan(20);
  expect(ids.filter((id) => !logged.has(id))).toEqual([]);
});
