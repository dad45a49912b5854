/** What can go wrong about who is answered what. */
import { simulation, storeFaults } from './tests.mjs';

/** @type {import('./index.mjs').PlantedBug[]} */
export const answers = [
  {
    name: 'sticky-500',
    what: 'a failure of which nobody knows the outcome is saved as the answer of its key',
    edits: [
      {
        file: 'src/handler/app/operate.ts',
        search: 'const result = await commit(deps, changed);',
        replace: `const result = await commit(deps, changed).catch(async (error: Problem) => {
      const { code, detail } = error;
      const standing = (await deps.store.get(payment.facts.id)) ?? payment;
      await deps.store.replace(appendRefusal(standing, { ...idempotency, requestId: caller.requestId, code, detail }));
      throw error;
    });`,
      },
      {
        file: 'src/handler/app/prior.ts',
        search: '  const operation = state.operations.find((each) => each.key === key);\n',
        replace: `  const failure = refusals.find((each) => each.key === key && each.code === 'internal');
  if (failure !== undefined) return { kind: 'refusal', was: failure };
  const operation = state.operations.find((each) => each.key === key);
`,
      },
    ],
    test: storeFaults('an intent of which nobody knows: 500, and the same key finishes it'),
  },
  {
    name: 'keys-of-all-callers-together',
    what: "another caller's key is the same key",
    edits: [
      {
        file: 'src/handler/domain/idempotency.ts',
        search: '{caller}\\n',
        replace: "{''}\\n",
      },
    ],
    test: simulation,
  },
  {
    name: 'same-key-any-body',
    what: 'a key answers for whatever it comes with',
    edits: [
      {
        file: 'src/handler/domain/idempotency.ts',
        search: '{stringify(body ?? {})}',
        replace: "{''}",
      },
    ],
    test: simulation,
  },
  {
    name: 'replay-of-today',
    what: 'a replay shows the payment as it is, and not as it was',
    edits: [
      {
        file: 'src/handler/app/operate.ts',
        search: 'return { payment, version: settledVersion, definite: true, replayed };',
        replace:
          'return { payment, version: Math.max(settledVersion, payment.state.version), definite: true, replayed };',
      },
    ],
    test: simulation,
  },
  {
    name: 'refusals-are-forgotten',
    what: 'a key that was refused is tried anew',
    edits: [
      {
        file: 'src/handler/app/prior.ts',
        search: 'const refusal = refusals.find((each) => each.key === key);',
        replace: "const refusal = refusals.find((each) => each.key === key && each.code === '');",
      },
    ],
    test: simulation,
  },
  {
    name: 'no-tenant-check',
    what: "another merchant's payment is found by its id",
    edits: [
      {
        file: 'src/handler/app/load-payment.ts',
        search: 'if (payment === undefined || !allowed) {',
        replace: 'if (payment === undefined || allowed === undefined) {',
      },
    ],
    test: simulation,
  },
  {
    name: 'unavailable-after-the-fact',
    what: 'a 503 although the operation was begun',
    edits: [
      {
        file: 'src/handler/app/operate.ts',
        search: 'if (error instanceof Problem) return payment;',
        replace: 'if (error instanceof Problem && error.options.retryAfterSeconds === undefined) return payment;',
      },
    ],
    test: simulation,
  },
];
