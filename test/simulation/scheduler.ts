/**
 * Virtual time. Whatever happens in a world happens as an event of this queue, one at a time, and the seed decides the order of those
 * that fall on the same millisecond. Between two events everything that can run without another event has run.
 */
import type { Random } from './random';

interface Entry {
  readonly atMs: number;
  /** Decides between events of the same millisecond. */
  readonly tie: number;
  run: (() => void) | undefined;
}

/** More than any world needs: one that goes on and on is stopped and reported. */
const EVENTS_MAX = 200_000;

export class Scheduler {
  nowMs = 0;
  events = 0;
  private readonly heap: Entry[] = [];

  constructor(private readonly random: Random) {}

  /** @returns takes it back, if it has not happened yet */
  in(afterMs: number, run: () => void): () => void {
    const entry: Entry = { atMs: this.nowMs + Math.max(0, Math.round(afterMs)), tie: this.random.next(), run };
    this.push(entry);
    return () => {
      entry.run = undefined;
    };
  }

  /** Resolves when that much time has passed. For what is no part of any handler. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.in(ms, resolve);
    });
  }

  /** Lets time pass up to `endMs`, or until `done` says that there is nothing to wait for. */
  async runUntil(endMs: number, done: () => boolean = () => false): Promise<void> {
    await Promise.resolve(); // a tick is late enough only when asked for from within a promise's continuation
    await quiet();
    while (!done()) {
      const next = this.heap[0];
      if (next === undefined || next.atMs > endMs) break;
      this.pop();
      const { run } = next;
      if (run === undefined) continue;
      if (++this.events > EVENTS_MAX) throw new Error(`a world of more than ${EVENTS_MAX} events`);
      this.nowMs = next.atMs;
      run();
      await quiet();
    }
    if (!done()) this.nowMs = Math.max(this.nowMs, endMs);
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(entry, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.tie < other.tie);
}

/** A tick comes after every promise that can go on has gone on, and costs less than a turn of the event loop. */
function quiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
