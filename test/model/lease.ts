/** Time, and who has the lease. Time passes in ticks; what is on its way lands before its deadline or never. */
import type { Region } from './book';
import { sorted } from './codes';
import { type Design, TICKS } from './design';
import type { Step } from './search';
import { forgetTimes, other, PUTS, REGIONS, RENEWING, type World, WRITES } from './world';

/** The last epoch: there and back again. */
const LAST_EPOCH = 3;

/** How long a holder goes on after its last renewal: its lease, and what its clock may be late by. */
const BELIEVED = TICKS.lease + TICKS.holderClock;
/** Ticks after a last renewal in which something can still happen. */
const STORY = BELIEVED + TICKS.deadline + TICKS.storeClock;

/** Whether the Region believes that it may write. */
export function mayAct(design: Design, { time, leases }: World, region: Region): boolean {
  if (design.consistency === 'strong') return true;
  const { epoch, until } = leases[region];
  return epoch > 0 && (!design.fence || time < until);
}

export function passTime(design: Design, world: World): Step<World>[] {
  if (design.consistency === 'strong') return [];
  return [...tick(design, world), ...takeOver(design, world), ...complete(world), ...stopRenewing(world)];
}

function tick(design: Design, world: World): Step<World>[] {
  const { time, renewedAt, writes, puts } = world;
  const end = renewedAt === RENEWING ? STORY : renewedAt + STORY;
  if (time >= end || [...writes, ...puts].some(({ ticksLeft }) => ticksLeft === 0)) return [];
  const to = {
    ...world,
    time: time + 1,
    writes: sorted(writes.map((write) => WRITES.enter({ ...write, ticksLeft: write.ticksLeft - 1 }))),
    puts: sorted(puts.map((put) => PUTS.enter({ ...put, ticksLeft: put.ticksLeft - 1 }))),
  };
  const goesByTimes = design.quarantine === 'payments-touched-since-replication-stopped';
  return [{ label: `time is ${to.time}`, to: goesByTimes ? to : forgetTimes(to) }];
}

/** A holder that is cut off or gone renews no more. The first one never does, which leaves out nothing: whatever happens before happens at 0. */
function stopRenewing(world: World): Step<World>[] {
  const { holder, leases, renewedAt, time } = world;
  if (renewedAt !== RENEWING || leases[holder].epoch === LAST_EPOCH) return [];
  const lease = { ...leases[holder], until: time + BELIEVED };
  return [
    {
      label: `${holder} renews its lease for the last time`,
      to: { ...world, renewedAt: time, leases: { ...leases, [holder]: lease } },
    },
  ];
}

function takeOver(design: Design, world: World): Step<World>[] {
  const { holder, leases, renewedAt, time } = world;
  const epoch = leases[holder].epoch + 1;
  if (renewedAt === RENEWING || time < renewedAt + design.waitTicks || epoch > LAST_EPOCH) return [];
  const isComplete = epoch === LAST_EPOCH && design.failBackWaitsForReplication;
  if (isComplete && world.travelling.length > 0) return [];
  const taker = other(holder);
  const lease = { epoch, until: Number.POSITIVE_INFINITY };
  return [
    {
      label: `${taker} takes the lease, epoch ${epoch}`,
      to: { ...world, holder: taker, isComplete, renewedAt: RENEWING, leases: { ...leases, [taker]: lease } },
    },
  ];
}

/** Whoever took over has read to its end what the other Region wrote last: it has come, or it has lost and is on the report. */
function complete(world: World): Step<World>[] {
  const { holder, isComplete, travelling } = world;
  if (isComplete || travelling.some(({ to }) => to === holder)) return [];
  return [{ label: `${holder} has all that ${other(holder)} wrote`, to: { ...world, isComplete: true } }];
}

export function firstLeases(design: Design): Pick<World, 'time' | 'renewedAt' | 'holder' | 'isComplete' | 'leases'> {
  const first = { epoch: 1, until: BELIEVED };
  const never = { epoch: 0, until: 0 };
  const both = design.consistency === 'strong';
  return { time: 0, renewedAt: 0, holder: REGIONS[0], isComplete: true, leases: { A: first, B: both ? first : never } };
}
