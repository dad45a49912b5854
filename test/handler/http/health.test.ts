/** What probes are told while the store comes and goes. */
import { Problem } from '../../../src/handler/domain/errors';
import { LIMITS } from '../../../src/handler/domain/limits';
import { Health } from '../../../src/handler/http/health';

let now: number;
let reachable: boolean;
let asked: number;
let frozen: boolean;
let health: Health;

beforeEach(() => {
  now = 1_000_000;
  reachable = true;
  asked = 0;
  const ping = async () => {
    asked++;
    if (!reachable) throw new Problem('store-unavailable', 'gone');
  };
  frozen = false;
  health = new Health({ ping, isFrozen: () => frozen }, () => now);
});

const outcome = (check: Promise<void>) => check.then(() => 'ok').catch(({ code }) => code);

test('both say yes while the store answers, and ask it once a second at most', async () => {
  for (let n = 0; n < 20; n++)
    expect([await outcome(health.checkReady()), await outcome(health.checkRegion())]).toEqual(['ok', 'ok']);
  expect(asked).toBe(1);
  now += LIMITS.storeProbeMs;
  await health.checkReady();
  expect(asked).toBe(2);
});

test('a process that never reached its store is not ready', async () => {
  reachable = false;
  expect(await outcome(health.checkReady())).toBe('store-unavailable');
});

test('when the store is gone the Region says so at once, the process after a while', async () => {
  await health.checkReady();
  reachable = false;
  now += LIMITS.storeProbeMs;
  expect(await outcome(health.checkRegion())).toBe('store-unavailable');
  expect(await outcome(health.checkReady())).toBe('ok');
  now += LIMITS.storeGraceMs;
  expect(await outcome(health.checkReady())).toBe('store-unavailable');
  reachable = true;
  now += LIMITS.storeProbeMs;
  expect(await outcome(health.checkReady())).toBe('ok');
});

test('on a restored table the process is ready, for it reads, and the Region is not', async () => {
  frozen = true;
  expect([await outcome(health.checkReady()), await outcome(health.checkRegion())]).toEqual(['ok', 'writes-frozen']);
});

test('who drains is neither', async () => {
  await health.checkReady();
  health.startDraining();
  expect([await outcome(health.checkReady()), await outcome(health.checkRegion())]).toEqual([
    'overloaded',
    'overloaded',
  ]);
});
