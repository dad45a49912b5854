import { systemClock } from '../../../../src/handler/adapters/system-clock';
import { createValkeyRateBudgets } from '../../../../src/handler/adapters/valkey/rate-budgets';
import type { BudgetKind, RateBudgets } from '../../../../src/handler/app/ports';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { sleep, useRedis } from './caches';
import { describeWithRedis } from './redis';

const NAMESPACE = 'qrp:test:';

describeWithRedis('rate budgets across processes', () => {
  const { redis, open } = useRedis();
  const process = (perSecond: number) =>
    open((cache) => createValkeyRateBudgets(cache, NAMESPACE, { writes: perSecond, reads: perSecond }, systemClock));

  interface Load {
    readonly seconds: number;
    /** Requests a second that come to each process. */
    readonly offered: readonly number[];
  }

  /** Sends to each process what is offered, evenly over time, and counts what is let in. */
  async function send(processes: readonly RateBudgets[], { seconds, offered }: Load, kind: BudgetKind = 'writes') {
    const begun = performance.now();
    const seen = { admitted: 0, asked: 0, waited: 0, longestMs: 0 };
    const sent = processes.map(() => 0);
    const pending: Promise<void>[] = [];
    for (;;) {
      const now = performance.now() - begun;
      if (now >= seconds * 1000) break;
      for (const [index, each] of processes.entries()) {
        for (; sent[index]! < (now / 1000) * offered[index]!; sent[index]!++) pending.push(take(each));
      }
      await sleep(2);
    }
    await Promise.all(pending);
    return { ...seen, seconds: (performance.now() - begun) / 1000 };

    async function take(budgets: RateBudgets): Promise<void> {
      const asked = performance.now();
      const answer = budgets.take('m_1', kind);
      seen.asked++;
      if (typeof answer !== 'number') seen.waited++;
      if ((await answer) <= 0) seen.admitted++;
      seen.longestMs = Math.max(seen.longestMs, performance.now() - asked);
    }
  }

  test.each([
    [10, [40, 40]],
    [100, [390, 10]],
    [1_000, [1_500, 1_500]],
    [1_000, [3_000, 0]],
  ])(
    '%i a second, where %p come to two: never more than budget and burst, and nearly all of it',
    async (perSecond, offered) => {
      const two = [await process(perSecond), await process(perSecond)];
      await send(two, { seconds: 1.5, offered }); // uses up the burst

      const first = await redis().ask(['FLUSHALL']);
      expect(first).toEqual(['OK']);
      const { admitted, seconds, asked, waited, longestMs } = await send(two, { seconds: 2.5, offered });

      const usable = perSecond * seconds;
      console.info(
        `${perSecond}/s, offered ${offered.join(' + ')}: ${admitted} of ${usable.toFixed(0)} + burst ${perSecond} let in, ` +
          `${((100 * waited) / asked).toFixed(1)} % waited, ${longestMs.toFixed(1)} ms at most`,
      );
      expect(admitted).toBeLessThanOrEqual(usable + perSecond);
      expect(admitted).toBeGreaterThanOrEqual(0.8 * usable);
    },
  );

  test('below the budget nobody is refused, and hardly anybody waits', async () => {
    const two = [await process(400), await process(400)];
    let waited = 0;

    for (let n = 0; n < 300; n++) {
      const answer = two[n % 2]!.take('m_1', 'writes');
      if (typeof answer !== 'number') waited++;
      expect(await answer).toBe(0);
      await sleep(4);
    }

    expect(waited).toBeLessThan(30);
  });

  test('writes and reads, and every caller, have a budget of their own', async () => {
    const one = await process(1);
    while ((await one.take('m_1', 'writes')) <= 0);

    expect(await one.take('m_1', 'reads')).toBe(0);
    expect(await one.take('m_2', 'writes')).toBe(0);
    expect(await one.take('m_1', 'writes')).toBeGreaterThan(0);
  });

  test('who is refused hears when to come again, and is let in then', async () => {
    const one = await process(2);
    let waitMs = 0;
    while (waitMs <= 0) waitMs = await one.take('m_1', 'writes');

    expect(waitMs).toBeLessThanOrEqual(500);
    await sleep(waitMs + 5);
    expect(await one.take('m_1', 'writes')).toBe(0);
  });

  test('no budget: nobody is refused and the cache is not asked', async () => {
    const one = await open((cache) => createValkeyRateBudgets(cache, NAMESPACE, { reads: 1 }, systemClock));

    for (let n = 0; n < 100; n++) expect(one.take('m_1', 'writes')).toBe(0);

    expect(await redis().ask(['DBSIZE'])).toEqual([0]);
  });

  test('a silent cache is waited for a moment, and then each has its share', async () => {
    const two = [await process(100), await process(100)];
    await send(two, { seconds: 0.5, offered: [20, 20] }); // so that each knows of the other
    redis().signal('SIGSTOP');

    const { admitted, seconds, longestMs } = await send(two, { seconds: 2, offered: [300, 300] });

    expect(longestMs).toBeLessThan(LIMITS.rateBudgetWaitMs + 50);
    expect(admitted).toBeLessThanOrEqual(2 * (100 * seconds + 100));
    expect(admitted).toBeGreaterThanOrEqual(0.8 * 100 * seconds);
  });

  test.each<[string, string[][]]>([
    ['flushed', [['FLUSHALL']]],
    ['a string', [['SET', 'BUCKET', 'x']]],
    ['words', [['HSET', 'BUCKET', 'tokens', 'many', 'at', 'once']]],
    ['no numbers', [['HSET', 'BUCKET', 'tokens', 'nan', 'at', 'inf']]],
    ['a debt', [['HSET', 'BUCKET', 'tokens', '-1e300']]],
    ['a bucket of the far future', [['HSET', 'BUCKET', 'tokens', '0', 'at', '9e15']]],
    ['processes that are not there', [['SET', 'PROCESSES', 'x']]],
  ])('poisoned, %s: nobody is refused who would not be', async (_, commands) => {
    const one = await process(1_000);
    await one.take('m_1', 'writes');
    await sleep(20);
    const named = commands.map((command) =>
      command.map((word) =>
        word.replace('BUCKET', `${NAMESPACE}writes:m_1`).replace('PROCESSES', `${NAMESPACE}processes`),
      ),
    );
    await redis().ask(...named);

    for (let n = 0; n < 300; n++) expect(await one.take('m_1', 'writes')).toBe(0);
  });

  test('memory: as many callers as there is room for, and the cache forgets them by itself', async () => {
    const one = await process(1);
    await one.take('m_1', 'writes');

    const [leftMs] = await redis().ask<number>(['PTTL', `${NAMESPACE}writes:m_1`]);

    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(2_000);
  });
});
