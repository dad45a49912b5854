/**
 * One seed, one world: some processes of the handler on one store, with their banks, their clients and whatever goes wrong between them.
 * It rages for a while, comes to rest, and is then held against everything that was promised.
 */
import { Bank, isUnanswerable } from './bank';
import { checkWorld } from './check';
import { Faults } from './faults';
import type { Ground } from './ground';
import { sealed } from './guards';
import { Network } from './network';
import { Process } from './process';
import { Random } from './random';
import { askAgain, repeatAll } from './rest';
import { Scenario } from './scenario';
import { Scheduler } from './scheduler';
import { PROFILE, RIVAL, SHOP } from './shop';
import { Table } from './table';

export interface WorldOptions {
  readonly faults: boolean;
  /** Whether to write down what happens: costs time. */
  readonly trace: boolean;
}

export interface Violation {
  /** `I02`, as docs/architecture.md lists them. */
  readonly invariant: string;
  readonly what: string;
}

export interface Outcome {
  readonly seed: number;
  readonly faults: boolean;
  readonly violations: readonly Violation[];
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
  readonly events: number;
}

/** Everything is certain that long after the end of the faults. */
const DEFINITE_MS = 30_000;
const REST_MS = 60_000;
/** What was under way when the faults ended has landed by then. */
const LANDED_MS = 15_000;
const DAY_MS = 86_400_000;

export function runWorld(seed: number, options: WorldOptions): Promise<Outcome> {
  const random = new Random(seed);
  return sealed(random, () => new World(seed, random, options).run());
}

class World {
  private readonly counts = new Map<string, number>();
  private readonly violations: Violation[] = [];
  private readonly lines: string[] = [];
  private readonly scheduler: Scheduler;
  private readonly ground: Ground;
  private readonly table: Table;
  private readonly banks: readonly Bank[];
  private readonly processes: Process[] = [];
  private readonly network: Network;

  constructor(
    private readonly seed: number,
    private readonly random: Random,
    private readonly options: WorldOptions,
  ) {
    const { faults, trace } = options;
    this.scheduler = new Scheduler(random);
    const count = (what: string) => this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    this.ground = {
      random,
      scheduler: this.scheduler,
      faults: new Faults(random, this.scheduler, faults, count),
      count,
      trace: (line) => {
        if (trace) this.lines.push(`${String(this.scheduler.nowMs).padStart(8)} ${line()}`);
      },
      violate: (invariant, what) => {
        this.violations.push({ invariant, what });
        if (trace) this.lines.push(`${String(this.scheduler.nowMs).padStart(8)} !!! ${invariant} ${what}`);
      },
    };
    this.table = new Table(this.ground);
    this.banks = random.pick([['default'], ['default'], ['near', 'far']]).map((name) => new Bank(name, this.ground));
    this.network = new Network(this.ground, this.processes);
    const surroundings = {
      table: this.table,
      banks: this.banks,
      processes: this.processes,
      onCrash: () => this.network.onCrash(),
    };
    for (let n = random.int(3, 4); n > 0; n--) {
      this.processes.push(new Process(`h${this.processes.length + 1}`, this.ground, surroundings));
    }
  }

  async run(): Promise<Outcome> {
    const { random, scheduler, ground, network } = this;
    for (const { id } of [SHOP, RIVAL]) {
      await this.table.store.putMerchant({ ...PROFILE, id, createdAt: '2026-01-01', updatedAt: '2026-01-01' });
    }
    for (const process of this.processes) scheduler.in(random.int(0, 3_000), () => process.start());
    const endMs = random.pick([15_000, 40_000, 90_000]);
    const scenario = new Scenario(ground, network, endMs);
    scenario.start();
    await scheduler.runUntil(endMs);

    ground.trace(() => 'the faults end');
    ground.faults.end();
    for (const process of this.processes) {
      process.start();
      process.life?.wakeUp();
    }
    await scheduler.runUntil(endMs + DEFINITE_MS);
    this.checkDefinite(endMs);
    await scheduler.runUntil(endMs + LANDED_MS + DEFINITE_MS);
    this.checkDefinite(endMs + LANDED_MS);
    await scheduler.runUntil(endMs + REST_MS);
    await this.until(askAgain(ground, network, (id) => this.isStuck(id)));
    for (const { life } of this.processes) life?.stop();
    scheduler.nowMs += random.pick([1, 31, 399]) * DAY_MS;
    await this.until(repeatAll(network));

    await checkWorld(ground, { network, table: this.table, banks: this.banks });
    const { seed, violations, counts, lines: trace } = this;
    return { seed, faults: this.options.faults, violations, counts, trace, events: scheduler.events };
  }

  /** Lets time pass until the work is done. */
  private async until(work: Promise<unknown>): Promise<void> {
    let done = false;
    work.finally(() => {
      done = true;
    });
    await this.scheduler.runUntil(this.scheduler.nowMs + 10 * 60_000, () => done);
    if (!done) this.ground.violate('I37', 'clients wait for ever');
  }

  /** Whether something of the payment waits for what only people can bring about. */
  private isStuck(id: string): boolean {
    const operations = this.table.current(id)?.state.operations ?? [];
    return operations.some(({ op, status, code }) => {
      const isOpen = status === 'pending' || status === 'unknown';
      return isOpen && (code === 'needs-reconciliation' || isUnanswerable(this.banks, `${id}.${op}`));
    });
  }

  private checkDefinite(begunBeforeMs: number): void {
    for (const { facts, state } of this.table.payments()) {
      if (this.isStuck(facts.id)) continue;
      for (const { op, status } of state.operations) {
        const opKey = `${facts.id}.${op}`;
        if (status !== 'pending' && status !== 'unknown') continue;
        const intent = this.table.intent(opKey);
        if (intent !== undefined && intent.atMs > begunBeforeMs) continue;
        this.ground.violate('I37', `${opKey} is ${status} ${DEFINITE_MS} ms after the end of the faults`);
      }
    }
  }
}
