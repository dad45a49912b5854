// HTTP/1.1 over kept-alive sockets, as little of it as the load and the stub need: they share a core, and whatever they spend
// is missing there. A body has a Content-Length; anything else ends the run as a wrong answer.

const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** Calls `onMessage` with the head, as text, and the body, as bytes, of each message that comes in. */
export function readMessages(socket, onMessage) {
  let rest;
  socket.on('data', (chunk) => {
    let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) break;
      const head = bytes.latin1Slice(0, end);
      const next = end + 4 + Number(LENGTH.exec(head)?.[1] ?? 0);
      if (bytes.length < next) break;
      onMessage(head, bytes.subarray(end + 4, next));
      bytes = bytes.subarray(next);
    }
    rest = bytes.length > 0 ? bytes : undefined;
  });
}
