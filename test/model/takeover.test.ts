/**
 * The takeover, explored whole: no double capture, no lost acknowledgement that nobody is told of, and nothing open for ever. Each rule of
 * the design is then left out, and the search must find what it is there for. `docs/decisions/0004-takeover.md` says the rules in words.
 */
import { type Design, EVENTUAL, STORIES, STRONG } from './design';
import { type Exploration, explore } from './search';
import { takeover } from './takeover';

const MOST_STATES = 1_000_000;
const TIMEOUT_MS = 240_000;

type StoryName = keyof typeof STORIES;
const STORY_NAMES = Object.keys(STORIES).filter((name): name is StoryName => name in STORIES);

const table: string[] = [];
afterAll(() => console.log(table.join('\n')));

function search(title: string, design: Design, story: StoryName): Exploration {
  const result = explore(takeover(design, STORIES[story]), MOST_STATES);
  const { states, transitions, depth, counterexample } = result;
  const found =
    counterexample === undefined ? 'whole' : `${counterexample.trace.length} steps to "${counterexample.what}"`;
  table.push(`${title}, ${story}: ${states} states, ${transitions} transitions, depth ${depth}, ${found}`);
  return result;
}

function told({ counterexample }: Exploration): string {
  return counterexample === undefined ? '' : [counterexample.what, ...counterexample.trace].join('\n  ');
}

describe.each([
  { title: 'strong', design: STRONG, least: 3_000, seen: [/comes too late/, /drives|sweep/] },
  {
    title: 'eventual, with the fence',
    design: EVENTUAL,
    least: 500_000,
    seen: [
      /B takes the lease, epoch 2/,
      /A takes the lease, epoch 3/,
      /B has all that A wrote/,
      /finds at the bank what the item lacks/,
      /declines/,
      /crashes/,
      /A: a version comes from the other Region/,
      /B: a version comes from the other Region/,
    ],
  },
])('$title', ({ title, design, least, seen }) => {
  const results: Exploration[] = [];

  test.each(STORY_NAMES)(
    '%s: the whole space keeps every law',
    (story) => {
      const result = search(title, design, story);
      results.push(result);
      expect(told(result)).toBe('');
      expect(result.whole).toBe(true);
    },
    TIMEOUT_MS,
  );

  test('and the space is as large as it should be', () => {
    expect(results).toHaveLength(STORY_NAMES.length);
    expect(results.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(least);
    const labels = results.flatMap((result) => [...result.labels]);
    expect(seen.filter((label) => !labels.some((each) => label.test(each)))).toEqual([]);
  });
});

const NO_FENCE = { fence: false, waitTicks: 0 } as const;

interface Broken {
  readonly rule: string;
  readonly without: Partial<Design>;
  readonly story: StoryName;
  readonly finds: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    rule: 'a fence',
    without: NO_FENCE,
    story: 'one key in two Regions',
    finds: /^double capture: sale.1 is at the bank and in no book/,
  },
  {
    rule: 'a fence, nor names that come from the item',
    without: { ...NO_FENCE, opKeys: 'process' },
    story: 'captured twice or voided',
    finds: /^double capture: A.capture.1.A for .* and A.capture.1.B for .* of one payment/,
  },
  {
    rule: 'names that come from the item',
    without: { opKeys: 'process' },
    story: 'captured twice or voided',
    finds: /^double capture: A.capture.1.A for .* and A.capture.1.B for .* of one payment/,
  },
  {
    rule: 'the wait for lease, deadline and clocks',
    without: { waitTicks: 0 },
    story: 'captured twice or voided',
    finds: /^(double capture|false answer)/,
  },
  {
    rule: 'the whole of that wait: any part of it less',
    without: { waitTicks: EVENTUAL.waitTicks - 1 },
    story: 'one key in two Regions',
    finds: /^double capture/,
  },
  {
    rule: 'a look at the lease before each send',
    without: { leaseChecked: 'once-a-request' },
    story: 'one key in two Regions',
    finds: /^double capture/,
  },
  {
    rule: 'the epoch that a handler began under',
    without: { leaseChecked: 'at-each-send-without-epoch' },
    story: 'captured twice or voided',
    finds: /^double capture: of what was voided/,
  },
  {
    rule: 'quarantine',
    without: { quarantine: 'none' },
    story: 'two wallets pay what is made or cancelled',
    finds: /^(double capture|false answer)/,
  },
  {
    rule: 'quarantine of payments that look old',
    without: { quarantine: 'payments-touched-since-replication-stopped' },
    story: 'captured twice or voided',
    finds: /^false answer: capture-2 was told capture.1/,
  },
  {
    rule: 'quarantine of new payments',
    without: { quarantine: 'all-but-creates' },
    story: 'one key in two Regions',
    finds: /^double capture: sale.1 is at the bank and in no book/,
  },
  {
    rule: 'quarantine of steps that are driven on',
    without: { quarantine: 'all-but-outcomes' },
    story: 'authorized and captured',
    finds: /^double capture: capture.1 is at the bank and in no book/,
  },
  {
    rule: 'the lock on refunds that were found',
    without: { foundRefundsLock: false },
    story: 'refunded by equal parts',
    finds: /^done twice: refund-1/,
  },
  {
    rule: 'the stream in the report',
    without: { reportReadsStream: false },
    story: 'two wallets pay what is made or cancelled',
    finds: /^lost acknowledgement: cancel/,
  },
  {
    rule: 'replication both ways before the lease goes back',
    without: { failBackWaitsForReplication: false },
    story: 'captured twice or voided',
    finds: /^false answer|^double capture/,
  },
  {
    rule: 'one home for the pair',
    without: { newIds: 'of-each-region' },
    story: 'one key in two Regions',
    finds: /^double capture: two payments of one idempotency key/,
  },
  {
    rule: 'one home for the pair, though the key is looked for under each id',
    without: { newIds: 'of-each-region', looksUnderEachId: true },
    story: 'one key in two Regions',
    finds: /^double capture: two payments of one idempotency key/,
  },
];

test.each(BROKEN)(
  'eventual without $rule: found',
  ({ rule, without, story, finds }) => {
    const result = search(`eventual without ${rule}`, { ...EVENTUAL, ...without }, story);
    if (without === NO_FENCE) table.push(`  ${told(result)}`);
    expect(told(result)).toMatch(finds);
  },
  TIMEOUT_MS,
);

test.each([
  { rule: 'one home for the pair', looksUnderEachId: false },
  { rule: 'one home for the pair, though the key is looked for under each id', looksUnderEachId: true },
])('strong without $rule: found', ({ rule, looksUnderEachId }) => {
  const design = { ...STRONG, newIds: 'of-each-region', looksUnderEachId } as const;
  const result = search(`strong without ${rule}`, design, 'one key in two Regions');
  expect(told(result)).toMatch(/^double capture: two payments of one idempotency key/);
});
