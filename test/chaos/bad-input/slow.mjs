// Clients that hold on to a connection and send next to nothing. The handler must hang up on each in time, and serve others meanwhile.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEAD } from './requests.mjs';

const EACH = 100;
const DRIP_MS = 1_000;

/** What each says at first, and then again and again. */
const KINDS = {
  'says nothing': ['', ''],
  'a header byte by byte': ['GET /health/live HTTP/1.1\r\nHost: h\r\nX-Slow: ', 'a'],
  'a body byte by byte': [`${[...HEAD(), 'Content-Length: 1000'].join('\r\n')}\r\n\r\n{`, ' '],
  'a chunk byte by byte': [`${[...HEAD(), 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n3e8\r\n{`, ' '],
  'a chunk of a byte each': [`${[...HEAD(), 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`, '1\r\n \r\n'],
};
/** Asks for much and reads nothing of it; there is no answer that could come late. */
const DEAF = 'GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(4);
/** They come one after the other: many at once would be another matter, too many requests. */
const APART_MS = 5;

export class SlowClients {
  #sockets = [];
  #deaf = [];
  #opening;

  constructor(url) {
    this.#opening = this.#open(url);
  }

  get count() {
    return this.#sockets.length + this.#deaf.length;
  }

  /** @returns how long the handler let each kind live, without end where it did until `until` */
  async lives(until) {
    await this.#opening;
    const late = sleep(until - performance.now(), Number.POSITIVE_INFINITY, { ref: false });
    const lives = {};
    for (const { kind, closed } of this.#sockets) {
      lives[kind] = Math.max(lives[kind] ?? 0, await Promise.race([closed, late]));
    }
    for (const socket of this.#deaf) socket.destroy();
    return lives;
  }

  async #open(url) {
    for (let n = 0; n < EACH; n++) {
      for (const [kind, says] of Object.entries(KINDS)) {
        this.#sockets.push(hold(url, kind, says));
        await sleep(APART_MS);
      }
      this.#deaf.push(open(url, DEAF).pause());
    }
  }
}

function hold(url, kind, [first, then]) {
  const began = performance.now();
  const socket = open(url, first);
  socket.resume();
  const drip = setInterval(() => socket.writable && socket.write(then), DRIP_MS);
  const closed = new Promise((resolve) =>
    socket.on('close', () => {
      clearInterval(drip);
      resolve(performance.now() - began);
    }),
  );
  return { kind, closed };
}

function open(url, first) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined); // hung up on, as it is to be
  socket.write(first);
  return socket;
}
