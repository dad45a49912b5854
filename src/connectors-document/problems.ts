/** What is wrong with a document, and where. */

export interface DocumentProblem {
  readonly path: readonly (string | number)[];
  /** Stable, kebab-case. */
  readonly code: string;
  /** Goes on from the path. */
  readonly what: string;
  /** May be a secret in the wrong place, except in routes. */
  readonly got: unknown;
  readonly allowed: string;
  readonly fix: string;
}

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Collects problems while a document is walked. */
export class Problems {
  readonly found: DocumentProblem[] = [];
  private path: readonly (string | number)[] = [];

  add(code: string, what: string, rest: Pick<DocumentProblem, 'got' | 'allowed' | 'fix'>): void {
    this.found.push({ path: this.path, code, what, ...rest });
  }

  /** What `check` adds is about that member. */
  at(name: string | number, check: () => void): void {
    const { path } = this;
    this.path = [...path, name];
    check();
    this.path = path;
  }

  /** An object's members; `undefined` where it is no object. Others than the known ones are a problem. */
  members(value: unknown, known: readonly string[]): Members | undefined {
    const fix = 'leave out what is not known';
    if (!isMembers(value)) {
      this.add('type', 'is no object', { got: value, allowed: `an object of ${known.join(', ')}`, fix });
      return undefined;
    }
    const unknown = Object.keys(value).filter((name) => !known.includes(name));
    if (unknown.length > 0)
      this.add('unknown-member', 'has members that are not known', { got: unknown, allowed: known.join(', '), fix });
    return value;
  }
}
