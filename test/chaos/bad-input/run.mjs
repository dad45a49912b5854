// Bad input, all of it: every request of the corpus to the real process, each on a connection of its own, while slow clients hold 600
// connections and a client that does everything right goes on. No 5xx, no crash, no effect, one answer at most, nobody else harmed.
//
//   node test/chaos/bad-input/run.mjs [--bundle <file>]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Children, sleep, startHandler } from '../children.mjs';
import { copyBundle, PROFILE } from '../world.mjs';
import { encoding } from './encoding.mjs';
import { exchange } from './exchange.mjs';
import { firstLine } from './first-line.mjs';
import { framing } from './framing.mjs';
import { headers } from './headers.mjs';
import { json } from './json.mjs';
import { meaning } from './meaning.mjs';
import { NEIGHBOUR, Neighbour } from './neighbour.mjs';
import { SlowClients } from './slow.mjs';

const CORPUS = { ...json, ...encoding, ...framing, ...firstLine, ...headers, ...meaning };
const CASES_MIN = 500;
const AT_ONCE = 16;
const BEFORE_MS = 3_000;
const SLOW_FIRST_MS = 1_000;
/** The handler's own limits are 10 s for headers and 15 s for a request, looked at every now and then. */
const HANG_UP_WITHIN_MS = 25_000;
const NEIGHBOUR_P99_MS = 1_000;
const RSS_GROWTH_MB = 64;

const { values } = parseArgs({ options: { bundle: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
const children = new Children();
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await children.killAll();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function run() {
  const merchants = [{ id: NEIGHBOUR, ...PROFILE }];
  let output = '';
  const handler = await startHandler(
    children,
    copyBundle(folder, values.bundle),
    { MERCHANTS: JSON.stringify(merchants) },
    (text) => {
      output += text;
    },
  );
  const { url, pid } = handler;
  const neighbour = new Neighbour(url);
  await sleep(BEFORE_MS);
  const before = neighbour.figures();
  const rssBefore = rssMb(pid);
  const slow = new SlowClients(url);
  await sleep(SLOW_FIRST_MS);

  const began = performance.now();
  const { faults, statuses, slowestMs } = await sendAll(url);
  const corpusMs = performance.now() - began;
  const lives = await slow.lives(performance.now() + HANG_UP_WITHIN_MS);
  const meanwhile = neighbour.figures();
  await neighbour.stop();

  faults.push(...neighbour.failures.map((failure) => `the client beside it: ${failure}`));
  if (!(meanwhile.p99 <= NEIGHBOUR_P99_MS)) faults.push(`the client beside it waited ${meanwhile.p99} ms at p99`);
  for (const [kind, lifeMs] of Object.entries(lives))
    if (lifeMs === Number.POSITIVE_INFINITY) faults.push(`not hung up on: ${kind}`);
  if (handler.exitCode !== null || handler.signalCode !== null) faults.push('the handler has ended');
  const growth = rssMb(pid) - rssBefore;
  if (growth > RSS_GROWTH_MB) faults.push(`memory grew by ${growth} MB`);
  for (const line of output.split('\n').filter((each) => each.includes('"level":"error"')))
    faults.push(`logged: ${line.slice(0, 300)}`);
  const made = await countPayments(url);
  if (made !== (statuses[201] ?? 0))
    faults.push(`${made} payments were made, ${statuses[201] ?? 0} were answered with 201`);
  tell({ faults, statuses, slowestMs, corpusMs, lives, slow, before, meanwhile, growth });
  return faults.length === 0;
}

async function sendAll(url) {
  const cases = Object.entries(CORPUS).flatMap(([category, each]) => each.map((one) => ({ category, ...one })));
  const faults = [];
  const statuses = {};
  let slowestMs = 0;
  const distinct = new Set(cases.map(({ bytes }) => bytes.toString('latin1').replace(/bad-input-key-\d+/, '')));
  if (distinct.size < CASES_MIN) faults.push(`only ${distinct.size} different requests`);
  const next = cases.values();
  const worker = async () => {
    for (const one of next) {
      const { replies, tookMs } = await exchange(url, one);
      slowestMs = Math.max(slowestMs, tookMs);
      const [reply] = replies;
      statuses[reply?.status ?? 'none'] = (statuses[reply?.status ?? 'none'] ?? 0) + 1;
      for (const fault of faultsOf(one, replies)) faults.push(`${one.category}, ${one.name}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { faults, statuses, slowestMs };
}

function* faultsOf({ statuses, silent }, replies) {
  if (replies.length > 1) yield `${replies.length} answers: ${replies.map(({ status }) => status)}`;
  const [reply] = replies;
  if (reply === undefined) {
    if (!silent) yield 'no answer';
    return;
  }
  const { status, head: lines, body } = reply;
  if (!statuses.includes(status)) yield `answered ${status}, not ${statuses} ${body.slice(0, 200)}`;
  if (!/^x-request-id: /im.test(lines)) yield 'no x-request-id';
  if (status >= 400 && body !== '' && !/^content-type: application\/problem\+json/im.test(lines))
    yield 'no problem document';
  if (/node_modules|\n\s+at |[a-z]Error\b/.test(body)) yield `something of the inside: ${body.slice(0, 200)}`;
}

async function countPayments(url) {
  let count = 0;
  let cursor = '';
  do {
    const page = await (await fetch(`${url}/v1/payments?limit=100${cursor}`)).json();
    count += page.data.length;
    cursor = page.cursor === undefined ? undefined : `&cursor=${page.cursor}`;
  } while (cursor !== undefined);
  return count;
}

function rssMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function tell({ faults, statuses, slowestMs, corpusMs, lives, slow, before, meanwhile, growth }) {
  const ms = (value) => `${Math.round(value * 10) / 10} ms`;
  const figures = ({ count, p50, p99, max }) => `p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)} of ${count}`;
  const line = (what, text) => console.log(`  ${what.padEnd(12)}${text}`);
  const sizes = Object.entries(CORPUS).map(([category, { length }]) => `${category} ${length}`);
  const total = Object.values(CORPUS).reduce((sum, { length }) => sum + length, 0);
  console.log(`bad input: ${total} requests in ${sizes.length} categories, ${ms(corpusMs)}`);
  line('categories', sizes.join(', '));
  line(
    'statuses',
    Object.entries(statuses)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', '),
  );
  line('slowest', ms(slowestMs));
  line(
    'slow',
    `${slow.count} connections; hung up on after: ${Object.entries(lives)
      .map(([kind, lifeMs]) => `${kind} ${ms(lifeMs)}`)
      .join(', ')}`,
  );
  line('beside it', `before ${figures(before)}; meanwhile ${figures(meanwhile)}`);
  line('memory', `${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB`);
  for (const fault of faults.slice(0, 60)) console.log(`  FAULT ${fault}`);
  console.log(`bad input: ${faults.length} faults: ${faults.length === 0 ? 'passed' : 'FAILED'}`);
}
