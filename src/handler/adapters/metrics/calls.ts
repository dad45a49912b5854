/** Calls of one kind: how many, how those ended that did not end well, and how long they took. */
import { LIMITS } from '../../domain/limits';
import { Distribution } from './distribution';
import type { Figure } from './embedded-format';

/** Names of the figures: of all calls, of each way not to end well, and of the time. */
export interface CallNames {
  readonly all: string;
  readonly faults: readonly [string, string];
  readonly latency: string;
}

export class Calls {
  private all = 0;
  private readonly faults: [number, number] = [0, 0];
  private readonly latency = new Distribution();

  /** @param fault which of the two ways not to end well; @param durationMs where it says something about us */
  record(fault: 0 | 1 | undefined, durationMs: number | undefined): void {
    this.all++;
    if (fault !== undefined) this.faults[fault]++;
    if (durationMs !== undefined) this.latency.record(durationMs);
  }

  add({ all, faults, latency }: Calls): void {
    this.all += all;
    this.faults[0] += faults[0];
    this.faults[1] += faults[1];
    this.latency.add(latency);
  }

  figures(names: CallNames): Figure[] {
    return [
      { name: names.all, unit: 'Count', value: this.all },
      { name: names.faults[0], unit: 'Count', value: this.faults[0] },
      { name: names.faults[1], unit: 'Count', value: this.faults[1] },
      ...times(names.latency, this.latency),
    ];
  }
}

/** Nothing, where nothing was measured. */
export function times(name: string, distribution: Distribution): Figure[] {
  const value = distribution.values(LIMITS.metricValues);
  return value.length === 0 ? [] : [{ name, unit: 'Milliseconds', value }];
}
