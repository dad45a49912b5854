/** A bank that does after all what it had declined: never dropped, never counted, undone. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { capturePayment } from '../../../src/handler/app/capture';
import { readPayment } from '../../../src/handler/app/read-payment';
import { refundPayment } from '../../../src/handler/app/refund';
import { Problem } from '../../../src/handler/domain/errors';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { presentEvents, presentPayment } from '../../../src/handler/http/present';
import { Banks } from './model/banks';
import { command, PAY, turn, types, World } from './world';

const WALLET_VIEW = { publicUrl: '', forWallet: true };

let world: World;
let banks: Banks;
let payment: Payment;

/** @param bank of the two that every step goes to */
const open = async (captureMethod: 'automatic' | 'manual', bank: 'first' | 'second' = 'first') => {
  world = new World();
  banks = new Banks();
  const connectors = { routeFor: () => [bank], find: (name: string) => banks.find(name) };
  world.deps = { ...world.deps, connectors };
  payment = await world.payment({ captureMethod });
};

const body = (value?: number) => (value === undefined ? {} : { amount: { currency: 'SGD', value } });
const steps = {
  authorize: () => authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY)),
  capture: () => capturePayment(world.deps, world.caller(), command(payment.facts.id, 'capture', {})),
  cancel: () => cancelPayment(world.deps, world.caller(), command(payment.facts.id, 'cancel', {})),
  refund: (value?: number) =>
    refundPayment(world.deps, world.caller(), command(payment.facts.id, 'refunds', body(value))),
};
const stored = () => world.stored(payment.facts.id);

/** This process is stopped with the bank's approval on its way to it; another one is told "declined" meanwhile. */
async function comesLate(step: () => Promise<unknown>): Promise<Payment> {
  banks.fates.push('held');
  const reply = step();
  while (!banks.isHolding) await turn();
  world.clock.advance(LIMITS.handsOffMs);
  banks.fates.push('says-declined');
  await world.sweep(world.another());
  expect((await stored()).state.operations.at(-1)?.status).toBe('declined');
  banks.letGo();
  await expect(reply).rejects.toMatchObject({ code: 'payment-declined' });
  return stored();
}

