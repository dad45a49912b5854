/** What all parts of a world stand on: its chance, its time, its faults, and where they tell what happened. */
import type { Faults } from './faults';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

export interface Ground {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  /** For coverage: a simulation in which nothing happens proves nothing. */
  count(what: string): void;
  /** A line of the world's story; written only where somebody wants to read it. */
  trace(line: () => string): void;
  /** @param invariant by its number, `I02` */
  violate(invariant: string, what: string): void;
}

/** Of the moment 0 of every world. */
export const START_MS = Date.UTC(2026, 10, 22, 12);

/** How long something takes over the network: mostly next to nothing, so that much happens in the same millisecond. */
export function latency({ random }: Ground): number {
  return random.chance(0.1) ? random.int(20, 200) : random.int(0, 10);
}

export function isoAt(ms: number): string {
  return new Date(START_MS + ms).toISOString();
}
