/** The search itself, on models small enough to count by hand. */
import { explore, type Model, type Step } from './search';

/** Steps right and down on a field; whoever stands in the corner is at rest. */
function field(width: number, height: number, overrides: Partial<Model<readonly [number, number]>> = {}) {
  const model: Model<readonly [number, number]> = {
    initial: [[0, 0]],
    key: String,
    next: ([x, y]) => {
      const steps: Step<readonly [number, number]>[] = [];
      if (x + 1 < width) steps.push({ label: 'right', to: [x + 1, y] });
      if (y + 1 < height) steps.push({ label: 'down', to: [x, y + 1] });
      return steps;
    },
    violation: () => undefined,
    isRest: ([x, y]) => x + 1 === width && y + 1 === height,
    ...overrides,
  };
  return model;
}

test('every state is visited once, and every transition counted', () => {
  const { labels, ...counts } = explore(field(40, 30), 10_000);
  expect(counts).toEqual({ states: 1_200, transitions: 39 * 30 + 40 * 29, depth: 68, rests: 1, whole: true });
  expect([...labels].sort()).toEqual(['', 'down', 'right']);
});

test('a violation is told with one of the shortest ways to it', () => {
  const result = explore(field(40, 30, { violation: ([x, y]) => (x === 2 && y > 2 ? 'here' : undefined) }), 10_000);
  expect(result.whole).toBe(false);
  expect(result.counterexample?.what).toBe('here');
  expect(result.counterexample?.trace.toSorted()).toEqual(['down', 'down', 'down', 'right', 'right']);
});

test('a violation of the first state needs no steps', () => {
  expect(explore(field(2, 2, { violation: () => 'at once' }), 10).counterexample).toEqual({
    what: 'at once',
    trace: [],
  });
});

test('a state from which there is no way to a rest is found, though nothing else is wrong', () => {
  const model = field(3, 3, { isRest: ([x, y]) => x === 0 && y === 2 });
  expect(explore(model, 10)).toMatchObject({
    whole: false,
    counterexample: { what: 'something stays open for ever', trace: ['right'] },
  });
});

test('a circle is no way to a rest', () => {
  const model: Model<number> = {
    initial: [0],
    key: String,
    next: (state) => [{ label: 'on', to: (state + 1) % 3 }],
    violation: () => undefined,
    isRest: () => false,
  };
  expect(explore(model, 10)).toMatchObject({ states: 3, transitions: 3, whole: false });
});

test('a model that is larger than was said ends with an error', () => {
  expect(() => explore(field(40, 30), 1_199)).toThrow('more than 1199 states');
});
