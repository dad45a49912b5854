// Bytes to the handler as they are, on a connection of their own, and all that comes back.
import { connect } from 'node:net';

const PATIENCE_MS = 10_000;
/** How long to wait where no answer is right, too; and for a second answer behind the first. */
const SILENCE_MS = 3_000;
const SECOND_MS = 100;

/** @returns {Promise<{replies: {status: number, head: string, body: string}[], tookMs: number}>} */
export function exchange(url, { bytes, silent }) {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname);
    let timer = setTimeout(() => socket.destroy(), silent ? SILENCE_MS : PATIENCE_MS);
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      received += text;
      if (parse(received).rest !== '') return;
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), SECOND_MS);
    });
    socket.on('error', () => undefined); // hung up on, as it may be
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ replies: parse(received).replies, tookMs: performance.now() - began });
    });
    socket.write(bytes);
  });
}

function parse(text) {
  const replies = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { replies, rest };
    const head = rest.slice(0, end);
    const status = Number(head.split(' ')[1]);
    if (status === 100) {
      rest = rest.slice(end + 4);
      continue;
    }
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (rest.length < end + 4 + length) return { replies, rest };
    replies.push({ status, head, body: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
}
