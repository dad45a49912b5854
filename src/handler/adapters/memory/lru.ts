/** A map of bounded size: what was not used for the longest time goes first. */
export class Lru<Value> {
  private readonly entries = new Map<string, Value>();
  private size = 0;

  constructor(
    private readonly sizeMax: number,
    private readonly sizeOf: (value: Value) => number = () => 1,
  ) {}

  get(key: string): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key); // a Map keeps the order of insertion
    this.entries.set(key, value);
    return value;
  }

  /** What is larger than the whole is not kept. */
  set(key: string, value: Value): void {
    this.remove(key);
    const size = this.sizeOf(value);
    if (size > this.sizeMax) return;
    this.entries.set(key, value);
    this.size += size;
    for (const oldest of this.entries.keys()) {
      if (this.size <= this.sizeMax) return;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const value = this.entries.get(key);
    if (value === undefined) return;
    this.entries.delete(key);
    this.size -= this.sizeOf(value);
  }
}
