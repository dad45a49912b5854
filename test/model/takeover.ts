/**
 * The model of a takeover: what two Regions' handlers and stores, the bank and the lease may do next, in any order.
 *
 * A Region that is lost does nothing more, one that is cut off sends no versions, a client that hears nothing asks again: none of these
 * needs a step of its own, for every step may be put off for ever. Within one step a handler does what `src/handler/app` does between
 * two awaits. Each Region has one handler at a time at a payment: races within a Region are what `test/simulation` is about.
 */
import { AMOUNT, ITEMS, type Item, type Operation } from './book';
import { type Coded, sorted } from './codes';
import { type Design, type Story, TICKS } from './design';
import { handle, nameOf, type Setting, withAck, without, withProcess } from './handler';
import { isRest, violation } from './laws';
import { firstLeases, passTime } from './lease';
import type { Model, Step } from './search';
import {
  arrive,
  copyOf,
  keyOf,
  type Process,
  type Put,
  place,
  RECORDS,
  storeTimeOf,
  undated,
  type World,
  type Write,
} from './world';

export function takeover(design: Design, story: Story): Model<World> {
  const setting = { design, story };
  return {
    initial: beginnings(setting),
    key: keyOf,
    next: (world) => [
      ...passTime(design, world),
      ...handle(setting, world),
      ...world.writes.flatMap((write) => landWrite(design, world, write)),
      ...world.puts.flatMap((put) => landPut(story, world, put)),
      ...world.travelling.map((version) => ({
        label: `${version.to}: a version comes from the other Region (revision ${version.item.revision}, epoch ${version.item.epoch})`,
        to: arrive(design, world, version),
      })),
    ],
    violation: (world) => violation(design, world),
    isRest,
  };
}

/** The write is judged by the Region's own copy alone. Its handler goes on, or does not hear of it. */
function landWrite(design: Design, world: World, write: Coded<Write>): Step<World>[] {
  const { region, base, content, what } = write;
  const landed = { ...world, writes: world.writes.filter((each) => each !== write) };
  const process = world.processes.find((each) => each.region === region && each.home === content.home);
  if (process === undefined) throw new Error(`nobody waits for the ${what}`);
  const alone = without(landed, process);
  const current = copyOf(world, region, content.home);
  if (current?.revision !== base?.revision) {
    const late = `${region}: the ${what} of ${nameOf(process)} comes too late`;
    const again = what === 'outcome' ? lookAgain(alone, process, current) : alone;
    return again === alone
      ? [{ label: late, to: alone }]
      : [
          { label: late, to: again },
          { label: late, to: alone },
        ];
  }
  const at = Math.max(storeTimeOf(world, region), current?.at ?? Number.NEGATIVE_INFINITY);
  const item = ITEMS.enter({ ...content, at });
  const written = place(design, alone, region, item);
  const label = `${region}: the ${what} of ${nameOf(process)} is written, revision ${item.revision}`;
  return [
    { label, to: goOn(written, process, what, item) },
    { label: `${label}, and the handler crashes`, to: written },
  ];
}

/** What a handler does once it sees that its write went through. */
function goOn(world: World, process: Process, what: Write['what'], item: Item): World {
  const { by, home } = process;
  switch (what) {
    case 'intent':
      return withProcess(world, { ...process, base: undated(item) });
    case 'create':
    case 'close':
      return withAck(world, by, home, what);
    case 'outcome':
      return answerOutcome(world, process, item);
    case 'found':
      return world;
  }
}

/** Like `record` in `src/handler/app`: the outcome goes onto whatever stands there now. */
function lookAgain(world: World, process: Process, current: Item | undefined): World {
  const standing = current?.operations.find(({ op }) => op === process.op);
  if (current === undefined || standing === undefined) return world;
  if (standing.standing !== 'pending') return answerOutcome(world, process, current);
  return withProcess(world, { ...process, base: undated(current) });
}

function answerOutcome(world: World, { by, home, op }: Process, item: Item): World {
  const isDone = item.operations.some((each) => each.op === op && each.standing === 'approved');
  return by !== '' && isDone ? withAck(world, by, home, op) : world;
}

/** The bank is idempotent by name and checks nothing else: what it would refuse of itself must not come about either. */
function landPut(story: Story, world: World, put: Coded<Put>): Step<World>[] {
  const { record } = put;
  const puts = world.puts.filter((each) => each !== put);
  const isKnown = world.bank.some(
    ({ home, op, suffix }) => home === record.home && op === record.op && suffix === record.suffix,
  );
  const what = `${record.op} of ${record.amount} for ${record.by}`;
  if (isKnown) return [{ label: `the bank knows the name of ${what}`, to: { ...world, puts } }];
  const answers = story.mayDecline === record.op ? [true, false] : [true];
  return answers.map((approved) => ({
    label: `the bank ${approved ? 'does' : 'declines'} ${what}`,
    to: { ...world, puts, bank: sorted([...world.bank, RECORDS.enter({ ...record, approved })]) },
  }));
}

function beginnings({ design, story }: Setting): World[] {
  const item = story.before === 'nothing' ? undefined : startOf(story);
  const copies = [item, undefined, item, undefined];
  const bank = (item?.operations ?? []).map(({ op, kind, amount, by }) =>
    RECORDS.enter({ home: 'A', op, suffix: '', kind, amount, by, approved: true }),
  );
  const nothing = { travelling: [], processes: [], writes: [], puts: [], acks: [], reported: [] };
  const clocks = design.consistency === 'strong' ? [0] : [-TICKS.storeClock, 0, TICKS.storeClock];
  return clocks.map((storeClock) => ({ ...firstLeases(design), storeClock, copies, bank, ...nothing }));
}

function startOf({ before }: Story): Item {
  const done = (op: string, kind: Operation['kind']): Operation[] => [
    { op, kind, amount: AMOUNT, by: 'before', standing: 'approved' },
  ];
  const operations =
    before === 'captured' ? done('sale.1', 'sale') : before === 'authorized' ? done('authorize.1', 'authorize') : [];
  return ITEMS.enter({ home: 'A', revision: 1, epoch: 1, at: -TICKS.storeClock, operations, closedBy: '' });
}
