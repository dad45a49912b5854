// The gateway as far as a fuzzer can tell: who has no credentials gets 401 in the handler's words, and who has some is named to the
// handler in the two trusted headers, whatever the client said there itself.
import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';

const OPEN = /^\/(health\/(live|ready|region)|openapi\.json)$/;

/**
 * @param accounts `{id, scopes}` by the value of Authorization
 * @param paths of the document, to tell by which of them each request was
 * @returns its address, and how often each operation was answered with each status
 */
export async function startGateway(handlerUrl, accounts, paths) {
  const { hostname, port } = new URL(handlerUrl);
  const seen = {};
  const patterns = paths.map((path) => [
    path,
    new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  ]);
  const note = ({ method, url }, status) => {
    const [path] = patterns.find(([, pattern]) => pattern.test(url.split('?')[0])) ?? ['elsewhere'];
    const operation = `${method} ${path}`;
    seen[operation] = { ...seen[operation], [status]: (seen[operation]?.[status] ?? 0) + 1 };
  };
  const server = createServer((incoming, outgoing) => {
    const account = accounts[incoming.headers.authorization];
    if (account === undefined && !OPEN.test(incoming.url)) {
      incoming.resume();
      note(incoming, 401);
      return refuse(outgoing);
    }
    const { authorization: _, ...headers } = incoming.headers;
    const trusted = {
      'x-merchant-id': account?.id ?? 'nobody',
      'x-scopes': account?.scopes ?? '',
      'x-request-id': randomUUID(),
    };
    const { method, url: path } = incoming;
    const onward = request({ hostname, port, method, path, headers: { ...headers, ...trusted } }, (reply) => {
      note(incoming, reply.statusCode);
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('clientError', refuseBroken);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}`, seen };
}

function refuse(outgoing) {
  const { headers, body } = problem(401, 'unauthenticated', 'The caller is not known');
  outgoing.writeHead(401, headers).end(body);
}

/** What is no HTTP: as the handler would answer it. */
function refuseBroken(_error, socket) {
  if (!socket.writable) return;
  const { headers, body } = problem(
    400,
    'invalid-request',
    'The request does not have the form that this operation takes',
  );
  const lines = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}

function problem(status, code, title) {
  const requestId = randomUUID();
  const type = `urn:cdk-qr-payments:error:${code}`;
  return {
    headers: { 'content-type': 'application/problem+json', 'x-request-id': requestId },
    body: JSON.stringify({ type, title, status, detail: `${title}.`, code, requestId }),
  };
}
