/** Many measured values in little memory: what comes out stands for what went in. */
import fc from 'fast-check';
import { Distribution } from '../../../../src/handler/adapters/metrics/distribution';

const MOST = 100;
const DAY_MS = 86_400_000;
const times = (minLength: number, maxLength: number) =>
  fc.array(fc.double({ min: 0, max: DAY_MS, noNaN: true }), { minLength, maxLength });

function distributionOf(values: readonly number[]): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.record(value);
  return distribution;
}

/** The values themselves, or as many percentiles of them, by sorting. */
function exact(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const size = Math.min(sorted.length, MOST);
  return [...Array(size).keys()].map((n) => sorted[Math.ceil(((n + 1) * sorted.length) / size) - 1]);
}

test.each([
  ['few', 1, 100],
  ['many', 101, 2_000],
])('%s values: as many as there may be, in order, never too small and at most 5 %% too great', (_, least, most) => {
  fc.assert(
    fc.property(times(least, most), (values) => {
      const given = distributionOf(values).values(MOST);
      const expected = exact(values);
      expect(given).toHaveLength(expected.length);
      expect([...given].sort((one, other) => one - other)).toEqual(given);
      for (const [n, value] of given.entries()) {
        if (n === 0 && given.length > 1) continue;
        expect(value).toBeGreaterThanOrEqual(expected[n]);
        expect(value).toBeLessThanOrEqual(Math.max(expected[n] * 1.0501, 0.1));
      }
    }),
    { numRuns: 50 },
  );
});

test('least and greatest are exact', () => {
  fc.assert(
    fc.property(times(2, 500), (values) => {
      const given = distributionOf(values).values(MOST);
      expect([given[0], given.at(-1)]).toEqual([Math.min(...values), Math.max(...values)]);
    }),
  );
});

test('two of them added are as if all had been in one', () => {
  fc.assert(
    fc.property(times(0, 200), times(0, 200), (one, other) => {
      const sum = distributionOf(one);
      sum.add(distributionOf(other));
      expect(sum.values(MOST)).toEqual(distributionOf([...one, ...other]).values(MOST));
    }),
  );
});

test('none, one, and what is beyond all bounds', () => {
  expect(new Distribution().values(MOST)).toEqual([]);
  expect(distributionOf([7]).values(MOST)).toEqual([7]);
  expect(distributionOf([0]).values(MOST)).toEqual([0]);
  expect(distributionOf([1e15, 2e15]).values(MOST)).toEqual([1e15, 2e15]);
});
