/** Operations with outside effect: what the bank says, does not say, and says twice. `I05` and the like are listed in docs/architecture.md. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { capturePayment } from '../../../src/handler/app/capture';
import { readPayment } from '../../../src/handler/app/read-payment';
import { Sweep, sweepForEver } from '../../../src/handler/app/resume';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { ABSENT, APPROVED, command, DECLINED, NOT_SENT, PAY, turn, types, UNKNOWN, World } from './world';

let world: World;
let payment: Payment;

beforeEach(async () => {
  world = new World();
  payment = await world.payment();
});

const pay = (more = {}) =>
  authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY, more));
const sweepOnce = () => world.sweep();

test('the intent is stored before the bank is asked, with its opKey, and the token is gone after the outcome', async () => {
  let atTheBank: Payment | undefined;
  const put = world.bank.put.bind(world.bank);
  world.bank.put = async (operation, signal) => {
    atTheBank = await world.stored(payment.facts.id);
    return put(operation, signal);
  };
  const { payment: paid } = await pay();

  expect(types(atTheBank!)).toEqual(['created', 'operation_pending']);
  expect(atTheBank!.payerToken).toBe('tok_of_the_payer');
  expect(world.bank.operations[0].opKey).toBe(`${payment.facts.id}.sale.1`);
  expect(paid.state).toMatchObject({ status: 'captured', captured: 1000, version: 3 });
  const stored = await world.stored(payment.facts.id);
  expect(stored.payerToken).toBeUndefined();
  expect(JSON.stringify(stored.events)).not.toContain('tok_of_the_payer');
});

test.each([
  { name: 'a PUT that never answers and was done', script: ['silence', APPROVED], calls: ['PUT sale.1', 'GET sale.1'] },
  {
    name: 'a PUT that never arrived: only 404 allows it again, under the same opKey',
    script: ['silence', ABSENT, APPROVED],
    calls: ['PUT sale.1', 'GET sale.1', 'PUT sale.1'],
  },
  {
    name: 'a bank that fails for a while',
    script: [UNKNOWN, UNKNOWN, UNKNOWN, APPROVED],
    calls: ['PUT sale.1', 'GET sale.1', 'GET sale.1', 'GET sale.1'],
  },
  {
    name: 'a PUT that certainly was not sent: the same again, for nobody has asked the bank before',
    script: [NOT_SENT, NOT_SENT, APPROVED],
    calls: ['PUT sale.1', 'PUT sale.1', 'PUT sale.1'],
  },
  {
    name: 'a question that was not sent after a PUT that was',
    script: [UNKNOWN, NOT_SENT, ABSENT, NOT_SENT, APPROVED],
    calls: ['PUT sale.1', 'GET sale.1', 'GET sale.1', 'PUT sale.1', 'PUT sale.1'],
  },
])('resolves $name', async ({ script, calls }) => {
  world.bank.script = script as typeof world.bank.script;
  const { payment: paid, definite } = await pay();
  expect(definite).toBe(true);
  expect(paid.state.status).toBe('captured');
  expect(world.bank.calls).toEqual(calls);
});

test('a bank that stays silent: 202 within 20 s, unknown, nothing guessed; the same key later gets the definite reply (I37)', async () => {
  world.bank.script = ['silence'];
  const began = world.clock.now().getTime();
  const idempotencyKey = 'the-same-key-again';
  const first = await pay({ idempotencyKey });

  expect(first.definite).toBe(false);
  expect(world.clock.now().getTime() - began).toBeLessThanOrEqual(20_000);
  expect(first.payment.state.operations).toMatchObject([{ status: 'unknown' }]);
  expect(first.payment.state.status).toBe('created');

  world.bank.script = [APPROVED];
  const second = await pay({ idempotencyKey });
  expect(second).toMatchObject({ definite: true, payment: { state: { status: 'captured', captured: 1000 } } });
  expect(world.bank.calls.filter((call) => call.startsWith('PUT'))).toEqual(['PUT sale.1']);
  expect(types(second.payment)).toEqual(['created', 'operation_pending', 'operation_unknown', 'operation_succeeded']);
});

describe('a process that dies after the intent (I05, I37)', () => {
  beforeEach(async () => {
    world.bank.put = () => new Promise(() => {}); // the process dies while it waits
    void pay({ idempotencyKey: 'key-of-the-dead-one' });
    await new Promise((resolve) => setImmediate(resolve));
    world.restart();
    delete (world.bank as Partial<typeof world.bank>).put;
    world.bank.script = [ABSENT, APPROVED];
  });

  test('is left alone while it may still be alive', async () => {
    expect(await sweepOnce()).toBe(0);
    await expect(pay({ idempotencyKey: 'key-of-the-dead-one' })).rejects.toMatchObject({
      code: 'idempotency-in-progress',
    });
    await expect(pay()).rejects.toMatchObject({ code: 'operation-in-progress', options: { retryAfterSeconds: 1 } });
  });

  test('is finished by the sweep', async () => {
    world.clock.advance(LIMITS.handsOffMs + 1);
    expect(await sweepOnce()).toBe(1);
    const stored = await world.stored(payment.facts.id);
    expect(stored.state.status).toBe('captured');
    expect(stored.events.at(-1)).toMatchObject({ type: 'operation_succeeded', by: 'system' });
    expect(world.bank.operations.at(-1)).toMatchObject({
      opKey: `${payment.facts.id}.sale.1`,
      payerToken: 'tok_of_the_payer',
    });
    expect(await sweepOnce()).toBe(0);
  });

  test('is finished by a reader', async () => {
    world.clock.advance(LIMITS.handsOffMs + 1);
    await readPayment(world.deps, world.caller(), payment.facts.id);
    await world.deps.inFlight.idle();
    expect((await world.stored(payment.facts.id)).state.status).toBe('captured');
  });

  test('is finished by a retry with its key', async () => {
    world.clock.advance(LIMITS.handsOffMs + 1);
    const reply = await pay({ idempotencyKey: 'key-of-the-dead-one' });
    expect(reply).toMatchObject({ definite: true, payment: { state: { status: 'captured' } } });
  });
});

describe('the sweep', () => {
  /** Begun by a process that then died. */
  const abandon = async (of: Payment) => {
    world.bank.script = ['silence'];
    void authorizePayment(world.deps, world.caller(), command(of.facts.id, 'authorize', PAY)).catch(() => undefined);
    while ((await world.stored(of.facts.id)).events.length < 2) await new Promise((resolve) => setImmediate(resolve));
    world.restart();
  };

  test('takes up what was begun by a clock that is an hour ahead', async () => {
    world.clock.set('2026-11-22T13:00:00.000Z');
    payment = await world.payment();
    await abandon(payment);
    world.clock.set('2026-11-22T12:00:00.000Z');
    world.bank.script = [APPROVED];
    expect(await sweepOnce()).toBe(1);
    expect((await world.stored(payment.facts.id)).state.status).toBe('captured');
  });

  test('tries what stays unknown less and less often, and the others all the same', async () => {
    await abandon(payment);
    world.clock.advance(LIMITS.handsOffMs);
    const sweep = new Sweep(world.deps, () => undefined);
    const began: number[] = [];
    for (let n = 0; n < 20; n++) {
      began.push(await sweep.once());
      await world.deps.inFlight.idle();
      world.clock.advance(1_000);
    }
    const tries = began.filter((driven) => driven > 0).length;
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(20);
  });
});

