// The store against the bank's own book: the same operations, the same outcomes, the same money, and nothing a bank must refuse.

/** @param report called with (invariant, subject, what) */
export function checkBank(payments, book, report) {
  const decided = new Map();
  for (const entry of book) {
    if (entry.type === 'refused') report('I07', entry.opKey, `the bank was sent ${entry.why}`);
    if (entry.type !== 'done') continue;
    if (decided.has(entry.opKey)) report('I07', entry.opKey, 'done twice');
    decided.set(entry.opKey, entry);
  }
  const known = new Set();
  const byPayment = groupByPayment(decided.values());
  for (const item of payments) {
    for (const operation of operationsOf(item)) {
      const opKey = `${item.pk}.${operation.op}`;
      known.add(opKey);
      const entry = decided.get(opKey);
      if (entry === undefined) report('I07', opKey, `${operation.outcome} here, the bank has never seen it`);
      else compare(item, operation, entry, (what) => report('I07', opKey, what));
    }
    compareTotals(item, byPayment.get(item.pk) ?? [], report);
  }
  for (const opKey of decided.keys())
    if (!known.has(opKey)) report('I07', opKey, 'the bank has done it, the store knows nothing of it');
}

/** An outcome per operation that has begun. */
export function operationsOf({ events }) {
  return events
    .map((event, at) => ({ ...event, version: at + 1 }))
    .filter(({ type }) => type === 'operation_pending')
    .map((begun) => {
      const settled = events.findIndex(({ type, op }) => op === begun.op && /succeeded|declined/.test(type));
      const outcome = settled < 0 ? 'pending' : events[settled].type.slice('operation_'.length);
      return { ...begun, kind: begun.op.split('.')[0], outcome, settledVersion: settled < 0 ? undefined : settled + 1 };
    });
}

function compare(item, operation, { result, body }, report) {
  const expected = { approved: 'succeeded', declined: 'declined' }[result];
  if (operation.outcome !== 'pending' && operation.outcome !== expected)
    report(`${operation.outcome} here, ${result} at the bank`);
  if (body.kind !== operation.kind) report(`${operation.kind} here, ${body.kind} at the bank`);
  if (body.paymentId !== item.pk || body.merchantId !== item.merchantId) report('of another payment or merchant');
  if (body.amount.value !== operation.amount || body.amount.currency !== item.amount.currency) {
    report(
      `${operation.amount} ${item.amount.currency} here, ${body.amount.value} ${body.amount.currency} at the bank`,
    );
  }
}

/** Summed by the bank's own words, so that a second capture under another name does not pass. */
function compareTotals(item, entries, report) {
  const total = (...kinds) =>
    entries
      .filter(({ result, body }) => result === 'approved' && kinds.includes(body.kind))
      .reduce((sum, { body }) => sum + body.amount.value, 0);
  const totals = {
    authorized: total('authorize', 'sale'),
    captured: total('capture', 'sale'),
    refunded: total('refund'),
  };
  for (const [name, value] of Object.entries(totals)) {
    if (item[name] !== value) report('I07', item.pk, `${name} ${item[name]} here, ${value} at the bank`);
  }
}

function groupByPayment(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.body.paymentId, [...(groups.get(entry.body.paymentId) ?? []), entry]);
  return groups;
}
