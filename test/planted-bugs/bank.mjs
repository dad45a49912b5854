/** What can go wrong between our books and the bank's. */
import { simulation } from './tests.mjs';

/** @type {import('./index.mjs').PlantedBug[]} */
export const bank = [
  {
    name: 'no-intent',
    what: 'the bank is asked before anything is written',
    edits: [
      {
        file: 'src/handler/app/operate.ts',
        search: 'const result = await commit(deps, changed);',
        replace:
          "const result = decision.kind === 'begin' ? { written: true as const, payment: changed } : await commit(deps, changed);",
      },
    ],
    test: simulation,
  },
  {
    name: 'new-op-key-on-retry',
    what: 'a step has another name at the bank each time it is asked for',
    edits: [
      {
        file: 'src/handler/app/bank.ts',
        search: 'opKey: opKeyOf(facts.id, op),',
        replace: 'opKey: opKeyOf(facts.id, op + Math.floor(Math.random() * 9)),',
      },
    ],
    test: simulation,
  },
  {
    name: 'put-again-without-asking',
    what: 'after silence the bank is told again, and not asked what became of it',
    edits: [
      {
        file: 'src/handler/app/settle.ts',
        search: "this.ask = result === 'absent' ? 'put' : 'get';",
        replace: "this.ask = 'put';",
      },
    ],
    test: simulation,
  },
  {
    name: 'silence-is-a-decline',
    what: 'a bank that does not answer has declined',
    edits: [
      {
        file: 'src/handler/app/record.ts',
        search: `    case 'unknown':
    case 'not-sent':`,
        replace: `    case 'unknown':
      return outcome(deps, step, { result: 'declined', code: 'timeout', reference: '' });
    case 'not-sent':`,
      },
    ],
    test: simulation,
  },
  {
    name: 'any-amount-will-do',
    what: "an answer about another amount is taken for this one's",
    edits: [
      {
        file: 'src/handler/adapters/connector/answer.ts',
        search: "if (currency !== amount.currency || value !== amount.value) return { result: 'mismatch', record };",
        replace: "if (currency !== amount.currency) return { result: 'mismatch', record };",
      },
    ],
    test: {
      path: 'test/handler/adapters/connector/http.test.ts',
      name: 'a whole record of another amount is given to whoever may adopt it',
    },
  },
  {
    name: 'mismatch-is-an-approval',
    what: 'what the bank says of another amount is adopted without a conflict',
    edits: [
      {
        file: 'src/handler/app/record.ts',
        search: 'return conflict ? adopt(deps, step, answer.record) : undefined;',
        replace: 'return adopt(deps, step, answer.record);',
      },
    ],
    test: simulation,
  },
  {
    name: 'conflict-is-an-approval',
    what: 'a 409 of the bank is swallowed: the step must have been done, and its record is not read',
    edits: [
      {
        file: 'src/handler/app/record.ts',
        search: `    case 'conflict':
      return undefined;`,
        replace: `      return undefined;
    case 'conflict':
      return outcome(deps, step, { result: 'approved', code: 'known', reference: '' });`,
      },
    ],
    test: simulation,
  },
  {
    name: 'sweep-never-runs',
    what: 'what a crashed process has left is gone on with by nobody but those who ask',
    edits: [
      {
        file: 'src/handler/app/resume.ts',
        search: 'if (store.isFrozen()) return 0; // what',
        replace: 'if (!store.isFrozen()) return 0; // what',
      },
    ],
    test: simulation,
  },
  {
    name: 'settled-twice',
    what: 'an outcome is written down again by whoever comes second',
    edits: [
      {
        file: 'src/handler/app/record.ts',
        search: 'if (standing?.settledVersion === undefined) {',
        replace:
          "if (event.type !== 'operation_unknown') return event;\n  if (standing?.settledVersion === undefined) {",
      },
    ],
    test: simulation,
  },
  {
    name: 'late-success-dropped',
    what: 'a bank that did after all what it had declined is not listened to',
    edits: [
      {
        file: 'src/handler/app/record.ts',
        search: "return isLate ? { ...event, type: 'operation_late' } : undefined;",
        replace: 'return isLate ? undefined : undefined;',
      },
    ],
    test: simulation,
  },
  {
    name: 'fall-over-after-silence',
    what: 'a step goes to the next bank though the first may have done it',
    edits: [
      {
        file: 'src/handler/app/settle.ts',
        search: "if (result === 'not-sent') return this.untouched && this.moveOn();",
        replace: "if (result === 'not-sent' || result === 'unknown') return this.moveOn();",
      },
    ],
    test: simulation,
  },
];