describe('many that wait', () => {
  const abandonMany = async (count: number) => {
    world.bank.put = () => new Promise(() => {});
    const payments = await Promise.all(Array.from({ length: count }, () => world.payment()));
    for (const { facts } of payments) {
      void authorizePayment(world.deps, world.caller(), command(facts.id, 'authorize', PAY));
    }
    for (let n = 0; n < 20; n++) await turn();
    delete (world.bank as Partial<typeof world.bank>).put;
    world.restart();
    world.clock.advance(LIMITS.handsOffMs);
    return payments;
  };

  test('are driven a batch at a time, and the next look follows soon while there are more', async () => {
    await abandonMany(LIMITS.sweepBatch + 1);
    const sweep = new Sweep(world.deps, () => undefined);
    expect(await sweep.once()).toBe(LIMITS.sweepBatch);
    expect(sweep.leftSome).toBe(true);
    await world.deps.inFlight.idle();
    await turn();
    expect(await sweep.once()).toBe(1);
    expect(sweep.leftSome).toBe(false);
  });

  test('are definite within 30 s of the end of a fault, however long it was (I37)', async () => {
    const payments = await abandonMany(120);
    world.bank.script = [UNKNOWN];
    const stop = new AbortController();
    const sweeping = sweepForEver(world.deps, stop.signal, () => undefined);
    const until = async (elapsedMs: number) => {
      while (world.clock.elapsedMs() < elapsedMs) await turn();
    };
    await until(world.clock.elapsedMs() + 600_000);
    world.bank.script = [APPROVED];
    await until(world.clock.elapsedMs() + 30_000);
    const stored = await world.deps.store.getMany(payments.map(({ facts }) => facts.id));
    expect(stored.filter(({ state }) => state.status !== 'captured')).toEqual([]);
    stop.abort();
    await sweeping;
  });
});

test('durations are measured, not read off the clock: set back, a reply leaves within 20 s all the same (I27)', async () => {
  world.bank.script = ['silence'];
  const began = world.clock.elapsedMs();
  const reply = pay();
  await new Promise((resolve) => setImmediate(resolve));
  world.clock.set('2026-11-22T11:00:00.000Z');
  expect((await reply).definite).toBe(false);
  expect(world.clock.elapsedMs() - began).toBeLessThanOrEqual(20_000);
});

test('an operation begun in time decides: its approval stands although the payment expired meanwhile (I26)', async () => {
  world.bank.script = ['silence', APPROVED];
  world.clock.set(new Date(Date.parse(payment.facts.expiresAt) - 1).toISOString());
  const { payment: paid } = await pay();
  expect(world.clock.now().toISOString() > payment.facts.expiresAt).toBe(true);
  expect(paid.state.status).toBe('captured');
});

test('event times never decrease, whatever the clock does (I27)', async () => {
  const manual = await world.payment({ captureMethod: 'manual' });
  await authorizePayment(world.deps, world.caller(), command(manual.facts.id, 'authorize', PAY));
  world.clock.advance(-3_600_000);
  const { payment: captured } = await capturePayment(
    world.deps,
    world.caller(),
    command(manual.facts.id, 'capture', {}),
  );
  const times = captured.events.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
});

test('a decline leaves the payment payable, and a second try has the next opKey', async () => {
  world.bank.script = [DECLINED, APPROVED];
  await expect(pay()).rejects.toMatchObject({ code: 'payment-declined' });
  expect((await pay()).payment.state.status).toBe('captured');
  expect(world.bank.calls).toEqual(['PUT sale.1', 'PUT sale.2']);
});
