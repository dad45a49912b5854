/** Several banks and several processes: a step goes to one bank, whoever dies, stalls or comes back at whatever moment. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import type { BankAnswer } from '../../../src/handler/app/ports';
import { LIMITS } from '../../../src/handler/domain/limits';
import type { Payment } from '../../../src/handler/domain/payment';
import { ABSENT, APPROVED, command, DECLINED, NOT_SENT, PAY, type ScriptedBank, turn, World } from './world';

let world: World;
let payment: Payment;
let first: ScriptedBank;
let second: ScriptedBank;

beforeEach(async () => {
  world = new World();
  ({ first, second } = world.useBanks('first', 'second'));
  payment = await world.payment();
});

const pay = () => authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY));
const stored = () => world.stored(payment.facts.id);
const turns = async () => {
  for (let n = 0; n < 20; n++) await turn();
};

describe('a process that dies (I05, I07)', () => {
  /** The process asks `bank` and is never heard of again. */
  const dieAt = async (bank: ScriptedBank) => {
    bank.put = () => new Promise(() => {});
    void pay();
    await turns();
    world.restart();
    delete (bank as Partial<ScriptedBank>).put;
    world.clock.advance(LIMITS.handsOffMs);
  };

  test('after it has moved on: only the bank in the item is asked', async () => {
    first.script = [NOT_SENT];
    await dieAt(second);
    second.script = [ABSENT, APPROVED];
    expect(await world.sweep()).toBe(1);
    expect(second.calls).toEqual(['GET sale.1', 'PUT sale.1']);
    expect(first.calls).toEqual(['PUT sale.1']);
    expect((await stored()).events.at(-1)).toMatchObject({ connector: 'second', by: 'system' });
  });

  test('before it has: whoever goes on stays with the first bank, reachable or not', async () => {
    await dieAt(first);
    first.script = [ABSENT, NOT_SENT, APPROVED];
    expect(await world.sweep()).toBe(1);
    expect(first.calls).toEqual(['GET sale.1', 'PUT sale.1', 'PUT sale.1']);
    expect(second.calls).toEqual([]);
  });
});

describe('a process that was thought dead and goes on (I07)', () => {
  /** It has asked the first bank, and hears only when `answer` is called. */
  const stall = () => {
    let answer: (given: BankAnswer) => void = () => undefined;
    first.put = () => new Promise((resolve) => (answer = resolve));
    const reply = pay();
    return {
      reply,
      asked: async () => {
        await turns();
        delete (first as Partial<ScriptedBank>).put;
      },
      answer: (given: BankAnswer) => answer(given),
    };
  };

  test('does not move on what another has taken over', async () => {
    const stalled = stall();
    await stalled.asked();
    const other = world.another();
    world.clock.advance(LIMITS.handsOffMs);
    first.script = [ABSENT];
    let release: (given: BankAnswer) => void = () => undefined;
    first.put = () => new Promise((resolve) => (release = resolve));
    const sweeping = world.sweep(other);
    await turns();

    // The other one's PUT is under way now.
    first.script = [APPROVED];
    stalled.answer(NOT_SENT);
    await turns();
    release(APPROVED);
    await Promise.all([stalled.reply, sweeping]);
    expect(second.calls).toEqual([]);
    expect((await stored()).state).toMatchObject({ status: 'captured', captured: 1000 });
  });

  test('does not move on what another has ended', async () => {
    const stalled = stall();
    await stalled.asked();
    world.clock.advance(LIMITS.handsOffMs);
    first.script = [DECLINED];
    await world.sweep(world.another());
    stalled.answer(NOT_SENT);
    await expect(stalled.reply).rejects.toMatchObject({ code: 'payment-declined' });
    expect(second.calls).toEqual([]);
  });

  test('has its first question found in the item by the one who takes over, wherever it has moved to meanwhile', async () => {
    const stalled = stall();
    await stalled.asked();
    const { replace } = world.deps.store;
    const other = world.another();
    // It moves on between the other's look at the payment and the other's write.
    let moved = false;
    const store = Object.create(world.deps.store, {
      replace: {
        value: async (changed: Payment) => {
          if (!moved) {
            moved = true;
            second.put = () => new Promise(() => {});
            stalled.answer(NOT_SENT);
            await turns();
          }
          return replace.call(world.deps.store, changed);
        },
      },
    });
    world.clock.advance(LIMITS.handsOffMs);
    second.script = [APPROVED];
    await world.sweep({ ...other, store });
    expect(first.calls).toEqual([]);
    expect(second.calls).toEqual(['GET sale.1']);
    expect((await stored()).events.at(-1)).toMatchObject({ type: 'operation_succeeded', connector: 'second' });
  });
});
