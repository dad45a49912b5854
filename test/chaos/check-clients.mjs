// What clients were told against what is stored: nothing acknowledged is lost, nothing is there that nobody asked for, one key is one
// execution with one answer, and what had no effect has left no trace.
import { operationsOf } from './check-bank.mjs';
import { outcomeOf } from './history.mjs';

/** @param report called with (invariant, subject, what) */
export function checkClients(payments, attempts, report) {
  const traces = tracesOf(payments);
  const byRequestId = new Map(attempts.map((attempt) => [attempt.requestId, attempt]));
  checkPhantoms(payments, traces, byRequestId, report);
  const requests = requestsOf(attempts);
  for (const request of requests) checkRequest(request, traces, report);
  checkOrder(requests, traces, report);
  checkReads(attempts, report);
  checkFacts(payments, attempts, report);
}

/** What the store holds of each request, by the request's id. */
function tracesOf(payments) {
  const traces = new Map();
  const add = (requestId, trace) => traces.set(requestId, [...(traces.get(requestId) ?? []), trace]);
  for (const item of payments) {
    const of = { payment: item.pk, by: item.merchantId };
    add(item.events[0].requestId, { ...of, what: 'payment', begins: 1, version: 1, outcome: 'succeeded' });
    for (const { requestId, kind, amount, outcome, version, settledVersion, by } of operationsOf(item)) {
      add(requestId, { ...of, by, what: 'operation', kind, amount, outcome, begins: version, version: settledVersion });
    }
    item.events.forEach((event, at) => {
      if (event.type !== 'cancelled') return;
      add(event.requestId, {
        ...of,
        by: event.by,
        what: 'cancelled',
        begins: at + 1,
        version: at + 1,
        outcome: 'succeeded',
      });
    });
    for (const { requestId } of item.refusals ?? []) add(requestId, { ...of, by: undefined, what: 'refusal' });
  }
  return traces;
}

const KINDS = { authorize: ['authorize', 'sale'], capture: ['capture'], cancel: ['cancel'], refund: ['refund'] };

function checkPhantoms(payments, traces, byRequestId, report) {
  for (const [requestId, found] of traces) {
    for (const { payment, by, what, kind, amount } of found) {
      const asked = byRequestId.get(requestId);
      const name = kind ?? what;
      if (asked === undefined) {
        report('I06', payment, `a ${name} that nobody asked for`);
        continue;
      }
      if (what === 'payment' ? asked.op !== 'create' : asked.payment !== payment)
        report('I06', payment, `a ${name} asked for elsewhere`);
      if (kind !== undefined && !KINDS[asked.op]?.includes(kind))
        report('I06', payment, `a ${kind} of a request to ${asked.op}`);
      if (by !== undefined && by !== asked.caller)
        report('I40', payment, `a ${name} by ${by}, asked for by ${asked.caller}`);
      const wanted = ['capture', 'refund'].includes(asked.op) ? asked.body?.amount?.value : undefined;
      if (wanted !== undefined && amount !== undefined && wanted !== amount)
        report('I30', payment, `a ${kind} of ${amount}, asked for ${wanted}`);
    }
  }
  const twice = payments.length - new Set(payments.map(({ pk }) => pk)).size;
  if (twice > 0) report('I06', 'dump', `${twice} payments twice`);
}

/** All attempts with one key of one caller on one payment. */
function requestsOf(attempts) {
  const requests = new Map();
  for (const attempt of attempts) {
    if (attempt.key === undefined) continue;
    const name = [attempt.caller, attempt.payment, attempt.key].join('|');
    requests.set(name, [...(requests.get(name) ?? []), attempt]);
  }
  return [...requests.values()].map((all) => {
    const text = JSON.stringify(all[0].body);
    const own = all.filter(({ body }) => JSON.stringify(body) === text);
    return { name: `${all[0].op} ${all[0].key}`, own, others: all.filter((each) => !own.includes(each)) };
  });
}

function checkRequest({ name, own, others }, traces, report) {
  const found = own.flatMap(({ requestId }) => traces.get(requestId) ?? []);
  if (found.length > 1)
    report('I13', name, `executed ${found.length} times: ${found.map(({ kind, what }) => kind ?? what).join(', ')}`);
  const definite = own.filter((attempt) => ['done', 'refused'].includes(outcomeOf(attempt)));
  checkSameAnswer(name, own, definite, report);
  if (definite.length === 0) {
    if (own.every((attempt) => ['later', 'rejected'].includes(outcomeOf(attempt))) && found.length > 0) {
      report('I36', name, `told that nothing happened (${own.map(({ status }) => status)}), and it did`);
    }
    const done = own.some((attempt) => attempt.abandoned || outcomeOf(attempt) === 'rejected');
    if (!done) report('I37', name, `never definite: ${own.map(({ status, error }) => status ?? error).join(' ')}`);
  } else {
    checkTold(name, definite[0], found, report);
  }
  for (const other of others) {
    if (['done', 'refused'].includes(outcomeOf(other)))
      report('I14', name, `another body under the key was answered ${other.status} ${other.code ?? ''}`);
    if (traces.has(other.requestId)) report('I14', name, 'another body under the key had an effect');
  }
}

