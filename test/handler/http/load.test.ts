/** How much is taken on at once: the counting, and what a client sees of it over real HTTP (I36). */
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LIMITS } from '../../../src/handler/domain/limits';
import { Load } from '../../../src/handler/http/load';
import { type RunningHandler, startHandler } from '../../../src/handler/start';

const limits = { requestsInFlight: 2, longPollsParked: 1, turnMs: 50, turnRequests: 3 };

describe('counting', () => {
  test('takes as many as it may, and one more when one has ended', () => {
    const load = new Load(limits);
    load.begin();
    expect(load.hasRoom()).toBe(true);
    load.begin();
    expect(load.hasRoom()).toBe(false);
    load.end({});
    expect([load.hasRoom(), load.requestsInFlight]).toEqual([true, 1]);
  });

  test('who is parked makes room, and is counted apart, once', () => {
    const load = new Load(limits);
    const [one, other] = [{}, {}];
    load.begin();
    load.begin();
    expect([load.park(one), load.park(one), load.park(other)]).toEqual([true, true, false]);
    expect([load.requestsInFlight, load.longPollsParked, load.hasRoom()]).toEqual([1, 1, true]);
    load.end(one);
    load.end(other);
    expect([load.requestsInFlight, load.longPollsParked]).toEqual([0, 0]);
  });
});

describe('a turn of the event loop', () => {
  const serve = (load: Load, count: number) => {
    for (let n = 0; n < count; n++) {
      load.begin();
      load.end({});
    }
  };

  test('is over when it has served long, and many', async () => {
    let now = 0;
    const load = new Load(limits, () => now);
    serve(load, 3);
    expect(load.hasRoom()).toBe(true);
    now = 51;
    expect(load.hasRoom()).toBe(false);
    await nextTurn();
    expect(load.hasRoom()).toBe(true);
  });

  test('is not over for few requests, however long the process was held up', () => {
    let now = 0;
    const load = new Load(limits, () => now);
    serve(load, 2);
    now = 10_000;
    expect(load.hasRoom()).toBe(true);
  });
});

describe('over HTTP', () => {
  const lines: string[] = [];
  const log = new Writable({
    write: (chunk, _, done) => {
      lines.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
  let handler: RunningHandler;

  beforeAll(async () => {
    handler = await startHandler({ PORT: '0' }, { log, load: new Load({ ...limits, turnMs: 60_000 }) });
  });
  afterAll(() => handler.close());

  const post = (path: string, body: object, key: string) =>
    fetch(`${handler.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  const create = (key = 'create-key-0123456') =>
    post('/v1/payments', { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' }, key);
  const idOf = async (reply: Response) => ((await reply.json()) as { id: string }).id;
  const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

  test('one request too many is 503 at once and without effect, health is not, and afterwards all is well', async () => {
    const payments = await Promise.all(['a', 'b'].map((name) => create(`create-key-012345-${name}`)));
    const ids = await Promise.all(payments.map(idOf));
    await settled();
    const waiting = ids.map((id) =>
      post(`/v1/payments/${id}/authorize`, { payer: { token: 'tok_slow' } }, `pay-key-0123456-${id}`),
    );
    await settled();

    const began = performance.now();
    const refused = await create('refused-key-0123456');
    const tookMs = performance.now() - began;
    const health = await fetch(`${handler.url}/health/live`);

    expect(refused.status).toBe(503);
    expect(tookMs).toBeLessThan(500);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    const requestId = refused.headers.get('x-request-id');
    expect(await refused.json()).toMatchObject({ status: 503, code: 'overloaded', requestId });
    expect(health.status).toBe(200);
    for (const reply of await Promise.all(waiting)) expect(reply.status).toBe(200);

    await settled();
    const list = (await (await fetch(`${handler.url}/v1/payments`)).json()) as { data: object[] };
    expect(list.data).toHaveLength(2);
    const again = await create('refused-key-0123456');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
    const line = lines.map((each) => JSON.parse(each)).find((each) => each.requestId === requestId);
    expect(line).toMatchObject({ status: 503, code: 'overloaded', method: 'POST', route: 'none' });
  });

  test('a long poll waits apart; one that has no room to wait is answered at once', async () => {
    await settled();
    const id = await idOf(await create('poll-key-012345678'));
    const poll = () => fetch(`${handler.url}/v1/payments/${id}?wait=2`, { headers: { 'if-none-match': '"1"' } });
    const parked = poll();
    await settled();

    const began = performance.now();
    const turnedAway = await poll();
    const tookMs = performance.now() - began;
    const others = await Promise.all([fetch(`${handler.url}/v1/payments/${id}`)]);

    expect([turnedAway.status, tookMs < 1_000]).toEqual([304, true]);
    expect(others[0].status).toBe(200);
    expect((await parked).status).toBe(304);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    await settled();
    const parkedLines = lines.map((each) => JSON.parse(each)).filter((each) => each.parked === true);
    expect(parkedLines).toHaveLength(1);
  });
});

test('the process takes as much as it says', () => {
  const load = new Load();
  for (let n = 0; n < LIMITS.requestsInFlight; n++) load.begin();
  expect(load.hasRoom()).toBe(false);
});
