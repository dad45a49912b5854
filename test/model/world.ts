/** A state of the model: two Regions with their copies, what is on its way between them, the lease, the bank, and what clients were told. */
import { type BankRecord, type Content, FOUND, ITEMS, type Item, isNewer, type Region } from './book';
import { Catalogue, type Coded, codesOf, sorted } from './codes';
import type { Design } from './design';

export interface Lease {
  /** Under which this Region acts; 0: it never had the lease. */
  readonly epoch: number;
  /** Until when it believes so, by the true time. */
  readonly until: number;
}

/** A handler at work on one payment. While a write of its own is on its way, it waits for that. */
export interface Process {
  readonly region: Region;
  readonly home: Region;
  /** The request, or nothing: a sweep. */
  readonly by: string;
  /** The step that it drives, and the version that it goes by. */
  readonly op: string;
  readonly base?: Item;
  /** Of the lease when it began. */
  readonly epoch: number;
}

/** A conditional write on its way to the Region's own copy. */
export interface Write {
  readonly what: 'create' | 'intent' | 'outcome' | 'found' | 'close';
  readonly region: Region;
  readonly base?: Item;
  readonly content: Content & { readonly code?: string };
  readonly ticksLeft: number;
}

/** A request on its way to the bank. */
export interface Put {
  readonly record: Coded<BankRecord>;
  readonly ticksLeft: number;
}

/** A version on its way to the other Region. */
export interface Travelling {
  readonly to: Region;
  readonly item: Item;
}

/** What a client was told: that its request made the payment, ended it, or was done by the bank as `op`. */
export interface Ack {
  readonly by: string;
  readonly home: Region;
  readonly op: string;
}

export interface World {
  readonly time: number;
  /** When the holder of the lease renewed it last; `RENEWING` while it goes on. */
  readonly renewedAt: number;
  readonly holder: Region;
  /** The holder knows that it has all that was written before its lease. */
  readonly isComplete: boolean;
  readonly leases: Readonly<Record<Region, Lease>>;
  /** By how many ticks the clock of A's store is ahead of that of B's. */
  readonly storeClock: number;
  /** By `placeOf`. */
  readonly copies: readonly (Item | undefined)[];
  readonly travelling: readonly Coded<Travelling>[];
  readonly processes: readonly Coded<Process>[];
  readonly writes: readonly Coded<Write>[];
  readonly puts: readonly Coded<Put>[];
  readonly bank: readonly Coded<BankRecord>[];
  readonly acks: readonly Coded<Ack>[];
  /** Keys on the reconcile report: the stream of a Region tells them, and the version that won does not. */
  readonly reported: readonly string[];
}

/** Before anything that is written from now on. */
const LONG_AGO = -10;

/** For those who go by its revision alone. */
export function undated(item: Item): Item {
  return ITEMS.enter({ ...item, at: LONG_AGO });
}

export const RENEWING = -1;
export const REGIONS: readonly Region[] = ['A', 'B'];

export const PROCESSES = new Catalogue<Process>(
  ({ region, home, by, op, base, epoch }) => `${region}${home}${by}:${op}:${base?.code}/${epoch}`,
);
export const WRITES = new Catalogue<Write>(
  ({ what, region, base, content, ticksLeft }) =>
    `${what}${region}${base?.code}>${content.epoch}/${content.revision}[${content.operations.map(({ op, amount, by, standing }) => `${op}=${amount}${by}${standing}`)}]${content.closedBy}${content.home}${ticksLeft}`,
);
export const RECORDS = new Catalogue<BankRecord>(
  ({ home, op, suffix, amount, by, approved }) => `${home}.${op}.${suffix}=${amount}${by}${approved}`,
);
export const PUTS = new Catalogue<Put>(({ record, ticksLeft }) => `${record.code}${ticksLeft}`);
export const ACKS = new Catalogue<Ack>(({ by, home, op }) => `${by}=${home}.${op}`);
const TRAVELLING = new Catalogue<Travelling>(({ to, item }) => `${to}${item.code}`);

