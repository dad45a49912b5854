/** What can go wrong about amounts and states. */
import { simulation } from './tests.mjs';

const DECIDE = 'src/handler/domain/decide.ts';

/** @type {import('./index.mjs').PlantedBug[]} */
export const money = [
  {
    name: 'trust-the-amount-scanned',
    what: "what the payer's wallet says is what is paid",
    edits: [
      {
        file: DECIDE,
        search: 'if (request.amount !== undefined && request.amount.value !== facts.amount.value) {',
        replace: 'if (request.amount !== undefined && request.amount.value > facts.amount.value) {',
      },
      {
        file: DECIDE,
        search: "return { kind: 'begin', operation, amount: facts.amount.value, payerToken: request.payer.token };",
        replace:
          "return { kind: 'begin', operation, amount: request.amount?.value ?? facts.amount.value, payerToken: request.payer.token };",
      },
    ],
    test: simulation,
  },
  {
    name: 'any-code-will-do',
    what: 'the code that was scanned is not compared',
    edits: [
      {
        file: DECIDE,
        search: 'if (request.qrPayload !== undefined && request.qrPayload !== facts.qrPayload) {',
        replace: "if (request.qrPayload === '') {",
      },
    ],
    test: simulation,
  },
  {
    name: 'second-capture',
    what: 'what was captured in part can be captured again',
    edits: [
      {
        file: DECIDE,
        search: "if (payment.state.status !== 'authorized') return wrongState(payment, 'capture', 'authorized');",
        replace:
          "if (!['authorized', 'captured'].includes(payment.state.status)) return wrongState(payment, 'capture', 'authorized');",
      },
    ],
    test: simulation,
  },
  {
    name: 'refund-more-than-was-taken',
    what: 'each refund is held against the whole, and not against what is left of it',
    edits: [
      {
        file: DECIDE,
        search: "return withinAmount(payment, request.amount, captured - refunded, 'captured and not refunded'",
        replace: "return withinAmount(payment, request.amount, captured, 'captured and not refunded'",
      },
    ],
    test: { path: 'test/handler/http/life-cycle.test.ts', name: 'refund' },
  },
  {
    name: 'expiry-by-a-job',
    what: 'a payment whose time is over can be paid until some job has marked it',
    edits: [
      {
        file: 'src/handler/app/load-payment.ts',
        search: 'if (!isDue(payment, nowIso(deps.clock)) ||',
        replace: "if (nowIso(deps.clock) !== '' ||",
      },
      {
        file: 'src/handler/app/operate.ts',
        search: 'if (isDue(payment, at) && !deps.store.isFrozen()) continue;',
        replace: '',
      },
    ],
    test: {
      path: 'test/handler/app/expiry.test.ts',
      name: 'one millisecond earlier it can be paid, at the moment it cannot',
    },
  },
  {
    name: 'expire-what-is-being-paid',
    what: 'a payment expires while the bank is still to say whether it was paid',
    edits: [
      {
        file: 'src/handler/domain/payment.ts',
        search: '!pendingOperation(',
        replace: '(() => true)(',
      },
    ],
    test: simulation,
  },
  {
    name: 'fold-skips-an-event',
    what: 'a decline is not folded into the state',
    edits: [
      {
        file: 'src/handler/domain/fold.ts',
        search:
          "return change(next, event.op, (operation) => ({ ...settled(next, operation, event), status: 'declined' }));",
        replace: 'return next;',
      },
    ],
    test: simulation,
  },
  {
    name: 'token-is-kept',
    what: "the payer's token stays in the item after the outcome",
    edits: [
      {
        file: 'src/handler/domain/payment.ts',
        search: '  if (pendingOperation(state) === undefined) return next;\n',
        replace: '',
      },
    ],
    test: simulation,
  },
];
