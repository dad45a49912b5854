// What is done to the processes of a run, each kind of fault at its own pace, all from one seed.
import { sleep } from './children.mjs';

export const EXIT_WITHIN_MS = 30_000;
const STOPPED_MS = 3_000;

/**
 * Runs until `until`, on the clock of `performance.now`, and until everything stands again.
 * @returns what old processes are still told to do: end in time
 */
export async function makeFaults(world, random, until) {
  world.setBank('faulty');
  world.setStoreFaults(true);
  const starts = [];
  const exits = [];
  const anyHandler = (chance, happen) => {
    const free = world.handlers.filter(({ busy }) => !busy);
    return free.length === 0 ? undefined : happen(chance.pick(free));
  };
  const kinds = [
    [500, 3_500, (chance) => anyHandler(chance, (slot) => void starts.push(world.killHandler(slot)))],
    [5_000, 9_000, (chance) => anyHandler(chance, (slot) => world.stopHandler(slot, STOPPED_MS))],
    [
      8_000,
      16_000,
      (chance) => anyHandler(chance, (slot) => void exits.push(world.replaceHandler(slot, EXIT_WITHIN_MS))),
    ],
    [8_000, 12_000, (chance) => world.killCache(chance.between(0, 2_000))],
    [14_000, 20_000, (chance) => world.restartStore(chance.between(0, 1_500))],
    [12_000, 20_000, (chance) => world.killBank(chance.between(0, 1_000))],
    [20_000, 30_000, (chance) => outage(world, chance.between(3_000, 12_000), until)],
  ];
  await Promise.all(
    kinds.map(async ([least, most, happen], at) => {
      const chance = random.fork(String(at));
      for (;;) {
        const waitMs = chance.between(least, most);
        if (performance.now() + waitMs >= until) return sleep(Math.max(0, until - performance.now()));
        await sleep(waitMs);
        await happen(chance);
      }
    }),
  );
  world.setStoreFaults(false);
  world.setBank('healthy');
  await Promise.all(starts);
  await Promise.all(world.handlers.map(({ standing }) => standing));
  return exits;
}

/** The bank cannot be reached at all. */
async function outage(world, ms, until) {
  world.counts.outages++;
  world.setBank('outage');
  await sleep(Math.min(ms, Math.max(0, until - performance.now())));
  world.setBank('faulty');
}