function checkSameAnswer(name, own, definite, report) {
  const answers = new Set(definite.map(({ status, hash }) => `${status} ${hash}`));
  if (answers.size > 1) report('I13', name, `${answers.size} different answers: ${[...answers].join(', ')}`);
  const lost = own.some((attempt) => outcomeOf(attempt) === 'unknown');
  const first = definite.filter(({ replayed }) => !replayed).length;
  if (first > 1 && !lost) report('I13', name, `${first} answers that do not say they are replays`);
}

/** The first definite answer against what is stored. */
function checkTold(name, told, found, report) {
  const [trace] = found;
  const { status, code, seen } = told;
  if (trace === undefined) return report('I05', name, `told ${status} ${code ?? ''}, and nothing of it is stored`);
  if (status < 300) {
    if (trace.outcome !== 'succeeded') report('I05', name, `told ${status}, and it is ${trace.outcome ?? trace.what}`);
    if (seen.id !== trace.payment) report('I05', name, `told of ${seen.id}, stored in ${trace.payment}`);
    if (seen.version !== trace.version) report('I10', name, `told version ${seen.version}, stored at ${trace.version}`);
  } else if (status === 402) {
    if (trace.outcome !== 'declined')
      report('I05', name, `told that it was declined, and it is ${trace.outcome ?? trace.what}`);
  } else if (trace.what !== 'refusal') {
    report('I19', name, `refused with ${code}, and it is a ${trace.kind ?? trace.what}`);
  }
}

/** What was asked for after something had been acknowledged comes after it in the events, too. */
function checkOrder(requests, traces, report) {
  const steps = new Map();
  for (const { name, own } of requests) {
    const trace = own
      .flatMap(({ requestId }) => traces.get(requestId) ?? [])
      .find(({ version }) => version !== undefined);
    if (trace === undefined) continue;
    const told = own.filter((attempt) => ['done', 'refused'].includes(outcomeOf(attempt)));
    const knownAt = Math.min(...told.map(({ completedAt }) => completedAt));
    const step = { name, ...trace, askedAt: Math.min(...own.map(({ invokedAt }) => invokedAt)), knownAt };
    steps.set(trace.payment, [...(steps.get(trace.payment) ?? []), step]);
  }
  for (const [payment, all] of steps) {
    for (const one of all) {
      const early = all.find((other) => one.knownAt < other.askedAt && other.begins <= one.version);
      if (early) report('I22', payment, `${early.name} was asked for after ${one.name} was told, and stands before it`);
    }
  }
}

/** Whoever was told of a version finds no older one afterwards, whichever process answers. */
function checkReads(attempts, report) {
  const moments = attempts
    .filter(({ seen, payment }) => seen !== undefined && payment !== undefined)
    .flatMap((attempt) => [
      { at: attempt.completedAt, learn: attempt },
      ...(attempt.op === 'read' ? [{ at: attempt.invokedAt, ask: attempt }] : []),
    ])
    .sort((one, other) => one.at - other.at);
  const known = new Map();
  for (const { learn, ask } of moments) {
    const { payment, seen } = learn ?? ask;
    const version = known.get(payment) ?? 0;
    if (learn) known.set(payment, Math.max(version, seen.version));
    else if (seen.version < version)
      report('I25', payment, `read version ${seen.version} after ${version} had been told`);
  }
}

/** What never changes, and the order of amounts, in every reply. */
function checkFacts(payments, attempts, report) {
  const stored = new Map(payments.map((item) => [item.pk, item]));
  for (const { op, seen, body } of attempts) {
    if (seen === undefined) continue;
    const item = stored.get(seen.id);
    if (item === undefined) {
      report('I05', seen.id, `told of by ${op}, and not stored`);
      continue;
    }
    if (seen.amount !== item.amount.value || seen.merchantId !== item.merchantId || seen.expiresAt !== item.expiresAt) {
      report('I01', seen.id, `its facts were told otherwise by ${op}`);
    }
    if (op === 'create' && body.amount.value !== seen.amount)
      report('I01', seen.id, 'of another amount than was asked for');
    const rising = [0, seen.refunded, seen.captured, seen.authorized, seen.amount];
    if (rising.some((value, n) => n > 0 && rising[n - 1] > value))
      report('I02', seen.id, `${op} told ${rising.join(' <= ')}`);
  }
}
