/** Several banks: a first step goes to the next one only while certainly nothing has been sent, and the item says where before it is asked. */

import { toItem } from '../../../src/handler/adapters/stored-payment';
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { capturePayment } from '../../../src/handler/app/capture';
import type { Deps } from '../../../src/handler/app/context';
import type { BankAnswer } from '../../../src/handler/app/ports';
import { refundPayment } from '../../../src/handler/app/refund';
import type { Payment } from '../../../src/handler/domain/payment';
import { ABSENT, APPROVED, command, DECLINED, NOT_SENT, PAY, type ScriptedBank, types, UNKNOWN, World } from './world';

let world: World;
let payment: Payment;
let first: ScriptedBank;
let second: ScriptedBank;

beforeEach(async () => {
  world = new World();
  ({ first, second } = world.useBanks('first', 'second'));
  payment = await world.payment();
});

const KEY = 'a-key-of-sixteen';
const pay = (of = payment, deps: Deps = world.deps) =>
  authorizePayment(deps, world.caller(), command(of.facts.id, 'authorize', PAY, { idempotencyKey: KEY }));
const stored = () => world.stored(payment.facts.id);

test('with one bank nothing of banks is stored', async () => {
  world = new World();
  payment = await world.payment();
  let atTheBank: Payment | undefined;
  const put = world.bank.put.bind(world.bank);
  world.bank.put = async (...question) => {
    atTheBank = await stored();
    return put(...question);
  };
  const { payment: paid } = await pay();
  for (const each of [atTheBank!, paid]) expect(JSON.stringify(toItem(each, 'r'))).not.toContain('connector');
});

test('the preferred bank is asked alone, and its name is in the outcome', async () => {
  const { payment: paid } = await pay();
  expect(second.calls).toEqual([]);
  expect(paid.events.at(-1)).toMatchObject({ type: 'operation_succeeded', connector: 'first' });
  expect(paid.connector).toBeUndefined();
});

test('falls over where nothing was sent, with the next bank in the item before it is asked', async () => {
  first.script = [NOT_SENT];
  let atTheSecond: Payment | undefined;
  const put = second.put.bind(second);
  second.put = async (...question) => {
    atTheSecond = await stored();
    return put(...question);
  };
  const { payment: paid, version } = await pay();

  expect(first.calls).toEqual(['PUT sale.1']);
  expect(second.operations).toMatchObject([{ opKey: `${payment.facts.id}.sale.1`, payerToken: 'tok_of_the_payer' }]);
  expect(atTheSecond).toMatchObject({ connector: 'second', state: { version: 2 }, payerToken: 'tok_of_the_payer' });
  // Moving is no event: nobody outside sees it.
  expect(version).toBe(3);
  expect(world.told).toEqual(['created', 'operation_pending', 'operation_succeeded']);
  expect(paid.events.at(-1)).toMatchObject({ connector: 'second' });
});

test('what follows goes to the bank of the step it builds on', async () => {
  const manual = await world.payment({ captureMethod: 'manual' });
  first.script = [NOT_SENT];
  await pay(manual);
  first.script = [APPROVED];
  const { id } = manual.facts;
  await capturePayment(world.deps, world.caller(), command(id, 'capture', {}));
  await refundPayment(world.deps, world.caller(), command(id, 'refunds', {}));
  expect(first.calls).toEqual(['PUT authorize.1']);
  expect(second.calls).toEqual(['PUT authorize.1', 'PUT capture.1', 'PUT refund.1']);
  expect(second.operations.map(({ originalOpKey }) => originalOpKey)).toEqual([
    undefined,
    `${id}.authorize.1`,
    `${id}.capture.1`,
  ]);

  const other = await world.payment({ captureMethod: 'manual' });
  await pay(other);
  await cancelPayment(world.deps, world.caller(), command(other.facts.id, 'cancel', {}));
  expect(first.calls).toEqual(['PUT authorize.1', 'PUT authorize.1', 'PUT cancel.1']);
});

