// Real processes under fire: handlers from the bundle on one store, with a bank and a cache, are killed, stopped, restarted and cut
// off while clients make payments. Then the faults end, everything must be definite in time, and the books are compared.
//
//   node test/chaos/run.mjs [--seconds 60] [--seed <text>] [--clients 16] [--healthy] [--bundle <file>]
//
// `--healthy` makes no faults at all; `--bundle` takes another handler than the one in assets. Exit 1 where anything is violated; history, dump and book are then kept for another look.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { Children, sleep } from './children.mjs';
import { CANARY, Clients } from './clients.mjs';
import { makeFaults } from './faults.mjs';
import { History, outcomeOf } from './history.mjs';
import { countBy, latency } from './measure.mjs';
import { Probe } from './probe.mjs';
import { createRandom } from './random.mjs';
import { startWorld } from './world.mjs';

const HEALTHY_MS = 8_000;
/** From the end of the faults to the last definite outcome. */
const SETTLE_WITHIN_MS = 30_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: Date.now().toString(36) },
    clients: { type: 'string', default: '16' },
    bundle: { type: 'string' },
    healthy: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
const children = new Children();
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await children.killAll();
  if (process.exitCode === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`kept: ${folder}`);
}
process.exit();

async function run() {
  console.log(`chaos: seed ${values.seed}, ${values.seconds} s of faults, ${values.clients} clients`);
  const random = createRandom(values.seed);
  const world = await startWorld({ children, folder, bundle: values.bundle, random: random.fork('world') });
  const history = new History(join(folder, 'history.jsonl'));
  const clients = new Clients(world, history, random.fork('clients'));

  const began = performance.now();
  const living = clients.run(Number(values.clients));
  const probe = new Probe(world);
  await sleep(HEALTHY_MS);
  const faultsBegan = performance.now();
  const until = faultsBegan + Number(values.seconds) * 1000;
  const exits = values.healthy
    ? [await sleep(until - faultsBegan)]
    : await makeFaults(world, random.fork('faults'), until);
  const faultsEnded = performance.now();
  clients.stopping = true;
  clients.deadline = faultsEnded + SETTLE_WITHIN_MS;
  const [settledMs] = await Promise.all([settle(world, faultsEnded), living, Promise.all(exits)]);
  const clientsMs = performance.now() - faultsEnded;
  await probe.stop();

  const payments = await world.dump();
  await readAll(clients, payments, random.fork('reads'));
  clients.close();
  await history.close();
  const book = world.readBook();
  writeFileSync(join(folder, 'dump.json'), JSON.stringify(payments));
  const texts = [world.output.join(''), JSON.stringify(payments)];
  const violations = check({ attempts: history.attempts, payments, book, texts, canary: CANARY });
  for (const what of world.faultsOfProcesses) violations.push({ invariant: 'SIGTERM', subject: 'process', what });
  if (settledMs === undefined) {
    const what = `not definite ${SETTLE_WITHIN_MS} ms after the faults`;
    violations.push({ invariant: 'I37', subject: 'store', what });
  }
  tell({
    world,
    attempts: history.attempts,
    payments,
    book,
    violations,
    probe,
    times: { began, faultsBegan, faultsEnded, settledMs, clientsMs },
  });
  return violations.length === 0;
}

/** Nobody asks for what clients have walked away from: the handlers must find it themselves. */
async function settle(world, since) {
  while (performance.now() - since < SETTLE_WITHIN_MS) {
    if ((await world.countPending()) === 0) return performance.now() - since;
    await sleep(250);
  }
  return undefined;
}

/** Every payment once more, as its merchant sees it. */
async function readAll(clients, payments, random) {
  for (const { pk, merchantId } of payments) {
    const path = `/v1/payments/${pk}`;
    await clients.attempt({ op: 'read', method: 'GET', path, caller: merchantId, payment: pk }, random);
  }
}

function tell({ world, attempts, payments, book, violations, probe, times }) {
  const { began, faultsBegan, faultsEnded, settledMs, clientsMs } = times;
  const outcomes = countBy(attempts, outcomeOf);
  const errors = countBy(
    attempts.filter(({ error, status }) => error ?? status >= 500),
    ({ error, status }) => error ?? status,
  );
  const { counts } = world;
  const gaps = probe.gaps(faultsBegan, faultsEnded);
  const ms = (value) => `${Math.round(value)} ms`;
  const show = (record) =>
    Object.entries(record)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const line = (what, text) => console.log(`  ${what.padEnd(12)}${text}`);
  const speed = (from, to) => {
    const { count, p50, p99 } = latency(attempts, from, to);
    return `p50 ${ms(p50)}, p99 ${ms(p99)} of ${count} definite answers`;
  };
  line(
    'attempts',
    `${attempts.length}: ${show(outcomes)}; ${attempts.filter(({ abandoned }) => abandoned).length} requests abandoned`,
  );
  line('no answer', show(errors));
  line('payments', `${payments.length}: ${show(countBy(payments, ({ status }) => status))}`);
  line('faults', show(counts));
  line('bank', `${show(countBy(book, ({ type, fault }) => (type === 'fault' ? fault : type)))}`);
  line('healthy', speed(began, faultsBegan));
  line('faulty', speed(faultsBegan, faultsEnded));
  const gap = ({ totalMs, count, longestMs }) => `${ms(totalMs)} in ${count} gaps, the longest ${ms(longestMs)}`;
  line('unavailable', `${gap(gaps.all)}; with a store and a handler there ${gap(gaps.able)}`);
  line(
    'settled',
    `store ${settledMs === undefined ? 'NOT' : ms(settledMs)} after the faults, clients ${ms(clientsMs)}`,
  );
  line('SIGTERM', `slowest exit ${ms(world.slowestExitMs)}`);
  for (const { invariant, subject, what } of violations.slice(0, 40))
    console.log(`  VIOLATION ${invariant} ${subject}: ${what}`);
  console.log(
    `chaos: ${violations.length} violations ${JSON.stringify(countBy(violations, ({ invariant }) => invariant))}: ${violations.length === 0 ? 'passed' : 'FAILED'}`,
  );
}
