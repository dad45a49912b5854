/** Every answer against the payment as it was: reads see what was acknowledged, and nobody sees what is not his (I17, I22, I25, I26, I35). */
import type { Payment } from '../../../src/handler/domain/payment';
import type { Fault } from '../faults';
import type { Ground } from '../ground';
import type { Attempt } from '../network';
import { TOKEN_MARK } from '../shop';
import type { Table } from '../table';
import type { Step, Version } from './reference';
import { codeOf } from './scopes';

const STORE_TROUBLE: readonly Fault[] = ['store-request-lost', 'store-reply-lost', 'store-write-late', 'store-down'];
const DELAYS: readonly Fault[] = [...STORE_TROUBLE, 'store-slow', 'store-reply-lost-and-retried', 'process-pause'];
const REPLY_MS = 20_000;

interface ShownStep {
  readonly id: string;
  readonly status: string;
  readonly amount: { readonly value: number };
  readonly late?: object;
}

interface Shown {
  readonly status: string;
  readonly version: number;
  readonly authorized: { readonly value: number };
  readonly captured: { readonly value: number };
  readonly refunded: { readonly value: number };
  readonly operations: readonly ShownStep[];
}

export function checkAnswers(
  ground: Ground,
  attempts: readonly Attempt[],
  table: Table,
  versions: ReadonlyMap<string, Version[]>,
) {
  const answered = attempts.filter(({ reply }) => reply !== undefined);
  for (const attempt of answered) {
    checkStatus(ground, attempt);
    checkSecrets(ground, attempt);
    checkTenant(ground, attempt);
    checkTime(ground, attempt);
  }
  for (const [id, history] of versions) {
    const payment = table.current(id)!;
    const own = answered.filter(({ request }) => request.id === id);
    for (const attempt of own) checkShown(ground, attempt, payment, history);
    checkReads(ground, own, table);
  }
}

function checkStatus({ faults, violate, count }: Ground, attempt: Attempt): void {
  const { id, reply, request } = attempt;
  const code = codeOf(attempt);
  if (code !== undefined) count(`code ${code}`);
  if (reply?.headers['idempotent-replayed'] !== undefined) count('replayed');
  if (code === 'internal' && !STORE_TROUBLE.some((fault) => faults.has(fault)))
    violate('I35', `${id} met ${reply?.body}`);
  const trouble = faults.has('store-throttled') || STORE_TROUBLE.some((fault) => faults.has(fault));
  if (reply?.status === 503 && !trouble) violate('I35', `${id} met ${reply.body}`);
  checkProblem(violate, attempt, code);
  const key = request.headers?.['idempotency-key'];
  const needsKey = request.operationId.endsWith('Payment') && request.operationId !== 'getPayment';
  const bad = needsKey && !(typeof key === 'string' && /^[A-Za-z0-9_.:-]{16,128}$/.test(key));
  if (bad && (reply?.status ?? 0) < 400)
    violate('I16', `${id} came without a right key and was answered ${reply?.status}`);
}

function checkProblem(violate: Ground['violate'], { id, reply }: Attempt, code: string | undefined): void {
  if (reply === undefined || code === undefined) return;
  const { type, status }: { type: string; status: number } = JSON.parse(reply.body);
  if (!type.endsWith(code) || status !== reply.status) violate('I35', `${id} met an ill-formed problem: ${reply.body}`);
  const passes = code.endsWith('-in-progress') || reply.status === 503;
  if (passes && reply.headers['retry-after'] !== '1') violate('I15', `${id} is not told when to come again: ${code}`);
}

function checkSecrets({ violate }: Ground, { id, reply }: Attempt): void {
  if (reply?.body.includes(TOKEN_MARK)) violate('I39', `the answer to ${id} shows a payer's token`);
}

function checkTenant({ violate }: Ground, { id, request, reply }: Attempt): void {
  const { caller, operationId, id: paymentId } = request;
  if (caller.id === 'm_2' && paymentId !== undefined && (reply?.status ?? 0) < 400) {
    violate('I17', `${id} of another merchant was answered ${reply?.status}`);
  }
  const isWallet = !caller.scopes.includes('payments:read');
  if (isWallet && /"(reference|metadata)"/.test(reply?.body ?? ''))
    violate('I17', `${id} shows a wallet the merchant's own`);
  if (operationId !== 'listPayments' || reply?.status !== 200) return;
  const { data }: { data: { merchantId: string }[] } = JSON.parse(reply.body);
  if (data.some(({ merchantId }) => merchantId !== caller.id)) violate('I17', `${id} lists what is another merchant's`);
}