export function keyOf(world: World): string {
  const { time, renewedAt, holder, isComplete, leases, storeClock, copies } = world;
  return [
    `${time},${renewedAt},${holder}${isComplete ? '' : '?'},${leases.A.epoch},${leases.A.until},${leases.B.epoch},${leases.B.until},${storeClock}`,
    copies.map((copy) => copy?.code ?? '-').join(''),
    codesOf(world.travelling),
    codesOf(world.processes),
    codesOf(world.writes),
    codesOf(world.puts),
    codesOf(world.bank),
    codesOf(world.acks),
    world.reported.join(),
  ].join('|');
}

export function other(region: Region): Region {
  return region === 'A' ? 'B' : 'A';
}

function placeOf(region: Region, home: Region): number {
  return (region === 'A' ? 0 : 2) + (home === 'A' ? 0 : 1);
}

export function copyOf(world: World, region: Region, home: Region): Item | undefined {
  return world.copies[placeOf(region, home)];
}

/** Tick of a write by the clock of the Region's store. */
export function storeTimeOf(world: World, region: Region): number {
  return world.time + (region === 'A' ? world.storeClock : 0);
}

/**
 * How long ago a version was written matters no more once whatever follows must be newer; only the order of the versions does. States that
 * differ in nothing else are made one.
 */
export function forgetTimes(world: World): World {
  const now = Math.min(storeTimeOf(world, 'A'), storeTimeOf(world, 'B'));
  const versions = [...world.copies, ...world.travelling.map(({ item }) => item)];
  const old = versions.filter((version) => version !== undefined).filter(({ at }) => at < now);
  const times = [...new Set(old.map(({ at }) => at))].sort((one, two) => one - two);
  const isOrderKept = old.every((one) =>
    old.every((two) => one.home !== two.home || isNewer(one, two) === isNewer(undated(one), undated(two))),
  );
  const redated = (item: Item) => {
    if (item.at >= now) return item;
    return ITEMS.enter({ ...item, at: isOrderKept ? LONG_AGO : LONG_AGO + times.indexOf(item.at) });
  };
  return {
    ...world,
    copies: world.copies.map((copy) => copy && redated(copy)),
    travelling: sorted(world.travelling.map(({ to, item }) => TRAVELLING.enter({ to, item: redated(item) }))),
  };
}

/** The item stands in the Region, and sets out for the other one. */
export function place(design: Design, world: World, region: Region, item: Item): World {
  const copies = [...world.copies];
  copies[placeOf(region, item.home)] = item;
  if (design.consistency === 'strong') {
    copies[placeOf(other(region), item.home)] = item;
    return { ...world, copies };
  }
  const sent = TRAVELLING.enter({ to: other(region), item });
  return forgetSuperseded(design, { ...world, copies, travelling: sorted([...world.travelling, sent]) });
}

/** Versions of one item may come in any order. */
export function arrive(design: Design, world: World, { to, item }: Travelling): World {
  const copies = [...world.copies];
  const at = placeOf(to, item.home);
  const loser = copies[at];
  copies[at] = item;
  const reported = loser === undefined ? world.reported : report(design, world.reported, loser, item);
  return forgetSuperseded(design, { ...world, copies, reported });
}

/** What is on its way to a Region that has a newer version already would be dropped there, and is dropped now. */
function forgetSuperseded(design: Design, world: World): World {
  let { reported } = world;
  const travelling = world.travelling.filter(({ to, item }) => {
    const copy = copyOf(world, to, item.home);
    if (copy === undefined || isNewer(item, copy)) return true;
    reported = report(design, reported, item, copy);
    return false;
  });
  return { ...world, travelling, reported };
}

/** What clients asked for in the version that loses and that the winner does not know. */
function report(design: Design, reported: readonly string[], loser: Item, winner: Item): readonly string[] {
  if (!design.reportReadsStream) return reported;
  const has = (by: string) => winner.closedBy === by || winner.operations.some((each) => each.by === by);
  const missing = [loser.closedBy, ...loser.operations.map(({ by }) => by)].filter(
    (by) => by !== '' && by !== FOUND && !has(by),
  );
  return missing.length === 0 ? reported : [...new Set([...reported, ...missing])].sort();
}
