/** Worlds by the thousand, and what they came to. */
import { type Outcome, runWorld } from './world';

export { runWorld } from './world';

export interface ManyOptions {
  /** The first seed. */
  readonly from: number;
  readonly worlds: number;
  readonly faults: boolean;
  /** Goes on until so many worlds have broken a promise. */
  readonly failuresMax?: number;
}

export interface Result {
  readonly worlds: number;
  readonly faults: boolean;
  readonly events: number;
  readonly cpuSeconds: number;
  readonly failures: readonly Outcome[];
  readonly counts: ReadonlyMap<string, number>;
}

export async function runMany({ from, worlds, faults, failuresMax = 1 }: ManyOptions): Promise<Result> {
  const counts = new Map<string, number>();
  const failures: Outcome[] = [];
  const began = process.cpuUsage();
  let events = 0;
  let seed = from;
  for (; seed < from + worlds && failures.length < failuresMax; seed++) {
    const outcome = await runWorld(seed, { faults, trace: false });
    events += outcome.events;
    for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    if (outcome.violations.length > 0) failures.push(outcome);
  }
  const { user, system } = process.cpuUsage(began);
  return { worlds: seed - from, faults, events, cpuSeconds: (user + system) / 1e6, failures, counts };
}

/** A line of the story holds whole replies, which are compared and need not be read. */
const LINE_CHARS = 260;
const VIOLATIONS_TOLD = 10;

/** The story of a world that broke a promise, and which; nothing where there is none. */
export async function tell(failure: Outcome | undefined): Promise<string> {
  if (failure === undefined) return '';
  const { seed, faults } = failure;
  const { trace } = await runWorld(seed, { faults, trace: true });
  return [...trace.map((line) => line.slice(0, LINE_CHARS)), ...describe(failure)].join('\n');
}

export function describe({ seed, faults, violations }: Outcome): string[] {
  const again = `node test/simulation/run.mjs --seed ${seed}${faults ? '' : ' --no-faults'}`;
  const told = violations.slice(0, VIOLATIONS_TOLD).map(({ invariant, what }) => `  ${invariant} ${what}`);
  return [`seed ${seed} broke ${violations.length} promises (${again}):`, ...told];
}

export function summary({ worlds, faults, events, cpuSeconds, failures, counts }: Result): string {
  const lines = [...counts].sort().map(([what, times]) => `  ${what}: ${times}`);
  const title = `${worlds} worlds ${faults ? 'with' : 'without'} faults, ${events} events, ${failures.length} broke a promise`;
  return [
    ...lines,
    `${title}; ${cpuSeconds.toFixed(1)} s of CPU, ${Math.round(worlds / cpuSeconds)} worlds a second`,
  ].join('\n');
}
