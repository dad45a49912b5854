// One run: arms in turns, the order reversed every other round, CPU time a request of each. The floor is there twice, and what the
// two differ by is what this run cannot tell. After each round the books are compared, so that a fast wrong handler ends the run.

import { strictEqual } from 'node:assert';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startArm, startHelper } from './processes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const BUNDLE = join(here, '..', '..', '..', 'assets', 'handler', 'index.js');

/** What is asked, in this order, for each needs what the one before has left. `share` is of a slice's time. */
const SLICES = [
  { kind: 'create', share: 1, warm: 10_000 },
  { kind: 'replay', share: 1, warm: 5_000, onlyOurs: true },
  { kind: 'sale', share: 1, warm: 5_000 },
  { kind: 'read', share: 1, warm: 5_000 },
  { kind: 'png', share: 0.4, warm: 1_000, onlyOurs: true },
  { kind: 'svg', share: 0.4, warm: 1_000, onlyOurs: true },
];
/** Until code is compiled as well as it will be: so many requests, in this time at most. */
const WARM_MS = 12_000;
const ARMS = ['floor', 'twin', 'ours'];
const TABLE = 'payments';

const PROFILE = {
  ...{ id: 'm_bench', name: 'Kopi and Toast', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD' },
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};

/** What a task in production has: keys of its own, a bank, metrics. */
function environmentOf(stub) {
  const key = (n) => Buffer.alloc(32, n).toString('base64');
  return {
    PORT: '0',
    TABLE_NAME: TABLE,
    AWS_REGION: 'ap-southeast-1',
    AWS_ENDPOINT_URL_DYNAMODB: stub,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    PAYMENT_ID_KEY: key(1),
    QR_KEYS: key(2),
    CONNECTOR_URL: `${stub}/bank/${TABLE}`,
    CONNECTOR_SECRET: key(3),
    MERCHANTS: JSON.stringify([PROFILE]),
    METRICS: 'emf',
  };
}

export class Bench {
  /** What was compared and found equal, of our payments. */
  audited = { stored: 0, captured: 0 };

  static async open(bundle = BUNDLE, nodeArguments = []) {
    const bench = new Bench();
    bench.stub = await startHelper(join(here, 'stub.mjs'));
    bench.load = await startHelper(join(here, 'load.mjs'));
    const { url } = await bench.stub.ask('url');
    bench.environment = environmentOf(url);
    bench.bundle = bundle;
    const floor = join(here, 'floor.mjs');
    bench.arms = {
      floor: await startArm([floor, url, 'floor']),
      twin: await startArm([floor, url, 'twin']),
      ours: await startArm([...nodeArguments, bundle], bench.environment),
    };
    return bench;
  }

  async close() {
    for (const arm of Object.values(this.arms)) await arm.stop();
    this.load.stop();
    this.stub.stop();
  }

  /** One arm for so long, or for so many requests: what each of them took. */
  async slice(arm, kind, ms, most = Number.MAX_SAFE_INTEGER) {
    const { url, cpuMicros } = this.arms[arm];
    const before = cpuMicros();
    const { count, elapsedMs, wrong, example, p50Ms, p99Ms } = await this.load.ask({ url, kind, ms, most });
    const micros = (cpuMicros() - before) / count;
    if (count === 0 || wrong > 0)
      throw new Error(`${arm}, ${kind}: ${wrong} of ${count} answers are wrong:\n${example}`);
    return { micros, perSecond: (count * 1000) / elapsedMs, p50Ms, p99Ms };
  }

  async warmUp() {
    for (const { kind, warm, onlyOurs } of SLICES) {
      for (const arm of onlyOurs ? ['ours'] : ARMS) await this.slice(arm, kind, WARM_MS, warm);
    }
    for (const arm of ARMS) await this.audit(arm);
  }

  /** @returns of each arm and kind, as `ours sale`, its slices */
  async rounds(count, sliceMs) {
    const found = {};
    for (let round = 0; round < count; round++) {
      const order = round % 2 ? ARMS.toReversed() : ARMS;
      for (const { kind, share, onlyOurs } of SLICES) {
        for (const arm of onlyOurs ? ['ours'] : order) {
          found[`${arm} ${kind}`] ??= [];
          found[`${arm} ${kind}`].push(await this.slice(arm, kind, sliceMs * share));
        }
      }
      for (const arm of ARMS) await this.audit(arm);
    }
    return found;
  }

  /** Payments in the store are the keys that were sent and the 201s that came back; those paid are paid at the bank too, once each. */
  async audit(arm) {
    const { created, keys, ids, paid } = await this.load.ask({ url: this.arms[arm].url });
    const { stored, captured, atBank } = await this.stub.ask(arm === 'ours' ? TABLE : arm);
    const counts = `${arm}: ${created} × 201, ${keys} keys, ${ids} ids, ${stored} stored; ${paid} paid, ${captured} captured, ${atBank} at the bank`;
    strictEqual(new Set([created, keys, ids, stored]).size, 1, counts);
    strictEqual(new Set([paid, captured, atBank]).size, 1, counts);
    if (arm !== 'ours') return;
    this.audited.stored += stored;
    this.audited.captured += captured;
  }

  /** Lives of payments for so long without a pause. @returns megabytes of memory along the way */
  async steady(ms) {
    const endsAt = performance.now() + ms;
    const megabytes = [];
    while (performance.now() < endsAt) {
      for (const kind of ['create', 'sale', 'read', 'png']) {
        await this.slice('ours', kind, 500);
        megabytes.push(this.arms.ours.rssMegabytes());
      }
      await this.audit('ours');
    }
    return megabytes;
  }

  /** From its spawn to its first 200 of `/health/ready`, and what the process holds a second later. */
  async start() {
    const arm = await startArm([this.bundle], this.environment);
    while ((await statusOf(`${arm.url}/health/ready`)) !== 200) await sleep(1);
    const ms = performance.now() - arm.begunAt;
    const cpuMs = arm.cpuMicros() / 1000;
    await sleep(1000);
    const idleMegabytes = arm.rssMegabytes();
    await arm.stop();
    return { ms, cpuMs, idleMegabytes };
  }
}

function statusOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
}