describe('is recorded, and undone by the next sweep (I28)', () => {
  test('a sale: refunded', async () => {
    await open('automatic');
    const late = await comesLate(steps.authorize);
    expect(types(late)).toEqual(['created', 'operation_pending', 'operation_declined', 'operation_late']);
    expect(late.state).toMatchObject({ status: 'created', authorized: 0, captured: 0, version: 4 });
    expect(banks.totals()).toEqual({ reserved: 0, taken: 1000 });

    expect(await world.sweep()).toBe(1);
    const undone = await stored();
    expect(undone.events.slice(-2)).toMatchObject([
      { type: 'operation_pending', op: 'refund.1', amount: 1000, undoes: 'sale.1', by: 'system' },
      { type: 'operation_succeeded', op: 'refund.1', by: 'system' },
    ]);
    expect(undone.state).toMatchObject({ status: 'created', authorized: 0, captured: 0, refunded: 0 });
    expect(banks.totals()).toEqual({ reserved: 0, taken: 0 });
    expect(world.told.slice(-3)).toEqual(['operation_late', 'operation_pending', 'operation_succeeded']);
    expect(await world.sweep()).toBe(0);
  });

  test('an authorization: voided, under the name of the late step, at its own bank', async () => {
    await open('manual', 'second');
    await comesLate(steps.authorize);
    expect((await stored()).events.at(-1)).toMatchObject({ type: 'operation_late', connector: 'second' });
    await world.sweep();
    expect((await stored()).events.at(-1)).toMatchObject({ type: 'operation_succeeded', op: 'cancel.1' });
    expect((await stored()).state.status).toBe('created');
    expect(banks.totals()).toEqual({ reserved: 0, taken: 0 });
  });

  test('a capture: refunded, and what was authorized can be captured again', async () => {
    await open('manual');
    await steps.authorize();
    await comesLate(steps.capture);
    await world.sweep();
    expect((await stored()).state).toMatchObject({ status: 'authorized', authorized: 1000, captured: 0, refunded: 0 });
    expect(banks.totals().taken).toBe(0);

    await steps.capture();
    await steps.refund(400);
    const { state } = await stored();
    expect(state).toMatchObject({ status: 'partially_refunded', captured: 1000, refunded: 400 });
    // refund.1 undid capture.1, so the merchant's own is the second.
    expect(state.operations.map(({ op }) => op)).toEqual([
      'authorize.1',
      'capture.1',
      'refund.1',
      'capture.2',
      'refund.2',
    ]);
    expect(banks.totals().taken).toBe(600);
  });

  test('after the payment has expired, and leaves it expired (I09, I11)', async () => {
    await open('automatic');
    banks.fates.push('declined-lost');
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'payment-declined' });
    world.clock.advance(900_000);
    await readPayment(world.deps, world.caller(), payment.facts.id);
    banks.changeMind(`${payment.facts.id}.sale.1`);
    await world.sweep();
    await world.sweep();
    expect((await stored()).state).toMatchObject({ status: 'expired', captured: 0, version: 7 });
    expect(banks.totals().taken).toBe(0);
  });

  test('although it was paid by a second try meanwhile (I07)', async () => {
    await open('automatic');
    banks.fates.push('declined-lost');
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'payment-declined' });
    await steps.authorize();
    banks.changeMind(`${payment.facts.id}.sale.1`);
    world.clock.advance(LIMITS.doubtMs);
    await world.sweep();
    await world.sweep();
    expect((await stored()).state).toMatchObject({ status: 'captured', captured: 1000, refunded: 0 });
    expect(banks.totals().taken).toBe(1000);
  });

  test('by whoever reads the payment, too', async () => {
    await open('automatic');
    await comesLate(steps.authorize);
    await readPayment(world.deps, world.caller(), payment.facts.id);
    for (let n = 0; n < 10; n++) await turn();
    expect(banks.totals().taken).toBe(0);
  });
});

describe('one at a time with everything else', () => {
  test('nothing is begun before it is undone; that waits, and its key stays free (I18)', async () => {
    await open('automatic');
    await comesLate(steps.authorize);
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'operation-in-progress' });
    for (let n = 0; n < 10; n++) await turn();
    expect((await steps.authorize()).payment.state).toMatchObject({ status: 'captured', captured: 1000 });
    expect(banks.totals().taken).toBe(1000);
  });

  test('where another operation is open, that comes first', async () => {
    await open('automatic');
    banks.fates.push('declined-lost');
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'payment-declined' });
    banks.changeMind(`${payment.facts.id}.sale.1`);
    world.clock.advance(LIMITS.doubtMs);
    banks.fates.push('held');
    const second = steps.authorize();
    while (!banks.isHolding) await turn();

    const sweeping = world.sweep();
    for (let n = 0; n < 10; n++) await turn();
    expect(types(await stored()).slice(-2)).toEqual(['operation_pending', 'operation_late']);
    banks.letGo();
    await Promise.all([second, sweeping]);
    await world.sweep();
    expect((await stored()).state).toMatchObject({ status: 'captured', captured: 1000, refunded: 0 });
    expect(banks.totals().taken).toBe(1000);
  });

  test('of fifty that undo it at once one does, and asks the bank once (I23)', async () => {
    await open('automatic');
    await comesLate(steps.authorize);
    const asked = jest.spyOn(banks.find('first')!, 'put');
    await Promise.all(Array.from({ length: 50 }, () => world.sweep(world.another())));
    expect(asked).toHaveBeenCalledTimes(1);
    const { operations } = (await stored()).state;
    expect(operations.map(({ op, status }) => `${op} ${status}`)).toEqual(['sale.1 declined', 'refund.1 succeeded']);
    expect(banks.totals().taken).toBe(0);
  });
});

