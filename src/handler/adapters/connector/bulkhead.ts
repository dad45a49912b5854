/** Keeps one slow bank from holding everything up: so many calls at once, and one more is not made. */
import type { Connector } from '../../app/ports';
import { NOT_ASKED, withAround } from './around';

export function withBulkhead(connector: Connector, callsMax: number): Connector {
  let running = 0;
  return withAround(connector, async (method, _, ask) => {
    if (running >= callsMax) return NOT_ASKED[method];
    running++;
    try {
      return await ask();
    } finally {
      running--;
    }
  });
}
