// Asks every 50 ms whether anybody serves: all handlers at once, as a load balancer that knows which one is well would have it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { MERCHANTS } from './world.mjs';

const EVERY_MS = 50;
const PATIENCE_MS = 2_000;
/** Answers further apart than this are a gap in the service. */
const GAP_MS = 250;

export class Probe {
  /** Questions and answers; with each, whether there was a store and a handler that could have answered. */
  #moments = [];
  #running = true;
  #agent = new Agent({ connections: 8 });

  constructor(world) {
    this.world = world;
    this.done = this.#run();
  }

  async stop() {
    this.#running = false;
    await this.done;
    await this.#agent.destroy();
  }

  /** @returns times in which nobody was served: `all`, and `able` in which there was a store and a handler all the time */
  gaps(from, to) {
    const moments = this.#moments.filter(({ at }) => at >= from && at <= to);
    return { all: gapsOf(moments, () => true, from), able: gapsOf(moments, ({ able }) => able, from) };
  }

  async #run() {
    while (this.#running) {
      this.#note(false);
      this.#ask();
      await sleep(EVERY_MS);
    }
  }

  #note(served) {
    this.#moments.push({ at: performance.now(), served, able: this.world.isAble });
  }

  async #ask() {
    const asked = this.world.handlers.map(async ({ child }) => {
      const { statusCode, body } = await request(`${child.url}/v1/merchants/${MERCHANTS[0]}`, {
        dispatcher: this.#agent,
        headers: { 'x-merchant-id': MERCHANTS[0], 'x-scopes': 'payments:read' },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${statusCode}`);
    });
    await Promise.any(asked).then(
      () => this.#note(true),
      () => undefined,
    );
  }
}

/** Lengths of the times without an answer in which `counts` held throughout. */
function gapsOf(moments, counts, from) {
  const lengths = [];
  let since = from;
  for (const moment of moments) {
    if (moment.served || !counts(moment)) {
      if (moment.at - since > GAP_MS) lengths.push(moment.at - since);
      since = moment.at;
    }
  }
  return {
    count: lengths.length,
    totalMs: lengths.reduce((sum, ms) => sum + ms, 0),
    longestMs: Math.max(0, ...lengths),
  };
}
