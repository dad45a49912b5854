// A bank as contract section 3 has it, in a process of its own: idempotent by opKey, its books on disk before it answers. While
// faults are on it loses requests and replies, is slow, answers 5xx or nonsense, gets a request late or twice, or is cut off.
//
//   node bank.mjs <port> <book> <secret> <seed>
//
// The book is JSON lines: `done` what was decided, `again` the same PUT once more, `refused` what no handler may send, `fault` what went wrong on the way.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { createRandom } from './random.mjs';

const [port, book, secret, seed] = process.argv.slice(2);
const random = createRandom(seed);
const decided = new Map();
/** `healthy`, `generous` (and declines only what is to be declined), `faulty`, `outage`. */
let mode = 'healthy';

if (existsSync(book)) {
  for (const line of readFileSync(book, 'utf8').split('\n').filter(Boolean)) {
    const entry = JSON.parse(line);
    if (entry.type === 'done') decided.set(entry.opKey, entry);
  }
}

function note(entry) {
  appendFileSync(book, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
}

/** Share of PUTs and GETs that each fault befalls. */
const FAULTS = [
  ['lost request', 0.03],
  ['lost reply', 0.05],
  ['5xx, not done', 0.02],
  ['5xx, done', 0.03],
  ['slow', 0.05],
  ['another amount', 0.01],
  ['another opKey', 0.01],
  ['no JSON', 0.01],
  ['late', 0.03],
  ['twice', 0.03],
];

function drawFault() {
  if (mode === 'outage') return 'cut off';
  if (mode !== 'faulty') return undefined;
  let drawn = random.between(0, 1);
  for (const [fault, share] of FAULTS) {
    drawn -= share;
    if (drawn < 0) return fault;
  }
  return undefined;
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const opKey = decodeURIComponent(request.url.replace('/operations/', ''));
  if (!isSigned(request.headers, body)) {
    note({ type: 'refused', why: 'a signature that does not hold', opKey });
    return void response.writeHead(401).end();
  }
  const work = () => (request.method === 'PUT' ? put(opKey, JSON.parse(body)) : get(opKey));
  const fault = drawFault();
  if (fault === undefined) return reply(response, work());
  note({ type: 'fault', fault, method: request.method });
  suffer(fault, work, request, response);
});

function suffer(fault, work, request, response) {
  const cut = () => (random.chance(0.3) ? undefined : request.socket.destroy()); // or silence
  switch (fault) {
    case 'cut off':
      return request.socket.destroy();
    case 'lost request':
      return cut();
    case 'lost reply':
      work();
      return cut();
    case '5xx, not done':
      return reply(response, { status: random.pick([500, 502, 503]), body: {} });
    case '5xx, done':
      work();
      return reply(response, { status: random.pick([500, 504]), body: {} });
    case 'slow':
      return setTimeout(() => reply(response, work()), random.between(200, 2_000));
    case 'late':
      setTimeout(work, random.between(300, 4_000));
      return request.socket.destroy();
    case 'twice':
      setTimeout(work, random.between(0, 3_000));
      return reply(response, work());
    default:
      return reply(response, distort(fault, work()));
  }
}

function distort(fault, { status, body }) {
  if (fault === 'no JSON') return { status, body: '<html>' };
  if (fault === 'another opKey') return { status, body: { ...body, opKey: 'pay_another.sale.1' } };
  return { status, body: { ...body, amount: { ...body.amount, value: (body.amount?.value ?? 0) + 1 } } };
}

function put(opKey, body) {
  const before = decided.get(opKey);
  if (before === undefined) return { status: 200, body: answerOf(decide(opKey, body)) };
  if (isDeepStrictEqual(before.body, body)) {
    note({ type: 'again', opKey });
    return { status: 200, body: answerOf(before) };
  }
  note({ type: 'refused', why: 'another body under the same opKey', opKey, body });
  return { status: 409, body: {} };
}

function get(opKey) {
  const entry = decided.get(opKey);
  return entry === undefined ? { status: 404, body: {} } : { status: 200, body: answerOf(entry) };
}

function decide(opKey, body) {
  const original = body.originalOpKey === undefined ? undefined : decided.get(body.originalOpKey);
  if (body.originalOpKey !== undefined && original?.result !== 'approved') {
    note({ type: 'refused', why: 'an original that was never approved', opKey, body });
  }
  const declined = body.payerToken?.startsWith('tok_no') ?? (mode !== 'generous' && checksum(opKey) % 25 === 0);
  const entry = { type: 'done', opKey, body, result: declined ? 'declined' : 'approved' };
  note(entry);
  decided.set(opKey, entry);
  return entry;
}

function answerOf({ opKey, result, body: { amount } }) {
  return { opKey, result, code: result, connectorReference: `ref-${opKey}`, amount };
}

function reply(response, { status, body }) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** As standardwebhooks.com has it. */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature = '' } = headers;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const digest = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  const expected = Buffer.from(`v1,${digest}`);
  return signature
    .split(' ')
    .some((each) => each.length === expected.length && timingSafeEqual(Buffer.from(each), expected));
}

function checksum(text) {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}

process.on('message', (message) => {
  mode = message.mode;
});
process.on('disconnect', () => process.exit(0));
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
