// The clients of every arm, in a process of their own: 32 connections, each with one request under way. They hold what they were
// answered against what they asked for, and keep count.

import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { quantile } from '../statistics.mjs';
import { readMessages } from './wire.mjs';

const CONNECTIONS = 32;

/** One arm's payments of this round, and who of them comes next. */
class Book {
  payments = [];
  paid = 0;
  pictured = 0;
  turn = 0;

  add() {
    const payment = { key: `bench-${randomUUID()}`, reference: `table-12-${this.payments.length}` };
    this.payments.push(payment);
    return payment;
  }

  /** Over and over: which one matters to nobody. */
  any() {
    return this.payments[this.turn++ % this.payments.length];
  }

  /** The first half is paid, and pictures are of the rest: each once, so that none is drawn already. */
  unpaid() {
    return this.paid < this.payments.length >> 1 ? this.payments[this.paid++] : undefined;
  }

  unpictured() {
    return this.pictured < this.payments.length >> 1 ? this.payments.at(-1 - this.pictured++) : undefined;
  }
}

function orderOf({ reference }) {
  return JSON.stringify({
    amount: { currency: 'SGD', value: 1250 },
    reference,
    captureMethod: 'automatic',
    expiresInSeconds: 900,
    description: 'Two kaya toasts, one kopi, one teh; table 12',
    metadata: { table: '12', waiter: 'mei-ling', shop: 'sg-tiong-bahru-03' },
  });
}

const PAY = JSON.stringify({ payer: { token: `tok_${'0123456789abcdef'.repeat(2)}` } });

/** Each: who is asked about, what is sent, and whether the answer is right. */
const KINDS = {
  create: {
    pick: (book) => book.add(),
    send: (payment) => post('/v1/payments', payment.key, orderOf(payment)),
    holds: (payment, status, _, body) => {
      payment.text = body.latin1Slice();
      payment.id = /"id":"(pay_\w+)"/.exec(payment.text)?.[1];
      return status === 201 && payment.id !== undefined;
    },
  },
  replay: {
    pick: (book) => book.any(),
    send: (payment) => post('/v1/payments', payment.key, orderOf(payment)),
    holds: (payment, status, head, body) =>
      status === 201 && head.includes('idempotent-replayed: true') && body.latin1Slice() === payment.text,
  },
  sale: {
    pick: (book) => book.unpaid(),
    send: (payment) => post(`/v1/payments/${payment.id}/authorize`, `${payment.key}-pay`, PAY),
    holds: (payment, status, _, body) => {
      payment.isPaid = status === 200 && body.includes('"status":"captured"');
      return payment.isPaid;
    },
  },
  read: {
    pick: (book) => book.any(),
    send: (payment) => get(`/v1/payments/${payment.id}`),
    holds: ({ id }, status, _, body) => status === 200 && body.includes(id),
  },
  png: {
    pick: (book) => book.unpictured(),
    send: (payment) => get(`/v1/payments/${payment.id}/qr`, 'image/png'),
    holds: (_payment, status, _, body) => status === 200 && body.latin1Slice(1, 4) === 'PNG',
  },
  svg: {
    pick: (book) => book.unpictured(),
    send: (payment) => get(`/v1/payments/${payment.id}/qr`, 'image/svg+xml'),
    holds: (_payment, status, _, body) => status === 200 && body.includes('<svg'),
  },
};

/** As the gateway passes it on. */
function head(method, path, accept) {
  return `${method} ${path} HTTP/1.1\r\nhost: payments.example.com\r\nx-merchant-id: m_bench\r\nx-scopes: payments:read payments:write payments:authorize\r\nx-request-id: ${randomUUID()}\r\naccept: ${accept}\r\n`;
}

function get(path, accept = 'application/json') {
  return `${head('GET', path, accept)}\r\n`;
}

function post(path, key, body) {
  return `${head('POST', path, 'application/json')}idempotency-key: ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** Stands in for an answer where the connection was closed. */
const CLOSED = 'HTTP/1.1 000 closed';

class Client {
  constructor({ hostname, port }) {
    this.socket = connect({ host: hostname, port, noDelay: true });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.answered?.(CLOSED, Buffer.alloc(0)));
    readMessages(this.socket, (head, body) => this.answered?.(head, body));
  }

  /** One after another until there is none, or time is up. */
  run(kind, book, slice) {
    return new Promise((resolve) => {
      const next = () => {
        const isOver = slice.left === 0 || performance.now() >= slice.endsAt;
        const payment = isOver ? undefined : kind.pick(book);
        if (payment === undefined) return resolve();
        const begunAt = performance.now();
        slice.left--;
        this.answered = (head, body) => {
          this.answered = undefined;
          slice.ms.push(performance.now() - begunAt);
          if (!kind.holds(payment, Number(head.slice(9, 12)), head, body)) {
            slice.wrong.push(`${head}\n\n${body}`);
            if (head === CLOSED) return resolve();
          }
          next();
        };
        if (this.socket.destroyed) this.answered(CLOSED, Buffer.alloc(0));
        else this.socket.write(kind.send(payment), 'latin1');
      };
      next();
    });
  }
}

const arms = new Map();

async function run({ url, kind, ms, most }) {
  if (!arms.has(url)) {
    arms.set(url, { book: new Book(), clients: Array.from({ length: CONNECTIONS }, () => new Client(new URL(url))) });
  }
  const { book, clients } = arms.get(url);
  const begunAt = performance.now();
  const slice = { endsAt: begunAt + ms, left: most, ms: [], wrong: [] };
  await Promise.all(clients.map((client) => client.run(KINDS[kind], book, slice)));
  return {
    count: slice.ms.length,
    elapsedMs: performance.now() - begunAt,
    p50Ms: quantile(slice.ms, 0.5),
    p99Ms: quantile(slice.ms, 0.99),
    wrong: slice.wrong.length,
    example: slice.wrong[0],
  };
}

/** What an arm should have in its books by now; a new round begins. */
function close({ url }) {
  const arm = arms.get(url);
  const { payments } = arm.book;
  arm.book = new Book();
  return {
    created: payments.filter(({ id }) => id !== undefined).length,
    keys: new Set(payments.map(({ key }) => key)).size,
    ids: new Set(payments.map(({ id }) => id)).size,
    paid: payments.filter(({ isPaid }) => isPaid).length,
  };
}

process.on('message', async (order) => process.send(order.kind === undefined ? close(order) : await run(order)));
process.on('disconnect', () => process.exit());
