/**
 * Many measured values in little memory: how many fell between one bound and the next, each bound 5 % above the one before. From a tenth
 * of a millisecond to days that is a few hundred numbers, however many the values.
 */

const LOWEST = 0.1;
const GROWTH = 1.05;
const BUCKETS = 450;
const LOG_GROWTH = Math.log(GROWTH);

export class Distribution {
  private readonly buckets = new Uint32Array(BUCKETS);
  private count = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = 0;

  /** @param value not negative */
  record(value: number): void {
    this.buckets[bucketOf(value)]++;
    this.count++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  add(other: Distribution): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.buckets[bucket] += other.buckets[bucket];
    this.count += other.count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /**
   * At most `most` values that stand for all, in rising order: all of them, or as many percentiles. Least and greatest are exact, the rest
   * to 5 % and never too small.
   */
  values(most: number): number[] {
    const size = Math.min(this.count, most);
    const values: number[] = [];
    let bucket = -1;
    let seen = 0;
    for (let n = 1; n <= size; n++) {
      const rank = Math.ceil((n * this.count) / size);
      while (seen < rank) seen += this.buckets[++bucket];
      values.push(Math.min(Math.max(upperBound(bucket), this.min), this.max));
    }
    if (size > 0) values[0] = size === 1 ? this.max : this.min;
    return values;
  }
}

function bucketOf(value: number): number {
  if (value <= LOWEST) return 0;
  return Math.min(Math.ceil(Math.log(value / LOWEST) / LOG_GROWTH), BUCKETS - 1);
}

function upperBound(bucket: number): number {
  return bucket === BUCKETS - 1 ? Number.POSITIVE_INFINITY : LOWEST * GROWTH ** bucket;
}
