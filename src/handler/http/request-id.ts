/** What names a request in its answer, its log line and its events. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TrustedHeader } from '../../contract';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Only an id that looks like the gateway's own is taken over; anything else could carry anything into the logs. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[TrustedHeader.REQUEST_ID];
  return typeof given === 'string' && UUID.test(given) ? given : randomUUID();
}
