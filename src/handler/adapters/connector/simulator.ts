/**
 * A bank that decides by the payer's token, for demos and tests. It keeps what a bank keeps, an answer for each opKey, but only in memory.
 *
 * `tok_approve` · `tok_decline` · `tok_slow` (approves after 1.5 s) · `tok_timeout` (the first PUT never answers, GET says approved) ·
 * `tok_lost` (the first PUT never answers and never arrived: GET says 404, the second PUT approves). Any other token is declined.
 */
import type { BankAnswer, BankOperation, Clock, Connector } from '../../app/ports';
import { LIMITS } from '../../domain/limits';

const SLOW_MS = 1_500;

export function createSimulator(clock: Clock): Connector {
  const answers = new Map<string, BankAnswer>();
  const lostOnce = new Set<string>();

  const remember = (opKey: string, answer: BankAnswer): BankAnswer => {
    if (answers.size >= LIMITS.simulatorRecords) answers.delete(answers.keys().next().value!);
    answers.set(opKey, answer);
    return answer;
  };

  return {
    async put({ opKey, payerToken }, signal) {
      const known = answers.get(opKey);
      if (known !== undefined) return known;
      switch (payerToken) {
        case undefined: // what follows an approved payment
        case 'tok_approve':
          return remember(opKey, approved(opKey));
        case 'tok_slow':
          await clock.sleep(SLOW_MS, signal).catch(() => undefined);
          return signal.aborted ? { result: 'unknown' } : remember(opKey, approved(opKey));
        case 'tok_timeout':
          remember(opKey, approved(opKey));
          return neverAnswers(signal);
        case 'tok_lost':
          if (lostOnce.delete(opKey)) return remember(opKey, approved(opKey));
          lostOnce.add(opKey);
          return neverAnswers(signal);
        case 'tok_decline':
          return remember(opKey, declined(opKey, 'do_not_honor'));
        default:
          return remember(opKey, declined(opKey, 'invalid_token'));
      }
    },
    async get({ opKey }: BankOperation) {
      return answers.get(opKey) ?? { result: 'absent' };
    },
  };
}

function approved(opKey: string): BankAnswer {
  return { result: 'approved', code: 'approved', reference: `sim_${opKey}` };
}

function declined(opKey: string, code: string): BankAnswer {
  return { result: 'declined', code, reference: `sim_${opKey}` };
}

function neverAnswers(signal: AbortSignal): Promise<BankAnswer> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ result: 'unknown' });
    signal.addEventListener('abort', () => resolve({ result: 'unknown' }), { once: true });
  });
}
