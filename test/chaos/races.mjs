// Fifty at once, at two handlers on one table, round after round, each with the exact count of winners that there must be; then
// everything that was said and stored is compared, as after the runs with faults.
//
//   node test/chaos/races.mjs [--seed <text>] [--bundle <file>]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { Children, sleep } from './children.mjs';
import { CANARY } from './clients.mjs';
import { History } from './history.mjs';
import { percentile } from './measure.mjs';
import { RaceTrack } from './race-track.mjs';
import { createRandom } from './random.mjs';
import { startWorld } from './world.mjs';

/** The shortest time to pay that there is. */
const EXPIRY_SECONDS = 60;
const EXPIRING = 12;
const EXPIRING_APART_MS = 1_000;
/** More than one round of each takes. */
const LAP_SECONDS = 8;
/** Takes ten times as long as any other. */
const LONG_RACE = 'refund against refund';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: Date.now().toString(36) }, bundle: { type: 'string' } },
});
const folder = mkdtempSync(join(tmpdir(), 'races-'));
const children = new Children();
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await children.killAll();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function run() {
  const random = createRandom(values.seed);
  const world = await startWorld({
    children,
    folder,
    bundle: values.bundle,
    random: random.fork('world'),
    cache: false,
  });
  world.setBank('generous');
  const history = new History(join(folder, 'history.jsonl'));
  const track = new RaceTrack(world, history, random.fork('races'));
  console.log(`races: seed ${values.seed}, 50 at once at ${world.handlers.length} handlers`);

  const expiring = createExpiring(track);
  const rounds = await runRounds(track, performance.now() + (EXPIRY_SECONDS - LAP_SECONDS) * 1000);
  for (const [at, payment] of (await expiring).entries()) {
    await track.payAtExpiry(payment, ['before', 'after', 'around'][at % 3]);
    rounds['pay at expiry'] = [...(rounds['pay at expiry'] ?? []), 0];
  }
  await history.close();

  const book = world.readBook();
  const payments = await world.dump();
  const violations = check({
    attempts: history.attempts,
    payments,
    book,
    texts: [world.output.join('')],
    canary: CANARY,
  });
  for (const [race, tookMs] of Object.entries(rounds)) {
    const p50 = tookMs[0] === 0 ? '' : `, ${Math.round(percentile(tookMs, 0.5))} ms each`;
    console.log(`  ${race.padEnd(28)}${tookMs.length} rounds${p50}`);
  }
  console.log(
    `  ${history.attempts.length} requests, ${payments.length} payments, ${book.length} entries in the bank's book`,
  );
  for (const what of track.wrong.slice(0, 20)) console.log(`  WRONG COUNT ${what}`);
  for (const { invariant, subject, what } of violations.slice(0, 20))
    console.log(`  VIOLATION ${invariant} ${subject}: ${what}`);
  const passed = track.wrong.length + violations.length === 0;
  console.log(
    `races: ${track.wrong.length} wrong counts, ${violations.length} violations: ${passed ? 'passed' : 'FAILED'}`,
  );
  return passed;
}

/** They expire one after the other, when the other races are over. */
async function createExpiring(track) {
  const payments = [];
  for (let n = 0; n < EXPIRING; n++) {
    payments.push(await track.create({ captureMethod: 'automatic', expiresInSeconds: EXPIRY_SECONDS }));
    await sleep(EXPIRING_APART_MS);
  }
  return payments;
}

async function runRounds(track, until) {
  const races = {
    'capture against capture': () => track.captureCapture(),
    'capture against cancel': () => track.captureCancel(),
    [LONG_RACE]: () => track.refundRefund(),
    'create with one key': () => track.createCreate(),
    'fifty wallets': () => track.payPay(),
    'pay with one key': () => track.paySame(),
  };
  const rounds = {};
  for (let lap = 0; performance.now() < until; lap++) {
    for (const [race, runRace] of Object.entries(races)) {
      if (race === LONG_RACE && lap % 4 > 0) continue;
      const began = performance.now();
      await runRace();
      rounds[race] = [...(rounds[race] ?? []), performance.now() - began];
    }
  }
  return rounds;
}
