/** Five hundred clients that send as slowly as they can, while another one is served as if they were not there (T8). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LIMITS } from '../../../src/handler/domain/limits';
import { order, useHandler } from '../harness';

const { call, running } = useHandler();

const HEADERS = 'GET /v1/payments HTTP/1.1\r\nHost: h\r\n';
const BODY = `POST /v1/payments HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nIdempotency-Key: slow-key-01234567\r\nContent-Length: 1000\r\n\r\n`;
const COUNT = 500;

const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

async function openSlow(start: string): Promise<Socket> {
  const { hostname, port } = new URL(running().url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.resume().on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(start);
  return socket;
}

/** The 99th percentile of creating a payment, for so long. */
async function p99(forMs: number): Promise<number> {
  const times: number[] = [];
  const endsAt = performance.now() + forMs;
  while (performance.now() < endsAt) {
    const began = performance.now();
    const reply = await call('POST', '/v1/payments', { body: order });
    times.push(performance.now() - began);
    expect(reply.status).toBe(201);
  }
  times.sort((one, other) => one - other);
  return times[Math.ceil(times.length * 0.99) - 1];
}

test('slow headers, slow bodies and silence: others are unharmed, and all are cut off in time', async () => {
  await p99(500); // warm
  const alone = await p99(3_000);

  for (let n = 0; n < COUNT; n++) await openSlow([HEADERS, BODY, ''][n % 3]);
  const dripping = setInterval(() => {
    for (const [n, socket] of sockets.entries())
      if (n % 3 < 2 && socket.writable) socket.write(n % 3 === 0 ? 'x' : ' ');
  }, 500);
  const began = performance.now();
  const beside = await p99(3_000);
  const closesAt = began + LIMITS.requestTimeoutMs + 2 * LIMITS.slowClientCheckMs + 3_000;
  const areOpen = () => sockets.filter(({ closed }) => !closed).length;
  while (areOpen() > 0 && performance.now() < closesAt) await new Promise((resolve) => setTimeout(resolve, 100));
  clearInterval(dripping);

  expect(areOpen()).toBe(0);
  // A machine that is busy with other things makes its own pauses.
  expect(beside).toBeLessThan(2 * alone + 100);
  expect((await call('GET', '/v1/payments')).status).toBe(200);
}, 60_000);