test('what follows waits for its bank, and goes to no other', async () => {
  const manual = await world.payment({ captureMethod: 'manual' });
  await pay(manual);
  first.script = [NOT_SENT, NOT_SENT, APPROVED];
  await capturePayment(world.deps, world.caller(), command(manual.facts.id, 'capture', {}));
  expect(first.calls).toEqual(['PUT authorize.1', 'PUT capture.1', 'PUT capture.1', 'PUT capture.1']);
  expect(second.calls).toEqual([]);
});

test.each<[string, BankAnswer[]]>([
  ['after silence', [UNKNOWN, NOT_SENT, APPROVED]],
  ['where the bank was asked again', [UNKNOWN, { result: 'conflict' }, NOT_SENT, APPROVED]],
])('never falls over %s', async (_, script) => {
  first.script = script;
  await pay();
  expect(second.calls).toEqual([]);
});

test('a second try after a decline begins with the preferred bank again', async () => {
  first.script = [NOT_SENT, APPROVED];
  second.script = [DECLINED];
  await expect(pay()).rejects.toMatchObject({ code: 'payment-declined' });
  await authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY));
  expect(first.calls).toEqual(['PUT sale.1', 'PUT sale.2']);
  expect(second.calls).toEqual(['PUT sale.1']);
});

test('where no bank can be reached it stays with the last one: unknown in the end, and asked after first by whoever goes on', async () => {
  first.script = [NOT_SENT];
  second.script = [NOT_SENT];
  const began = world.clock.elapsedMs();
  const { definite, payment: unclear } = await pay();
  expect(definite).toBe(false);
  expect(world.clock.elapsedMs() - began).toBeLessThanOrEqual(20_000);
  expect(unclear).toMatchObject({ connector: 'second', state: { operations: [{ status: 'unknown' }] } });
  expect(first.calls).toEqual(['PUT sale.1']);
  expect(new Set(second.calls)).toEqual(new Set(['PUT sale.1']));

  second.calls.length = 0;
  second.script = [ABSENT, NOT_SENT, APPROVED];
  world.clock.advance(60_000);
  await world.sweep();
  expect(second.calls).toEqual(['GET sale.1', 'PUT sale.1', 'PUT sale.1']);
  expect((await stored()).state.status).toBe('captured');
  expect(first.calls).toEqual(['PUT sale.1']);
});

test('a move whose answer was lost went through', async () => {
  first.script = [NOT_SENT];
  const { store } = world.deps;
  const lossy = Object.create(store, {
    replace: {
      value: async (changed: Payment) => {
        const result = await store.replace(changed);
        const isMove = changed.connector === 'second' && changed.state.version === 2;
        return isMove ? { written: false, current: (await store.get(changed.facts.id))! } : result;
      },
    },
  });
  await pay(payment, { ...world.deps, store: lossy });
  expect(second.calls).toEqual(['PUT sale.1']);
});

describe('a bank that is configured no more', () => {
  const forget = (name: string) => {
    const { connectors } = world.deps;
    world.deps = {
      ...world.deps,
      connectors: { ...connectors, find: (each) => (each === name ? undefined : connectors.find(each)) },
    };
  };

  test('keeps its open step as it is, and that is reported', async () => {
    first.script = ['silence'];
    await pay();
    const before = await stored();
    forget('first');
    world.clock.advance(60_000);
    await world.sweep();
    expect(await stored()).toEqual(before);
    expect(second.calls).toEqual([]);
    expect(world.sweepErrors).toMatchObject([
      { code: 'internal', cause: { message: expect.stringContaining('first') } },
    ]);
    expect(await pay()).toMatchObject({ definite: false });
  });

  test('begins nothing that could not be gone on with (I36)', async () => {
    const manual = await world.payment({ captureMethod: 'manual' });
    const { payment: authorized } = await pay(manual);
    forget('first');
    const capture = capturePayment(world.deps, world.caller(), command(manual.facts.id, 'capture', {}));
    await expect(capture).rejects.toMatchObject({ code: 'internal', detail: expect.not.stringContaining('first') });
    expect(await world.stored(manual.facts.id)).toEqual(authorized);
    expect(types(authorized)).toEqual(['created', 'operation_pending', 'operation_succeeded']);
  });
});
