/** What the handlers of a Region may do next: answer a request, sweep, or go on with a step that they drive. */
import {
  type BankRecord,
  type Content,
  decide,
  FOUND,
  type Item,
  nextOp,
  pendingOperation,
  type Region,
  type Request,
  settled,
  withFound,
} from './book';
import { sorted } from './codes';
import { type Design, type Story, TICKS } from './design';
import { mayAct } from './lease';
import type { Step } from './search';
import {
  ACKS,
  copyOf,
  other,
  PROCESSES,
  type Process,
  PUTS,
  RECORDS,
  REGIONS,
  undated,
  type World,
  WRITES,
  type Write,
} from './world';

export interface Setting {
  readonly design: Design;
  readonly story: Story;
}

export function handle(setting: Setting, world: World): Step<World>[] {
  const steps: Step<World>[] = [];
  for (const region of REGIONS) {
    if (!mayAct(setting.design, world, region)) continue;
    for (const request of setting.story.requests) steps.push(...answer(setting, world, region, request));
    for (const home of REGIONS) steps.push(...sweep(setting, world, region, home));
  }
  for (const process of world.processes) {
    if (isWaiting(world, process)) continue;
    steps.push({ label: `${process.region}: the handler of ${nameOf(process)} crashes`, to: without(world, process) });
    steps.push(...drive(setting, world, process));
  }
  return steps;
}

export function without(world: World, process: Process): World {
  return { ...world, processes: world.processes.filter((each) => each !== process) };
}

export function withAck(world: World, by: string, home: Region, op: string): World {
  const ack = ACKS.enter({ by, home, op });
  return world.acks.includes(ack) ? world : { ...world, acks: sorted([...world.acks, ack]) };
}

export function withProcess(world: World, process: Process): World {
  return { ...world, processes: sorted([...world.processes, PROCESSES.enter(process)]) };
}

export function nameOf({ by, op }: Process): string {
  return by === '' ? `the sweep of ${op}` : by;
}

function isWaiting({ writes }: World, { region, home }: Pick<Process, 'region' | 'home'>): boolean {
  return writes.some((write) => write.region === region && write.content.home === home);
}

function isBusy(world: World, region: Region, home: Region): boolean {
  return (
    isWaiting(world, { region, home }) || world.processes.some((each) => each.region === region && each.home === home)
  );
}

function answer(setting: Setting, world: World, region: Region, request: Request): Step<World>[] {
  const { design, story } = setting;
  const home = request.home ?? (design.newIds === 'of-the-pair' ? 'A' : region);
  if (isBusy(world, region, home)) return [];
  if (request.asks === 'create') return create(setting, world, region, home);
  const item = copyOf(world, region, home);
  const isIdKnown = story.before !== 'nothing' || world.acks.some((ack) => ack.op === 'create' && ack.home === home);
  if (item === undefined || !isIdKnown) return [];
  const { name } = request;
  if (item.closedBy === name) return tell(world, region, name, home, 'close');
  const prior = item.operations.find(({ by }) => by === name);
  if (prior?.standing === 'approved') return tell(world, region, name, home, prior.op);
  if (prior?.standing === 'declined') return [];
  if (prior !== undefined) return resume(setting, world, region, item, prior.op, name);
  return pendingOperation(item) === undefined ? begin(setting, world, region, request, item) : [];
}

function tell(world: World, region: Region, by: string, home: Region, op: string): Step<World>[] {
  const to = withAck(world, by, home, op);
  return to === world ? [] : [{ label: `${region}: ${by} is answered again`, to }];
}

function create(setting: Setting, world: World, region: Region, home: Region): Step<World>[] {
  const looked = setting.design.looksUnderEachId ? [home, other(home)] : [home];
  for (const each of looked) {
    if (copyOf(world, region, each) !== undefined) return tell(world, region, 'create', each, 'create');
  }
  const { epoch } = world.leases[region];
  const empty = { home, revision: 1, epoch: 0, at: 0, operations: [], closedBy: '' };
  // A stand-in cannot know whether there was such a payment before.
  const content = isQuarantined(setting.design, world, region, empty, 'create')
    ? askAll(setting, world, region, empty)
    : empty;
  const process = { region, home, by: 'create', op: '', epoch };
  return [send(world, process, 'create', { ...content, epoch }, 'create')];
}

