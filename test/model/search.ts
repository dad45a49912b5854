/**
 * Explicit-state search: visits every state that a model can reach, breadth first, so that the first violation found is one of the
 * shortest. It knows nothing of payments.
 */

export interface Step<State> {
  readonly label: string;
  readonly to: State;
}

export interface Model<State> {
  readonly initial: readonly State[];
  /** Equal for two states exactly where they are the same state. */
  key(state: State): string;
  next(state: State): readonly Step<State>[];
  /** What of the model's laws does not hold here. */
  violation(state: State): string | undefined;
  /** Nothing is under way and nothing is left open. From every state such a one must be within reach. */
  isRest(state: State): boolean;
}

export interface Counterexample {
  readonly what: string;
  /** The steps that lead there from an initial state. */
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the state that is farthest from the start. */
  readonly depth: number;
  readonly rests: number;
  /** Of the steps that led to a new state. */
  readonly labels: ReadonlySet<string>;
  /** Every state was visited, and none broke a law. */
  readonly whole: boolean;
  readonly counterexample?: Counterexample;
}

/** @param most a model that grows past this many states is wrong, and stops with an error instead of filling the memory */
export function explore<State>(model: Model<State>, most: number): Exploration {
  return new Search(model, most).run();
}

class Search<State> {
  private readonly numbers = new Map<string, number>();
  private readonly parents: number[] = [];
  private readonly labels: string[] = [];
  private readonly rests: number[] = [];
  /** From and to, of every transition. */
  private readonly edges = new Numbers();
  private frontier: State[] = [];
  private frontierStart = 0;
  private counterexample?: Counterexample;

  constructor(
    private readonly model: Model<State>,
    private readonly most: number,
  ) {}

  run(): Exploration {
    for (const state of this.model.initial) this.visit(state, -1, '');
    let depth = 0;
    while (this.frontier.length > 0 && this.counterexample === undefined) {
      const layer = this.frontier;
      const start = this.frontierStart;
      this.frontierStart = start + layer.length;
      this.frontier = [];
      for (let n = 0; n < layer.length && this.counterexample === undefined; n++) this.expand(layer[n], start + n);
      if (this.frontier.length > 0) depth++;
    }
    const whole = this.counterexample === undefined;
    if (whole) this.counterexample = this.findTrap();
    return {
      states: this.parents.length,
      transitions: this.edges.length / 2,
      depth,
      rests: this.rests.length,
      labels: new Set(this.labels),
      whole: whole && this.counterexample === undefined,
      ...(this.counterexample && { counterexample: this.counterexample }),
    };
  }

  private expand(state: State, number: number): void {
    for (const { label, to } of this.model.next(state)) {
      const target = this.visit(to, number, label);
      this.edges.push(number);
      this.edges.push(target);
      if (this.counterexample !== undefined) return;
    }
  }

  private visit(state: State, parent: number, label: string): number {
    const key = this.model.key(state);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.parents.length;
    if (number >= this.most) throw new Error(`the model has more than ${this.most} states`);
    this.numbers.set(key, number);
    this.parents.push(parent);
    this.labels.push(label);
    this.frontier.push(state);
    const what = this.model.violation(state);
    if (what !== undefined) this.counterexample = { what, trace: this.traceTo(number) };
    if (this.model.isRest(state)) this.rests.push(number);
    return number;
  }

  private traceTo(number: number): string[] {
    const trace: string[] = [];
    for (let at = number; this.parents[at] >= 0; at = this.parents[at]) trace.push(this.labels[at]);
    return trace.reverse();
  }

  /** A state from which no rest can be reached, by walking back from all rests. */
  private findTrap(): Counterexample | undefined {
    const into = groupByTarget(this.edges, this.parents.length);
    const escapes = new Uint8Array(this.parents.length);
    const stack = [...this.rests];
    for (const rest of stack) escapes[rest] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (let n = into.starts[at]; n < into.starts[at + 1]; n++) {
        const from = into.sources[n];
        if (escapes[from] === 1) continue;
        escapes[from] = 1;
        stack.push(from);
      }
    }
    const trap = escapes.indexOf(0);
    return trap === -1 ? undefined : { what: 'something stays open for ever', trace: this.traceTo(trap) };
  }
}

function groupByTarget(edges: Numbers, states: number): { starts: Uint32Array; sources: Uint32Array } {
  const starts = new Uint32Array(states + 2);
  for (let n = 0; n < edges.length; n += 2) starts[edges.at(n + 1) + 2]++;
  for (let state = 2; state < starts.length; state++) starts[state] += starts[state - 1];
  const sources = new Uint32Array(edges.length / 2);
  for (let n = 0; n < edges.length; n += 2) sources[starts[edges.at(n + 1) + 1]++] = edges.at(n);
  return { starts, sources };
}

/** A list of numbers that takes four bytes for each. */
class Numbers {
  private held = new Uint32Array(1 << 16);
  length = 0;

  push(value: number): void {
    if (this.length === this.held.length) {
      const larger = new Uint32Array(this.held.length * 2);
      larger.set(this.held);
      this.held = larger;
    }
    this.held[this.length++] = value;
  }

  at(index: number): number {
    return this.held[index];
  }
}
