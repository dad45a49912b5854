/**
 * Leaves a bank alone that does not answer: calls are not made, and so cost nobody a wait, until one that is let through succeeds.
 * Answers pass as they are. One operation that always fails says nothing about the bank, so each counts once.
 */
import type { Clock, Connector } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import { NOT_ASKED, withAround } from './around';

export function withCircuitBreaker(connector: Connector, clock: Clock): Connector {
  /** opKeys that failed since the last success. */
  const failing = new Set<string>();
  /** While the circuit is open: when a call may be let through. */
  let retryAtMs: number | undefined;
  let probing = false;

  const note = (opKey: string, failed: boolean, isProbe: boolean): void => {
    if (!failed) {
      failing.clear();
      retryAtMs = undefined;
      return;
    }
    // Calls that were under way when it opened do not keep it open.
    if (retryAtMs !== undefined && !isProbe) return;
    failing.add(opKey);
    if (isProbe || failing.size >= LIMITS.connectorFailures) retryAtMs = clock.elapsedMs() + LIMITS.connectorPauseMs;
  };

  return withAround(connector, async (method, { opKey }, ask) => {
    const isProbe = retryAtMs !== undefined;
    if (isProbe) {
      if (probing || clock.elapsedMs() < retryAtMs!) return NOT_ASKED[method];
      probing = true;
    }
    try {
      const answer = await ask();
      note(opKey, answer.result === 'unknown' || answer.result === 'not-sent', isProbe);
      return answer;
    } finally {
      if (isProbe) probing = false;
    }
  });
}
