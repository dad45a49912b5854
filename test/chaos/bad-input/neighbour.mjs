// A client that does everything right, all the time, and must not notice the others.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { percentile } from '../measure.mjs';
import { newKey, ORDER } from './requests.mjs';

export const NEIGHBOUR = 'm_neighbour';
const EVERY_MS = 10;

export class Neighbour {
  failures = [];
  #tookMs = [];
  #running = true;
  #agent = new Agent({ connections: 4 });

  constructor(url) {
    this.url = url;
    this.done = this.#run();
  }

  async stop() {
    this.#running = false;
    await this.done;
    await this.#agent.destroy();
  }

  /** Figures since the last time they were asked for. */
  figures() {
    const tookMs = this.#tookMs.splice(0);
    return {
      count: tookMs.length,
      p50: percentile(tookMs, 0.5),
      p99: percentile(tookMs, 0.99),
      max: Math.max(...tookMs),
    };
  }

  async #run() {
    while (this.#running) {
      const created = await this.#call('POST', '/v1/payments', 201, ORDER);
      if (created !== undefined) await this.#call('GET', `/v1/payments/${created.id}`, 200);
      await sleep(EVERY_MS);
    }
  }

  async #call(method, path, expected, body = null) {
    const began = performance.now();
    const headers = {
      'x-merchant-id': NEIGHBOUR,
      'x-scopes': 'payments:read payments:write',
      'idempotency-key': newKey(),
    };
    if (body !== null) headers['content-type'] = 'application/json';
    try {
      const reply = await request(this.url + path, { method, headers, body, dispatcher: this.#agent });
      const text = await reply.body.text();
      if (reply.statusCode !== expected)
        throw new Error(`${method} ${path}: ${reply.statusCode} ${text.slice(0, 200)}`);
      this.#tookMs.push(performance.now() - began);
      return JSON.parse(text);
    } catch (error) {
      this.failures.push(error.message);
      return undefined;
    }
  }
}
