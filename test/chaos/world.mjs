// The processes of a run, and what can happen to each: handlers from the real bundle on one store, with a bank and a cache.
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, sleep, startHandler } from './children.mjs';
import { countPending, createTable, dumpPayments, REGION, TABLE } from './dynamo.mjs';

const HERE = import.meta.dirname;
const BUNDLE = join(HERE, '..', '..', 'assets', 'handler', 'index.js');

export const MERCHANTS = ['m_one', 'm_two', 'm_three'];
export const PROFILE = {
  name: 'Kopi Corner',
  city: 'Singapore',
  country: 'SG',
  mcc: '5812',
  currency: 'SGD',
  accounts: [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }],
};

/** A copy, so that a build that goes on meanwhile changes nothing. */
export function copyBundle(folder, bundle = BUNDLE) {
  const copy = join(folder, 'handler.js');
  copyFileSync(bundle, copy);
  return copy;
}

/** @returns a world that runs, with no faults yet */
export async function startWorld({ children, folder, random, bundle, handlers: count = 2, cache = true }) {
  const world = new World(children, copyBundle(folder, bundle), folder, random, cache);
  await world.start(count);
  return world;
}

class World {
  handlers = [];
  counts = { kills: 0, stops: 0, terms: 0, cacheKills: 0, storeRestarts: 0, bankKills: 0, outages: 0, failedStarts: 0 };
  slowestExitMs = 0;
  /** What went wrong with a process itself: a SIGTERM not obeyed in time. */
  faultsOfProcesses = [];
  /** Everything that handlers have written. */
  output = [];
  #bankMode = 'healthy';
  #storeFaults = false;
  #hasStore = true;

  constructor(children, bundle, folder, random, cache) {
    this.children = children;
    this.bundle = bundle;
    this.folder = folder;
    this.random = random;
    this.hasCache = cache;
    this.bookFile = join(folder, 'bank.jsonl');
    this.secret = randomBytes(32).toString('base64');
  }

  async start(count) {
    this.ports = { store: await freePort(), bank: await freePort(), cache: await freePort() };
    await Promise.all([this.startStore(), this.startBank(), this.hasCache && this.startCache()]);
    await createTable(this.storeUrl);
    const merchants = MERCHANTS.map((id) => ({ id, ...PROFILE }));
    this.environment = {
      TABLE_NAME: TABLE,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_DYNAMODB: this.storeUrl,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      CONNECTOR_URL: `http://127.0.0.1:${this.ports.bank}`,
      CONNECTOR_SECRET: this.secret,
      MERCHANTS: JSON.stringify(merchants),
      METRICS: 'emf',
      ...(this.hasCache && { CACHE_URL: `redis://127.0.0.1:${this.ports.cache}` }),
    };
    this.handlers = Array.from({ length: count }, (_, at) => ({ at, busy: false }));
    await Promise.all(this.handlers.map((slot) => this.startHandler(slot)));
  }

  /** Whether there is a store, and a handler that is neither starting nor stopped. */
  get isAble() {
    return this.#hasStore && this.handlers.some(({ up }) => up);
  }

  get storeUrl() {
    return `http://127.0.0.1:${this.ports.store}`;
  }

  dump() {
    return dumpPayments(this.storeUrl);
  }

  countPending() {
    return countPending(this.storeUrl);
  }

  /** All that the bank has written down. */
  readBook() {
    const lines = readFileSync(this.bookFile, 'utf8').split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }

  setBank(mode) {
    this.#bankMode = mode;
    if (this.bank.connected) this.bank.send({ mode });
  }

  setStoreFaults(faults) {
    this.#storeFaults = faults;
    if (this.store.connected) this.store.send({ faults });
  }

  startHandler(slot) {
    slot.standing = this.#startHandler(slot);
    return slot.standing;
  }

  /** Tries until it stands: its store may be away just now, and whoever runs containers starts another. */
  async #startHandler(slot) {
    for (;;) {
      try {
        slot.child = await startHandler(this.children, this.bundle, this.environment, (text) => this.output.push(text));
        slot.up = true;
        return;
      } catch (error) {
        this.counts.failedStarts++;
        if (this.counts.failedStarts > 500) throw error;
        await sleep(200);
      }
    }
  }

  /** `kill -9`, and another one in its place. */
  async killHandler(slot) {
    slot.busy = true;
    slot.up = false;
    this.counts.kills++;
    slot.child.kill('SIGKILL');
    await slot.child.ended;
    await this.startHandler(slot);
    slot.busy = false;
  }

  async stopHandler(slot, ms) {
    const { child } = slot;
    slot.up = false;
    this.counts.stops++;
    child.kill('SIGSTOP');
    await sleep(ms);
    child.kill('SIGCONT');
    if (slot.child === child && !slot.busy) slot.up = true; // it may have been killed meanwhile
  }

  /** As a deployment does it: the next one stands, then the old one is told to go and must have gone in time. */
  async replaceHandler(slot, withinMs) {
    slot.busy = true;
    const old = slot.child;
    await this.startHandler(slot);
    slot.busy = false;
    this.counts.terms++;
    const began = performance.now();
    old.kill('SIGTERM');
    const { code, signal } = await Promise.race([old.ended, sleep(withinMs).then(() => ({ code: 'still running' }))]);
    const tookMs = performance.now() - began;
    this.slowestExitMs = Math.max(this.slowestExitMs, tookMs);
    if (code !== 0)
      this.faultsOfProcesses.push(`SIGTERM: ${code ?? signal} after ${Math.round(tookMs)} ms, not exit 0`);
  }

  async startStore() {
    const args = [join(HERE, 'store.mjs'), String(this.ports.store), join(this.folder, 'store'), this.random.word(8)];
    this.store = await this.#startOwn(args);
    this.setStoreFaults(this.#storeFaults);
  }

  async restartStore(awayMs) {
    this.counts.storeRestarts++;
    this.#hasStore = false;
    this.store.kill('SIGTERM');
    await this.store.ended;
    await sleep(awayMs);
    await this.startStore();
    this.#hasStore = true;
  }

  async startBank() {
    const args = [join(HERE, 'bank.mjs'), String(this.ports.bank), this.bookFile, this.secret, this.random.word(8)];
    this.bank = await this.#startOwn(args);
    this.setBank(this.#bankMode);
  }

  async killBank(awayMs) {
    this.counts.bankKills++;
    this.bank.kill('SIGKILL');
    await this.bank.ended;
    await sleep(awayMs);
    await this.startBank();
  }

  async startCache() {
    const args = ['--port', String(this.ports.cache), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.cache = this.children.start('redis-server', args, { env: { HOME: this.folder } });
  }

  async killCache(awayMs) {
    this.counts.cacheKills++;
    this.cache.kill('SIGKILL');
    await this.cache.ended;
    await sleep(awayMs);
    await this.startCache();
  }

  async #startOwn(args) {
    let output = '';
    const child = this.children.start(process.execPath, args, {
      ipc: true,
      onText: (text) => {
        output += text;
        if (output.includes('listening')) child.emit('listening');
      },
    });
    const listening = new Promise((resolve) => child.once('listening', () => resolve(true)));
    if (await Promise.race([listening, child.ended.then(() => false)])) return child;
    throw new Error(`${args[0]} did not start: ${output}`);
  }
}
