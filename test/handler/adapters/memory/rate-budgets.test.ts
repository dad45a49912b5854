import { createMemoryRateBudgets } from '../../../../src/handler/adapters/memory/rate-budgets';
import { LIMITS } from '../../../../src/handler/domain/limits';

function budgets(rates: { writes?: number; reads?: number }, share?: () => number) {
  const clock = { now: 0, elapsedMs: () => clock.now };
  const { take } = createMemoryRateBudgets(rates, clock, share);
  /** How many are let in at this moment, of up to 1,000. */
  const admitted = (callerId = 'm_1', kind: 'writes' | 'reads' = 'writes') => {
    let count = 0;
    while (count < 1_000 && take(callerId, kind) === 0) count++;
    return count;
  };
  return { clock, take, admitted };
}

test('a burst of a second, and then what time brings', () => {
  const { clock, admitted } = budgets({ writes: 10 });

  expect(admitted()).toBe(10);
  clock.now += 100;
  expect(admitted()).toBe(1);
  clock.now += 550;
  expect(admitted()).toBe(5);
  clock.now += 60_000;
  expect(admitted()).toBe(10);
});

test('over ten seconds never more than the budget and one burst, however it is asked for', () => {
  const { clock, take } = budgets({ writes: 7 });
  let count = 0;

  for (; clock.now < 10_000; clock.now += 3) if (take('m_1', 'writes') === 0) count++;

  expect(count).toBeLessThanOrEqual(77);
  expect(count).toBeGreaterThanOrEqual(76);
});

test('who is refused hears when to come again', () => {
  const { clock, take, admitted } = budgets({ writes: 4 });
  admitted();

  const waitMs = take('m_1', 'writes');
  clock.now += waitMs - 1;
  expect(take('m_1', 'writes')).toBeGreaterThan(0);
  clock.now += 1;
  expect(take('m_1', 'writes')).toBe(0);
});

test('writes and reads, and every caller, have a budget of their own', () => {
  const { admitted } = budgets({ writes: 2, reads: 3 });

  expect([admitted(), admitted('m_2'), admitted('m_1', 'reads'), admitted()]).toEqual([2, 2, 3, 0]);
});

test('without a budget there is no end', () => {
  expect(budgets({ reads: 1 }).admitted()).toBe(1_000);
});

test('a share of the budget; one request at least', () => {
  expect(budgets({ writes: 10 }, () => 0.5).admitted()).toBe(5);
  expect(budgets({ writes: 2 }, () => 0.1).admitted()).toBe(1);
});

test('as many callers as there is room for; one who comes back after many others begins anew', () => {
  const { admitted } = budgets({ writes: 1 });
  admitted('m_1');
  for (let n = 0; n < LIMITS.rateBudgetCallers; n++) admitted(`m_other_${n}`);

  expect(admitted('m_1')).toBe(1);
});
