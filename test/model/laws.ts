/**
 * What must hold of every state, and of every state at rest.
 *
 * A **double capture** is any of these: two effective captures of one payment, or of two payments that were made under one idempotency key;
 * a capture of what was voided; a capture that is effective at the bank and, once all is at rest, in no Region's book. **Done twice** is what
 * the bank did twice for one request. A **false answer** was told of a step that the bank did for another request or not at all. A **lost
 * acknowledgement** is one that the books know nothing of at rest: with strong consistency there is none, and with eventual consistency
 * each is on the reconcile report.
 */
import { type BankRecord, FOUND, type Item, pendingOperation, type Region } from './book';
import type { Design } from './design';
import { type Ack, copyOf, REGIONS, type World } from './world';

const HOMES = REGIONS;

export function isRest({ processes, writes, puts, travelling, copies }: World): boolean {
  const isQuiet = processes.length + writes.length + puts.length + travelling.length === 0;
  return isQuiet && copies.every((copy) => copy === undefined || pendingOperation(copy) === undefined);
}

export function violation(design: Design, world: World): string | undefined {
  return brokenAtTheBank(world) ?? brokenAnswer(world) ?? (isRest(world) ? brokenAtRest(design, world) : undefined);
}

function brokenAtTheBank({ bank }: World): string | undefined {
  const captures = recordsOf(bank, 'sale', 'capture');
  for (const home of HOMES) {
    const here = bank.filter((record) => record.home === home);
    const captured = recordsOf(here, 'sale', 'capture');
    if (captured.length > 1) return `double capture: ${namesOf(captured)} of one payment`;
    if (captured.length > 0 && recordsOf(here, 'cancel').length > 0) return 'double capture: of what was voided';
    if (sumOf(recordsOf(here, 'refund')) > sumOf(captured)) return 'books differ: more refunded than captured';
  }
  if (captures.length > 1) return `double capture: two payments of one idempotency key, ${namesOf(captures)}`;
  const askers = bank.filter(({ approved }) => approved).map(({ by }) => by);
  const twice = askers.find((by, n) => askers.indexOf(by) !== n);
  return twice && `done twice: ${twice}`;
}

/** What a client was told is what the bank did for it. */
function brokenAnswer({ acks, bank }: World): string | undefined {
  for (const ack of acks) {
    if (isOfTheBooks(ack)) continue;
    const record = bank.find(({ home, op, by }) => home === ack.home && op === ack.op && by === ack.by);
    if (record === undefined) return `false answer: ${ack.by} was told ${ack.op}, which is not the bank's for it`;
  }
  return undefined;
}

function brokenAtRest(design: Design, world: World): string | undefined {
  for (const home of HOMES) {
    const [item, copy] = REGIONS.map((region) => copyOf(world, region, home));
    if (item !== copy) return 'books differ: each Region has its own';
    const broken = brokenBook(world, home, item);
    if (broken !== undefined) return broken;
  }
  const lost = world.acks.find((ack) => !isKept(world, ack));
  return lost && `lost acknowledgement: ${lost.by}, ${design.consistency} consistency`;
}

function brokenBook({ bank }: World, home: Region, item: Item | undefined): string | undefined {
  const approved = bank.filter((record) => record.home === home && record.approved);
  const booked = (item?.operations ?? []).filter(({ standing }) => standing === 'approved');
  const missing = approved.find(({ op, amount }) => !booked.some((each) => each.op === op && each.amount === amount));
  if (missing !== undefined) {
    const what = missing.kind === 'sale' || missing.kind === 'capture' ? 'double capture' : 'books differ';
    return `${what}: ${missing.op} is at the bank and in no book`;
  }
  const phantom = booked.find(({ op }) => !approved.some((each) => each.op === op));
  return phantom && `books differ: ${phantom.op} is in them and not at the bank`;
}

/** In the books under its key, or on the report: as a step found at the bank, or as a key that only the stream tells of. */
function isKept(world: World, { by, home, op }: Ack): boolean {
  const item = copyOf(world, 'A', home);
  if (item === undefined) return false;
  if (op === 'create') return true;
  if (op === 'close' && item.closedBy === by) return true;
  const isBooked = item.operations.some((each) => each.op === op && (each.by === by || each.by === FOUND));
  return isBooked || world.reported.includes(by);
}

function isOfTheBooks({ op }: Ack): boolean {
  return op === 'create' || op === 'close';
}

function recordsOf(records: readonly BankRecord[], ...kinds: BankRecord['kind'][]): readonly BankRecord[] {
  return records.filter(({ kind, approved }) => approved && kinds.includes(kind));
}

function sumOf(records: readonly BankRecord[]): number {
  return records.reduce((sum, { amount }) => sum + amount, 0);
}

function namesOf(records: readonly BankRecord[]): string {
  return records.map(({ home, op, suffix, by }) => `${home}.${op}${suffix && `.${suffix}`} for ${by}`).join(' and ');
}