/** A request that the item knows nothing of. */
function begin(setting: Setting, world: World, region: Region, request: Request, item: Item): Step<World>[] {
  const { design, story } = setting;
  const { home } = item;
  const { name: by, amount } = request;
  const { epoch } = world.leases[region];
  const next = { revision: item.revision + 1, epoch };
  const process = { region, home, by, op: '', base: undated(item), epoch };
  if (isQuarantined(design, world, region, item, 'intent')) {
    const found = askAll(setting, world, region, item);
    if (found !== item) {
      return [send(world, process, 'found', { ...found, ...next }, `${by}, finds at the bank what the item lacks`)];
    }
  }
  const what = decide(item, request, story.captureMethod);
  if (what === undefined) return [];
  if (what === 'close') return [send(world, process, 'close', { ...item, ...next, closedBy: by }, by)];
  const isLocked = item.operations.some((each) => each.kind === 'refund' && each.by === FOUND);
  if (what === 'refund' && isLocked && design.foundRefundsLock) return [];
  const op = nextOp(item, what);
  const operations = [...item.operations, { op, kind: what, amount, by, standing: 'pending' } as const];
  return [send(world, { ...process, op }, 'intent', { ...item, ...next, operations }, `${by}, begins ${op}`)];
}

function sweep(setting: Setting, world: World, region: Region, home: Region): Step<World>[] {
  const item = copyOf(world, region, home);
  const pending = item && pendingOperation(item);
  if (item === undefined || pending === undefined || isBusy(world, region, home)) return [];
  return resume(setting, world, region, item, pending.op, '');
}

/** A step that another handler has begun. */
function resume(setting: Setting, world: World, region: Region, item: Item, op: string, by: string): Step<World>[] {
  const { epoch } = world.leases[region];
  const process = PROCESSES.enter({ region, home: item.home, by, op, base: undated(item), epoch });
  return drive(setting, withProcess(world, process), process);
}

/** Asks the bank, and either writes down what it says or, where it has never seen the step, sends it. */
function drive(setting: Setting, world: World, process: Process): Step<World>[] {
  const { design } = setting;
  const { region, home, op, base } = process;
  const operation = base?.operations.find((each) => each.op === op);
  if (base === undefined || operation === undefined) throw new Error(`a process without a step: ${nameOf(process)}`);
  if (!maySend(design, world, process)) return [];
  const record = findRecord(design, world, region, home, op);
  if (record !== undefined) {
    const outcome = settled(base, op, record);
    const whole = isQuarantined(design, world, region, base, 'outcome')
      ? askAll(setting, world, region, outcome)
      : outcome;
    const next = { revision: base.revision + 1, epoch: world.leases[region].epoch };
    const label = `${nameOf(process)}, hears from the bank of ${op}`;
    return [send(without(world, process), process, 'outcome', { ...whole, ...next }, label)];
  }
  const { kind, amount, by } = operation;
  const asked = RECORDS.enter({ home, op, suffix: suffixOf(design, region), kind, amount, by, approved: true });
  if (world.puts.some((put) => put.record === asked)) return [];
  const put = PUTS.enter({ record: asked, ticksLeft: TICKS.deadline });
  const to = { ...world, puts: sorted([...world.puts, put]) };
  return [{ label: `${region}: ${nameOf(process)} asks the bank for ${op} of ${amount}`, to }];
}

function send(world: World, process: Process, what: Write['what'], content: Content, label: string): Step<World> {
  const { region, base } = process;
  const write = WRITES.enter({ what, region, base, content, ticksLeft: TICKS.deadline });
  const to = withProcess({ ...world, writes: sorted([...world.writes, write]) }, process);
  return { label: `${region}: ${label}: ${what} sent`, to };
}

function maySend(design: Design, world: World, { region, epoch }: Process): boolean {
  if (design.leaseChecked === 'once-a-request') return true;
  const isSame = design.leaseChecked === 'at-each-send-without-epoch' || world.leases[region].epoch === epoch;
  return isSame && mayAct(design, world, region);
}

/** The item with every step of which the bank knows more. */
function askAll({ design, story }: Setting, world: World, region: Region, item: Content): Content {
  return withFound(item, story.captureMethod, (op) => findRecord(design, world, region, item.home, op));
}

/** Whether the bank may know more of the payment than this copy does, which is about to be written over. */
function isQuarantined(design: Design, world: World, region: Region, item: Content, what: Write['what']): boolean {
  if (world.isComplete || item.epoch >= world.leases[region].epoch) return false;
  switch (design.quarantine) {
    case 'every-write':
      return true;
    case 'all-but-creates':
      return what !== 'create';
    case 'all-but-outcomes':
      return what !== 'outcome';
    case 'payments-touched-since-replication-stopped': {
      const missing = world.travelling.filter(({ to }) => to === region).map((each) => each.item.at);
      return item.at >= Math.min(...missing);
    }
    case 'none':
      return false;
  }
}

function findRecord(design: Design, { bank }: World, region: Region, home: Region, op: string): BankRecord | undefined {
  const suffix = suffixOf(design, region);
  return bank.find((each) => each.home === home && each.op === op && each.suffix === suffix);
}

function suffixOf({ opKeys }: Design, region: Region): string {
  return opKeys === 'item' ? '' : region;
}
