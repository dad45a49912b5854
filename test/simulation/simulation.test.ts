/**
 * The handler against a world that goes wrong: thousands of small worlds, each made from its seed and nothing else. `WORLDS=100000` runs
 * more of them; `node test/simulation/run.mjs --seed 42` tells the story of one.
 */
import { createHash } from 'node:crypto';
import { missing, trouble } from './coverage';
import { START_MS } from './ground';
import { sealed } from './guards';
import { runMany, runWorld, summary, tell } from './many';
import { Random } from './random';

const WORLDS = Number(process.env.WORLDS ?? 5_000);
/** With fewer, chance may leave something out. */
const WORLDS_FOR_COVERAGE = 3_000;
const TIMEOUT_MS = 60_000 + WORLDS * 200;

test(
  `${WORLDS} worlds with faults keep every promise, and have seen every fault and every answer (I01 to I30, I35 to I38, I40)`,
  async () => {
    const result = await runMany({ from: 1, worlds: WORLDS, faults: true });
    console.log(summary(result));
    expect(await tell(result.failures[0])).toBe('');
    if (WORLDS >= WORLDS_FOR_COVERAGE) expect(missing(result.counts)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'without any fault no promise is broken, nobody meets trouble, and everything ends well',
  async () => {
    const result = await runMany({ from: 1, worlds: WORLDS / 10, faults: false });
    console.log(summary(result));
    expect(await tell(result.failures[0])).toBe('');
    expect(trouble(result.counts)).toEqual([]);
  },
  TIMEOUT_MS,
);

test('the same seed is the same world to the last letter, told or untold', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const [one, other] = [
      await runWorld(seed, { faults: true, trace: true }),
      await runWorld(seed, { faults: true, trace: true }),
    ];
    expect(one.trace.length).toBeGreaterThan(5);
    expect(other.trace).toEqual(one.trace);
    expect((await runWorld(seed, { faults: true, trace: false })).events).toBe(one.events);
  }
}, 30_000);

test('other seeds are other worlds', async () => {
  const traces = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const { trace } = await runWorld(seed, { faults: true, trace: true });
    traces.add(createHash('sha256').update(trace.join()).digest('hex'));
  }
  expect(traces.size).toBe(20);
});

test('who reaches for the real time in a world is found out, and has it back afterwards', async () => {
  const inside = (reach: () => unknown) => sealed(new Random(1), async () => reach());
  for (const reach of [() => Date.now(), () => new Date(), () => setTimeout(() => {}, 1), () => performance.now()]) {
    await expect(inside(reach)).rejects.toThrow('must be the same each time');
  }
  expect(await inside(() => Math.random())).toBe(await inside(() => Math.random()));
  expect(Date.now()).toBeGreaterThan(START_MS / 2);
});
