/** Two handlers with one table and one cache: a long poll wakes at once, and what lies in the cache is never believed. */
import { randomBytes } from 'node:crypto';
import { type StandIn, startDynalite } from './adapters/dynamodb/stand-ins';
import { createTable, REGION } from './adapters/dynamodb-table';
import { describeWithRedis, Redis, until } from './adapters/valkey/redis';
import { type Answer, call, type Handler, type Payment, paymentIn, sleep, start } from './cached-handlers';
import { approve, order } from './harness';

describeWithRedis('two handlers with one table and one cache', () => {
  let table: StandIn;
  let redis: Redis;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    [table, redis] = await Promise.all([startDynalite(), Redis.start()]);
    await createTable(table.endpoint, 'payments');
    environment = { TABLE_NAME: 'payments', AWS_REGION: REGION, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint };
  });
  afterAll(() => Promise.all([table.close(), redis.stop()]));

  const pair = () => Promise.all([0, 1].map(() => start({ ...environment, CACHE_URL: redis.url })));

  async function createIn(handler: Handler): Promise<Payment> {
    const profile = { name: 'Demo', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD' };
    const accounts = [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '1' } }];
    await call(handler, 'PUT', '/v1/merchants/m_demo', { ...profile, accounts });
    const answer = await call(handler, 'POST', '/v1/payments', order);
    if (answer.status !== 201) throw new Error(`no payment: ${answer.body}`);
    return paymentIn(answer);
  }

  /** Waits in one handler while the payment is paid in the other; how long after the reply there the wait ends. */
  async function wakeUpMs([one, other]: Handler[]): Promise<number> {
    const { id } = await createIn(one!);
    const waiting = call(other!, 'GET', `/v1/payments/${id}?wait=10`, undefined, { 'if-none-match': '"1"' });
    waiting.catch(() => undefined);
    await sleep(100);

    const paid = await call(one!, 'POST', `/v1/payments/${id}/authorize`, approve);
    const paidAt = performance.now();
    expect(paymentIn(paid).status).toBe('captured');
    // The first change to be told of is that the bank is being asked.
    expect(paymentIn(await waiting).version).toBeGreaterThan(1);
    return performance.now() - paidAt;
  }

  test('a long poll in one wakes within 500 ms of a change in the other', async () => {
    const handlers = await pair();
    const late: number[] = [];

    for (let n = 0; n < 10; n++) late.push(await wakeUpMs(n % 2 === 0 ? handlers : handlers.toReversed()));

    console.info(`woken after the reply, in ms: ${late.map((ms) => ms.toFixed(0)).join(' ')}`);
    expect(Math.max(...late)).toBeLessThan(500);
  });

  test('without the cache it wakes too, only later', async () => {
    const handlers = await pair();
    await redis.kill();
    await until(() => handlers.every((each) => !each.isCached()));

    expect(await wakeUpMs(handlers)).toBeLessThan(5_000);

    await redis.restart();
    await until(() => handlers.every((each) => each.isCached()));
    expect(await wakeUpMs(handlers)).toBeLessThan(500);
  }, 30_000);

  test('poisoned throughout: every picture is byte for byte that of a handler without a cache (I38)', async () => {
    const [one, other] = await pair();
    const without = await start(environment);
    const payments = [await createIn(one!), await createIn(one!), await createIn(one!)];
    const types = ['image/png', 'image/svg+xml'];
    const picturesOf = async (handler: Handler) => {
      const answers: Answer[] = [];
      for (const { id } of payments)
        for (const accept of types)
          answers.push(await call(handler, 'GET', `/v1/payments/${id}/qr`, undefined, { accept }));
      return answers.map(({ status, body }) => ({ status, body: body.toString('base64') }));
    };
    const right = await picturesOf(without);
    expect(await picturesOf(one!)).toEqual(right);
    await sleep(100);

    const [keys] = await redis.ask<string[]>(['KEYS', 'qrp:*picture*']);
    expect(keys).toHaveLength(payments.length * types.length);
    await redis.ask(['RENAME', keys![1]!, keys![0]!]); // somebody else's picture
    await redis.ask(['SET', keys![2]!, randomBytes(1_500)]);
    await redis.ask(['DEL', keys![3]!], ['LPUSH', keys![3]!, 'x']);
    await redis.ask(['APPEND', keys![4]!, 'x']);

    expect(await picturesOf(other!)).toEqual(right);
  });
});