describe('undoing it is an operation like any', () => {
  beforeEach(async () => {
    await open('automatic');
    await comesLate(steps.authorize);
  });

  test('finished by another process where the first one dies (I05, I37)', async () => {
    banks.fates.push('hang');
    void world.sweep();
    while (banks.fates.length > 0) await turn();
    world.restart();
    world.clock.advance(60_000);
    expect(await world.sweep()).toBe(1);
    expect((await stored()).state.operations.at(-1)).toMatchObject({ op: 'refund.1', status: 'succeeded' });
    expect(banks.totals().taken).toBe(0);
  });

  test('not sent, it waits for its bank', async () => {
    banks.fates.push('not-sent', 'not-sent');
    await world.sweep();
    expect(banks.totals().taken).toBe(0);
  });

  test('declined, it is for people: no more operations, and no sweep', async () => {
    banks.fates.push('decline');
    await world.sweep();
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'needs-reconciliation' });
    world.clock.advance(60_000);
    expect(await world.sweep()).toBe(0);
  });

  test('of another amount it is for people too', async () => {
    banks.fates.push({ differs: 400 });
    await world.sweep();
    await expect(steps.authorize()).rejects.toMatchObject({ code: 'needs-reconciliation' });
  });
});

test.each(['refund', 'cancel'] as const)('a late %s cannot be undone: it is told, and left to people', async (step) => {
  await open(step === 'refund' ? 'automatic' : 'manual');
  await steps.authorize();
  const late = await comesLate(steps[step]);
  expect(late.state).toMatchObject({ status: step === 'refund' ? 'captured' : 'authorized', refunded: 0 });
  expect(world.told.at(-1)).toBe('operation_late');
  for (const next of [steps.capture, steps.cancel, steps.refund]) {
    await expect(next()).rejects.toMatchObject({ code: 'needs-reconciliation' });
  }
  expect(await world.sweep()).toBe(0);
});

test('what cannot be written when it comes is asked after again (I28)', async () => {
  await open('automatic');
  const { store } = world.deps;
  let isDown = true;
  const replace = async (changed: Payment) => {
    if (isDown && changed.events.at(-1)?.type === 'operation_late') throw new Problem('store-unavailable', 'down');
    return store.replace(changed);
  };
  world.deps = { ...world.deps, store: Object.create(store, { replace: { value: replace } }) };
  await expect(comesLate(steps.authorize)).rejects.toThrow();
  expect(types(await stored())).toEqual(['created', 'operation_pending', 'operation_declined']);

  isDown = false;
  world.clock.advance(LIMITS.doubtMs);
  await world.sweep();
  await world.sweep();
  expect((await stored()).events.some(({ type }) => type === 'operation_late')).toBe(true);
  expect(banks.totals().taken).toBe(0);
});

test('clients see it with the step that was late, and in the events', async () => {
  await open('automatic');
  await comesLate(steps.authorize);
  await world.sweep();
  const undone = await stored();
  const { id } = payment.facts;
  const { status, operations, captured, refunded } = presentPayment(undone, WALLET_VIEW);
  expect({ status, captured: captured.value, refunded: refunded.value }).toEqual({
    status: 'created',
    captured: 0,
    refunded: 0,
  });
  expect(operations).toMatchObject([
    {
      id: `${id}.sale.1`,
      status: 'declined',
      code: 'not_yet',
      late: { at: undone.events[3]?.at, undoneBy: { id: `${id}.refund.1`, status: 'succeeded' } },
    },
  ]);
  expect(presentEvents(undone).data.slice(3)).toMatchObject([
    { version: 4, type: 'operation_late', operation: { id: `${id}.sale.1`, kind: 'sale', amount: { value: 1000 } } },
    {
      version: 5,
      type: 'operation_pending',
      actor: 'system',
      operation: { id: `${id}.refund.1`, undoes: `${id}.sale.1` },
    },
    { version: 6, type: 'operation_succeeded', operation: { id: `${id}.refund.1`, undoes: `${id}.sale.1` } },
  ]);
});
