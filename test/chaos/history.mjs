// What the clients of a run did and saw, one JSON line a moment: `invoke`, and then `ok`, `fail` (told no) or `info` (nobody knows).
// Anybody may write a checker of his own on it; the words are Jepsen's.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';

export class History {
  /** One entry an attempt: what was sent, and what came back of it. */
  attempts = [];
  #file;

  constructor(path) {
    this.#file = createWriteStream(path);
  }

  invoke(sent) {
    const attempt = { id: this.attempts.length, invokedAt: performance.now(), ...sent };
    this.attempts.push(attempt);
    this.#write({ type: 'invoke', ...attempt });
    return attempt;
  }

  complete(attempt, reply) {
    Object.assign(attempt, { completedAt: performance.now(), ...reply });
    this.#write({ type: typeOf(attempt), id: attempt.id, completedAt: attempt.completedAt, ...reply });
  }

  /** The client sends this request no more. */
  abandon(attempt) {
    attempt.abandoned = true;
    this.#write({ type: 'abandon', id: attempt.id });
  }

  close() {
    return new Promise((resolve) => this.#file.end(resolve));
  }

  #write(entry) {
    this.#file.write(`${JSON.stringify(entry)}\n`);
  }
}

/** What a reply tells of the request: see the contract's page on idempotency for what is saved. */
export function outcomeOf({ status, code }) {
  if (status === undefined || status === 202) return 'unknown';
  if (status < 400) return 'done';
  if (status === 402 || code === 'payment-state') return 'refused';
  if (status === 422 && code !== 'idempotency-mismatch') return 'refused';
  if (code === 'idempotency-in-progress' || code === 'operation-in-progress') return 'later';
  if (status === 429 || status === 503) return 'later';
  return status >= 500 ? 'unknown' : 'rejected';
}

function typeOf(attempt) {
  const outcome = outcomeOf(attempt);
  if (outcome === 'done') return 'ok';
  return outcome === 'unknown' ? 'info' : 'fail';
}

export function digest(text) {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
