/** One key, one execution, one answer (I05, I06, I13 to I19, I24, I36). */
import type { Ground } from '../ground';
import type { Attempt } from '../network';
import { codeOf, type Effect, fingerprint, isSaved, type Scope } from './scopes';

const MAY_HAVE_EFFECT = new Set([200, 201, 202, 402, 500]);
/** What a request may meet whose key belongs to another one: the refusals that come before the key is looked at, and trouble. */
const BEFORE_THE_KEY = new Set([400, 401, 403, 404, 500, 503]);

export function checkIdempotency(ground: Ground, scopes: readonly Scope[]): void {
  for (const scope of scopes) {
    const violate = (invariant: string, what: string) => ground.violate(invariant, `${scope.name}: ${what}`);
    if (scope.effects.length > 1) violate('I13', `executed ${scope.effects.length} times`);
    for (const effect of scope.effects) checkEffect(effect, scope, violate);
    checkAnswers(scope, violate);
    for (const attempt of scope.attempts) checkAttempt(attempt, scope, violate);
  }
}

type Violate = (invariant: string, what: string) => void;

/** An effect is somebody's who asked for just that, and was not told that there is none. */
function checkEffect(effect: Effect, { attempts }: Scope, violate: Violate): void {
  const { type, op, before, writtenMs, requestId, payment } = effect;
  const attempt = attempts.find(({ id }) => id === requestId)!;
  const { request, reply, arrivedMs = Number.POSITIVE_INFINITY } = attempt;
  const kind = op?.slice(0, op.indexOf('.')) ?? type;
  const asked: Readonly<Record<string, readonly string[]>> = {
    createPayment: ['created'],
    authorizePayment: ['authorize', 'sale'],
    capturePayment: ['capture'],
    cancelPayment: ['cancel', 'cancelled'],
    refundPayment: ['refund'],
  };
  if (type !== 'refusal' && !asked[request.operationId].includes(kind)) violate('I06', `${requestId} led to ${kind}`);
  if (type !== 'refusal' && effect.by !== request.caller.id) violate('I40', `${kind} is said to be by ${effect.by}`);
  if (type === 'refusal' && effect.by !== '') violate('I10', `the refusal of ${requestId} is of ${effect.by}`);
  if (type !== 'created' && request.id !== payment.facts.id) violate('I06', `${requestId} acted on another payment`);
  if (writtenMs < arrivedMs) violate('I22', `${requestId} had its effect before it came`);
  const expected = request.headers?.['if-match'];
  if (expected !== undefined && expected !== `"${before}"`) violate('I24', `If-Match ${expected} at version ${before}`);
  const mayHave = reply === undefined || MAY_HAVE_EFFECT.has(reply.status) || isSaved(attempt);
  if (!mayHave) violate('I36', `${requestId} was told ${reply.status} ${codeOf(attempt)} and led to ${kind}`);
}

/** All answers that stay are one answer, and it says what happened. */
function checkAnswers({ attempts, effects }: Scope, violate: Violate): void {
  const saved = attempts.filter(isSaved);
  const [first] = saved;
  if (first?.reply === undefined) return;
  const [effect] = effects;
  if (effect === undefined) {
    violate('I05', `${first.id} was answered ${first.reply.status} and nothing is stored`);
    return;
  }
  for (const { id, reply } of saved) {
    const same = reply?.status === first.reply.status && reply.body === first.reply.body;
    const tagged = ['etag', 'location'].every((name) => reply?.headers[name] === first.reply?.headers[name]);
    if (!same || !tagged)
      violate('I13', `${first.id} and ${id} were answered differently:\n${first.reply.body}\n${reply?.body}`);
  }
  // Those that wait for the outcome at once may all be its first answer; whoever comes later gets a replay.
  const fresh = saved.filter(({ reply }) => reply?.headers['idempotent-replayed'] === undefined);
  const toldMs = Math.min(...fresh.map(({ repliedMs = 0 }) => repliedMs));
  const late = fresh.find(({ arrivedMs = 0 }) => arrivedMs > toldMs);
  if (late !== undefined) violate('I13', `${late.id} is not said to be a replay`);
  const expected = expectedReply(effect);
  const told = `${first.reply.status} ${codeOf(first) ?? ''}`.trim();
  if (told !== expected) violate('I05', `${first.id} was told ${told}; stored is ${expected}`);
}

function expectedReply({ payment, type, op, code }: Effect): string {
  if (type === 'created') return '201';
  if (type === 'cancelled') return '200';
  if (type === 'refusal') return `${code === 'payment-state' ? 409 : 422} ${code}`;
  const operation = payment.state.operations.find((each) => each.op === op);
  if (operation?.status === 'declined') return '402 payment-declined';
  if (operation?.status !== 'succeeded') return `an operation that is ${operation?.status}`;
  return operation.kind === 'refund' ? '201' : '200';
}

function checkAttempt(attempt: Attempt, { attempts, effects }: Scope, violate: Violate): void {
  const { reply, arrivedMs = 0, repliedMs = 0 } = attempt;
  if (reply === undefined) return;
  const code = codeOf(attempt);
  const [effect] = effects;
  const holder = attempts.find(({ id }) => id === effect?.requestId);
  const isOther = holder !== undefined && fingerprint(holder) !== fingerprint(attempt);
  if (code === 'idempotency-mismatch' && !(isOther && effect.writtenMs <= repliedMs)) {
    violate('I17', `${attempt.id} was told that its key belongs to another request, and it does not`);
  }
  if (effect === undefined) return;
  if (isOther && isSaved(attempt)) violate('I14', `${attempt.id} was answered ${reply.status}; the key is another's`);
  if (effect.writtenMs >= arrivedMs) return;
  if (isOther && code !== 'idempotency-mismatch' && !BEFORE_THE_KEY.has(reply.status)) {
    violate('I14', `${attempt.id} was told ${reply.status} ${code}; its key belongs to another request`);
  }
  const settled = effect.settledMs < arrivedMs;
  if (!isOther && settled && !isSaved(attempt) && !BEFORE_THE_KEY.has(reply.status)) {
    violate('I13', `${attempt.id} was told ${reply.status} ${code}; its key has a saved answer`);
  }
  if (code === 'idempotency-in-progress' && effect.settledMs < arrivedMs) {
    violate('I15', `${attempt.id} was told to wait for what was over`);
  }
}