function checkTime({ faults, violate }: Ground, { id, request, arrivedMs = 0, repliedMs = 0 }: Attempt): void {
  if (DELAYS.some((fault) => faults.has(fault))) return;
  const waitMs = Number(request.query?.wait ?? 0) * 1_000;
  const tookMs = repliedMs - arrivedMs;
  if (tookMs > REPLY_MS + waitMs) violate('I37', `${id} was answered after ${tookMs} ms`);
}

function checkShown({ faults, violate }: Ground, attempt: Attempt, { facts }: Payment, history: Version[]): void {
  const shown = shownIn(attempt);
  if (shown === undefined) return;
  const { id, clock = '', request } = attempt;
  const expected = history[shown.version];
  const { status, authorized, captured, refunded, operations } = shown;
  const [is, was] = [
    [
      status,
      authorized.value,
      captured.value,
      refunded.value,
      ...operations.map((each) => describe({ ...each, amount: each.amount.value, late: each.late !== undefined })),
    ],
    expected && [
      expected.status,
      expected.authorized,
      expected.captured,
      expected.refunded,
      ...expected.steps
        .filter(({ undoes }) => undoes === undefined)
        .map((step) => describe({ ...step, id: `${facts.id}.${step.id}` })),
    ],
  ].map((each) => JSON.stringify(each));
  if (is !== was) violate('I22', `${id} shows version ${shown.version} as ${is}; it was ${was}`);
  const isOpen = operations.some((each) => each.status === 'pending' || each.status === 'unknown');
  const isRead = request.operationId === 'getPayment';
  if (isRead && status === 'created' && !isOpen && clock >= facts.expiresAt && !faults.has('clock-step')) {
    violate('I26', `${id} shows a payment as open at ${clock}; its time was over at ${facts.expiresAt}`);
  }
}

/** What is ours, the undoing of a late step, stands with that step and not among the client's. */
function describe({ id, status, amount, late }: Pick<Step, 'id' | 'amount' | 'late'> & { status: string }): string {
  return `${id} ${status} ${amount}${late ? ' late' : ''}`;
}

/** Nobody is shown less than what anybody was shown before. */
function checkReads({ violate }: Ground, attempts: readonly Attempt[], table: Table): void {
  const shown = attempts.flatMap((attempt) => {
    const version = versionIn(attempt);
    return version === undefined ? [] : [{ attempt, version }];
  });
  for (const { attempt, version } of shown) {
    const { id, request, arrivedMs = 0, repliedMs = 0 } = attempt;
    const written = table.writesOf(request.id ?? '').filter(({ atMs }) => atMs <= repliedMs);
    const newest = written.at(-1)?.payment.state.version ?? 0;
    // Time decides expiry, so it may be shown where it cannot be written at once.
    const isAhead = version > newest + (/"(status|type)":"expired"/.test(attempt.reply?.body ?? '') ? 1 : 0);
    if (isAhead) violate('I06', `${id} was shown version ${version} before it was written`);
    if (!request.operationId.startsWith('get') && !request.operationId.startsWith('list')) continue;
    const before = shown.filter(({ attempt: earlier }) => (earlier.repliedMs ?? 0) < arrivedMs);
    const known = Math.max(0, ...before.map((earlier) => earlier.version));
    if (version < known) violate('I25', `${id} was shown version ${version}; ${known} had been shown before`);
  }
}

function shownIn({ request, reply }: Attempt): Shown | undefined {
  if (reply === undefined || reply.status >= 300) return undefined;
  if (request.operationId.startsWith('list') || request.operationId === 'getPaymentQr') return undefined;
  return JSON.parse(reply.body);
}

function versionIn(attempt: Attempt): number | undefined {
  const { request, reply } = attempt;
  if (request.operationId === 'listPaymentEvents' && reply?.status === 200) return JSON.parse(reply.body).data.length;
  if (request.operationId === 'getPayment' && reply?.status === 304) return Number(reply.headers.etag.slice(1, -1));
  return shownIn(attempt)?.version;
}
