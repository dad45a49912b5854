// Arms in turns, so that what the machine does besides hits all of them alike; CPU time, not the clock's.

/** CPU microseconds of `count` calls, each. */
function slice(run, count) {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) run(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** How many calls take about `ms`, once it is warm. */
function calibrate(run, ms) {
  let count = 16;
  for (let spent = 0; spent < ms * 1000; count *= 2) spent = slice(run, count) * count;
  return Math.max(1, Math.ceil((ms * 1000) / slice(run, count)));
}

/**
 * CPU microseconds a call of every arm in every round. The order is reversed every other round.
 * @param {Record<string, (n: number) => unknown>} arms
 * @returns {Record<string, number[]>}
 */
export function measure(arms, { rounds, sliceMs }) {
  const names = Object.keys(arms);
  const counts = Object.fromEntries(names.map((name) => [name, calibrate(arms[name], sliceMs)]));
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) found[name].push(slice(arms[name], counts[name]));
  }
  return found;
}
