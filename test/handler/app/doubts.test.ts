/** Declines that may not be the bank's last word. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { Doubts } from '../../../src/handler/app/doubts';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { Banks } from './model/banks';
import { command, PAY, types, World } from './world';

let world: World;
let banks: Banks;
let payment: Payment;

beforeEach(async () => {
  world = new World();
  banks = new Banks();
  world.deps = { ...world.deps, connectors: banks };
  payment = await world.payment();
});

const pay = () => authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY));
const stored = () => world.stored(payment.facts.id);

describe('a decline after silence', () => {
  beforeEach(async () => {
    banks.fates.push('declined-lost');
    await expect(pay()).rejects.toMatchObject({ code: 'payment-declined' });
  });

  test('is asked after once more, and no more where the bank stands by it', async () => {
    const asked = jest.spyOn(banks.find('first')!, 'get');
    await world.sweep();
    expect(asked).toHaveBeenCalledTimes(0);
    world.clock.advance(LIMITS.doubtMs);
    await world.sweep();
    world.clock.advance(LIMITS.doubtMs);
    await world.sweep();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(types(await stored())).toEqual(['created', 'operation_pending', 'operation_declined']);
  });

  test('is asked after a few times where the bank is silent', async () => {
    banks.silent = true;
    const asked = jest.spyOn(banks.find('first')!, 'get');
    for (let n = 0; n < 10; n++) {
      world.clock.advance(LIMITS.doubtMs);
      await world.sweep();
    }
    expect(asked).toHaveBeenCalledTimes(LIMITS.doubtTries);
  });
});

test('a decline at once is the last word', async () => {
  banks.fates.push('decline');
  await expect(pay()).rejects.toMatchObject({ code: 'payment-declined' });
  const asked = jest.spyOn(banks.find('first')!, 'get');
  world.clock.advance(LIMITS.doubtMs);
  await world.sweep();
  expect(asked).not.toHaveBeenCalled();
});

test('a process keeps a bounded number of them in mind', () => {
  const doubts = new Doubts();
  for (let n = 0; n < LIMITS.doubts + 10; n++) doubts.add(`pay_${n}`, 'sale.1', 0);
  expect(doubts.takeDue(LIMITS.doubtMs)).toHaveLength(LIMITS.doubts);
  expect(doubts.takeDue(LIMITS.doubtMs)).toEqual([]);
});
