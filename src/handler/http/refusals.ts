/** Answers that no route gives: to one request too many, to what is not HTTP, and to CONNECT. The same kind of problem all the same. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TrustedHeader } from '../../contract';
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { presentProblem } from './errors';

const ALLOWED = ['GET', 'POST', 'PUT'];

const ANY_ID = '00000000-0000-0000-0000-000000000000';
const OVERLOADED = presentProblem(
  new Problem('overloaded', 'Nothing was done. Send the same request again in a moment.', {
    retryAfterSeconds: LIMITS.overloadedRetrySeconds,
  }),
  ANY_ID,
);

/**
 * Without effect, and in as little time as can be, for it is needed when there is too much to do: all but the id was written before.
 * @param requestId a UUID
 */
export function refuseForLoad(requestId: string, response: ServerResponse): void {
  const { status, headers, body } = OVERLOADED;
  response.writeHead(status, { ...headers, ...stamps(requestId), 'content-length': body.length });
  response.end(body.replace(ANY_ID, requestId));
}

/** What is not HTTP never reaches a route; nor what came too slowly. */
export function answerBrokenClient(error: Error & { code?: string }, socket: Duplex): void {
  // What failed on the way, in TLS say, has nobody to listen.
  if (!socket.writable || !/^(HPE|ERR_HTTP)_/.test(error.code ?? '')) return void socket.destroy();
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers-too-large', `Headers have at most ${LIMITS.headerBytes} bytes together.`)
      : new Problem('invalid-request', 'This is not a complete HTTP/1.1 request.');
  answerAndHangUp(socket, problem);
}

/** Node would hang up without a word. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => undefined); // the client's going away is no concern of anybody's any more
  answerAndHangUp(socket, new Problem('method-not-allowed', 'This is no proxy.', { allow: ALLOWED }));
}

function answerAndHangUp(socket: Duplex, problem: Problem): void {
  const requestId = randomUUID();
  const { status, headers, body } = presentProblem(problem, requestId);
  const head = Object.entries({
    ...headers,
    ...stamps(requestId),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  socket.end(
    `HTTP/1.1 ${status} ${problem.code}\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
  );
  // Whoever does not hang up too is hung up on, once the answer has had time to arrive.
  const timer = setTimeout(() => socket.destroy(), LIMITS.lingerMs);
  socket.once('close', () => clearTimeout(timer));
}

function stamps(requestId: string): Record<string, string> {
  return { [TrustedHeader.REQUEST_ID]: requestId, 'x-content-type-options': 'nosniff' };
}
