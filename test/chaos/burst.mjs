// Requests that arrive at once: each on a connection of its own, all but its last byte sent, and then the last bytes of all together.
import { once } from 'node:events';
import { connect } from 'node:net';
import { digest } from './history.mjs';

/**
 * @param {{url: string, path: string, headers: object, body: object, atMs?: number}[]} requests `atMs`: the last byte goes out at that time of day
 * @returns replies in the same order
 */
export async function burst(requests) {
  const held = await Promise.all(requests.map(hold));
  return Promise.all(held.map((send) => send()));
}

async function hold({ url, path, headers, body, atMs }) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const text = JSON.stringify(body);
  const head = { host: 'h', connection: 'close', 'content-type': 'application/json', ...headers };
  const lines = Object.entries({ ...head, 'content-length': Buffer.byteLength(text) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  await new Promise((sent) =>
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text.slice(0, -1)}`, sent),
  );
  return async () => {
    if (atMs !== undefined) await new Promise((due) => setTimeout(due, atMs - Date.now()));
    const invokedAt = performance.now();
    socket.write(text.slice(-1));
    const chunks = [];
    for await (const chunk of socket) chunks.push(chunk);
    return { invokedAt, ...parse(Buffer.concat(chunks).toString()) };
  };
}

function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return { error: 'no reply' };
  const head = text.slice(0, end);
  const body = text.slice(end + 4);
  const status = Number(head.split(' ')[1]);
  return { status, body: JSON.parse(body), hash: digest(body), replayed: /^idempotent-replayed: true/im.test(head) };
}
