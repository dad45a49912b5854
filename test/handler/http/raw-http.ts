/** Bytes to the handler and back, for what no HTTP client would send. */
import { connect } from 'node:net';
import { Reply } from './reply';

/** Sends lines as the head of one request on a connection of its own. */
export function rawRequest(url: string, lines: readonly string[], body: string | Buffer = ''): Promise<Reply> {
  const head = [...lines, 'Connection: close', '', ''].join('\r\n');
  return rawExchange(url, Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]));
}

/** Sends bytes as they are; what came back until the server closed, or had nothing more to say. */
export async function rawExchange(url: string, bytes: string | Buffer): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve() : reject(error)));
    socket.on('close', () => resolve());
    socket.write(bytes);
  });
  return parse(Buffer.concat(chunks));
}

function parse(bytes: Buffer): Reply {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no HTTP reply: ${JSON.stringify(bytes.toString('latin1'))}`);
  const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return new Reply(Number(statusLine.split(' ')[1]), headers, bytes.subarray(end + 4));
}
