/** What can go wrong about the one conditional write. */
import { simulation, storeFaults } from './tests.mjs';

/** @type {import('./index.mjs').PlantedBug[]} */
export const store = [
  {
    name: 'drop-the-condition',
    what: 'the store writes over whatever stands there',
    edits: [
      {
        file: 'src/handler/adapters/memory/payment-store.ts',
        search: 'if (standing?.revision === over) {',
        replace: 'if (over !== undefined || standing === undefined) {',
      },
    ],
    test: simulation,
  },
  {
    name: 'drop-the-condition-in-dynamodb',
    what: 'a change is put into the table without the condition on the revision',
    edits: [
      {
        file: 'src/handler/adapters/dynamodb/payment-store.ts',
        search: "ConditionExpression: '#revision = :read',",
        replace: "ConditionExpression: '#revision >= :read',",
      },
    ],
    test: {
      path: 'test/handler/adapters/dynamodb/payment-store.test.ts',
      name: 'to replace: the item, on condition of the revision that was read',
    },
  },
  {
    name: 'read-eventually-consistent',
    what: 'a payment is read from whichever replica answers',
    edits: [
      {
        file: 'src/handler/adapters/dynamodb/payment-store.ts',
        search: 'Key: keyOf(pk), ConsistentRead: true }',
        replace: 'Key: keyOf(pk) }',
      },
    ],
    test: { path: 'test/handler/adapters/dynamodb/payment-store.test.ts', name: 'to read: consistently' },
  },
  {
    name: 'lock-instead-of-condition',
    what: 'a lock that is held for the write alone takes the place of the condition: what was read before it is written over',
    edits: [
      {
        file: 'src/handler/app/commit.ts',
        search: 'deps.store.create(changed) : deps.store.replace(changed));',
        replace: `deps.store.create(changed) : deps.store.get(changed.facts.id)
    .then((standing) => deps.store.replace({ ...changed, revision: (standing?.revision ?? 0) + 1 })));`,
      },
    ],
    test: simulation,
  },
  {
    name: 'own-write-taken-for-anothers',
    what: 'after a lost answer our own write is seen as a conflict',
    edits: [
      {
        file: 'src/handler/app/commit.ts',
        search: 'if (!result.written && !holds(result.current, changed))',
        replace: 'if (!result.written)',
      },
    ],
    test: storeFaults('our own write, found again after its answer was lost, is a success and no conflict'),
  },
  {
    name: 'anothers-write-taken-for-own',
    what: 'a lost race is not noticed',
    edits: [
      {
        file: 'src/handler/app/commit.ts',
        search: 'if (!result.written && !holds(result.current, changed))',
        replace: 'if (!result.written && result.current.revision < changed.revision)',
      },
    ],
    test: simulation,
  },
  {
    name: 'save-before-validate',
    what: 'the version that the client expects is compared after the write',
    edits: [
      {
        file: 'src/handler/app/operate.ts',
        search: '    checkVersion(payment, command.expectedVersion);\n',
        replace: '',
      },
      {
        file: 'src/handler/app/operate.ts',
        search: '    if (!result.written) continue; // somebody else',
        replace:
          '    checkVersion(payment, command.expectedVersion);\n    if (!result.written) continue; // somebody else',
      },
    ],
    test: simulation,
  },
  {
    name: 'acknowledge-before-fsync',
    what: 'the embedded store acknowledges what is not on the disk',
    edits: [
      {
        file: 'src/handler/adapters/embedded/payment-store.ts',
        search: 'append: (json) => file.append(json),',
        replace: 'append: async (json) => { file.append(json).catch(() => undefined); },',
      },
    ],
    test: {
      path: 'test/handler/adapters/embedded/payment-store.test.ts',
      name: 'a disk that fails stops the store and says so, and what was acknowledged stays',
    },
  },
  {
    name: 'time-goes-backwards',
    what: 'an event carries the time of a clock that was set back',
    edits: [
      {
        file: 'src/handler/domain/payment.ts',
        search: 'const added = event.at < last ? { ...event, at: last } : event;',
        replace: 'const added = event.at < last ? { ...event } : event;',
      },
    ],
    test: simulation,
  },
];
