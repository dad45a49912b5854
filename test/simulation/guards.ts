/** While a world runs there is no other time and no other chance than its own: whoever reaches for the real ones is found out. */
import type { Random } from './random';

function forbidden(what: string) {
  return () => {
    throw new Error(`${what} was used in a world that must be the same each time`);
  };
}

const RealDate = Date;

class NoDate extends RealDate {
  constructor(...given: [] | [value: number | string | Date]) {
    if (given.length === 0) forbidden('new Date()')();
    super(...(given as [number]));
  }
  static override now = forbidden('Date.now');
}

/** Math.random is the world's: what only spreads load may use it. */
export async function sealed<T>(random: Random, run: () => Promise<T>): Promise<T> {
  const { setTimeout, setInterval, setImmediate } = globalThis;
  const { random: realRandom } = Math;
  const { now } = performance;
  Object.assign(globalThis, {
    Date: NoDate,
    setTimeout: forbidden('setTimeout'),
    setInterval: forbidden('setInterval'),
    setImmediate: forbidden('setImmediate'),
  });
  Math.random = () => random.next();
  performance.now = forbidden('performance.now');
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { Date: RealDate, setTimeout, setInterval, setImmediate });
    Math.random = realRandom;
    performance.now = now;
  }
}
