/** Below the routes: what Node would answer in words of its own, connections beyond the limit, and clients that do not read. */
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { LIMITS } from '../../../src/handler/domain/limits';
import { createListener, type ListenerLimits } from '../../../src/handler/http/listener';
import { Load } from '../../../src/handler/http/load';
import { rawExchange, rawRequest } from './raw-http';

const servers: Server[] = [];
const sockets: Socket[] = [];
let draining = false;
const refused: string[] = [];
const load = new Load();

afterEach(() => {
  draining = false;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const hello: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.end('hello'));
};

async function start(handle: RequestListener = hello, limits: ListenerLimits = LIMITS): Promise<string> {
  const onRefused = (requestId: string) => refused.push(requestId);
  const server = createListener(handle, { load, isDraining: () => draining, onRefused }, limits);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const GET = ['GET / HTTP/1.1', 'Host: h'];
const until = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('an expectation that nobody knows is no reason not to serve', async () => {
  expect((await rawRequest(await start(), [...GET, 'Expect: canary'])).text).toBe('hello');
});

test('who asks whether to go on hears so, and is served', async () => {
  const socket = await open(await start());
  const said: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk) => said.push(String(chunk)));
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  await until(100);
  expect(said.join('')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('{}');
  await until(100);
  expect(said.join('')).toMatch(/HTTP\/1\.1 200 OK[\s\S]*hello$/);
});

test('CONNECT is a problem in our words, and the connection is closed', async () => {
  const reply = await rawExchange(await start(), 'CONNECT canary.example:443 HTTP/1.1\r\nHost: canary.example\r\n\r\n');
  expect([reply.status, reply.type, reply.headers.connection]).toEqual([405, 'application/problem+json', 'close']);
  expect(reply.problem).toMatchObject({ code: 'method-not-allowed', requestId: reply.headers['x-request-id'] });
  expect(reply.headers.allow).toBe('GET, POST, PUT');
  expect(reply.text).not.toContain('canary');
});

test('who sends CONNECT and does not hang up is hung up on', async () => {
  const url = await start();
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  socket.write('CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n');
  socket.resume().on('error', () => undefined);
  await once(socket, 'end');
  const began = performance.now();
  const [server] = servers;
  const count = () => new Promise<number>((resolve) => server.getConnections((_, connections) => resolve(connections)));
  while ((await count()) > 0 && performance.now() - began < 5_000) await until(50);
  expect(await count()).toBe(0);
});

test('an upgrade is passed over', async () => {
  const lines = [...GET, 'Connection: Upgrade', 'Upgrade: websocket'];
  expect(await rawRequest(await start(), lines)).toMatchObject({ status: 200, text: 'hello' });
});

test('while it drains, every reply closes its connection', async () => {
  const url = await start();
  draining = true;
  const reply = await rawExchange(url, `${GET.join('\r\n')}\r\n\r\n`);
  expect([reply.status, reply.headers.connection]).toEqual([200, 'close']);
});

test('a connection stays open for longer than a gateway keeps it', async () => {
  await start();
  expect(servers[0].keepAliveTimeout).toBe(320_000);
});

describe('more connections than there may be', () => {
  const limits = { ...LIMITS, connectionsMax: 3, connectionsReserved: 2 };
  const fill = (url: string) => Promise.all([1, 2, 3].map(() => open(url)));

  test('the next one learns whether the process is up, and nothing else', async () => {
    const served: (string | undefined)[] = [];
    const url = await start((request, response) => {
      served.push(request.url);
      response.end('ok');
    }, limits);
    await fill(url);

    const health = await rawExchange(url, 'GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n');
    const other = await rawExchange(url, 'GET /v1/payments HTTP/1.1\r\nHost: h\r\n\r\n');

    expect([health.status, health.headers.connection]).toEqual([200, 'close']);
    expect([other.status, other.problem.code, other.headers.connection]).toEqual([503, 'overloaded', 'close']);
    expect(refused.at(-1)).toBe(other.headers['x-request-id']);
    expect(served).toEqual(['/health/live']);
  });

  test('beyond the reserve they are not taken', async () => {
    const url = await start(hello, limits);
    await fill(url);
    const reserve = await Promise.all([open(url), open(url)]);
    await until(50);
    const late = await open(url);
    await once(late, 'close');
    expect(reserve.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  test('who was there before is served, and afterwards all are', async () => {
    const url = await start(hello, limits);
    const [first, ...rest] = await fill(url);
    await until(50);
    first.write(`${GET.join('\r\n')}\r\n\r\n`);
    const [data] = await once(first, 'data');
    expect(String(data)).toMatch(/^HTTP\/1\.1 200/);
    for (const socket of rest) socket.destroy();
    await until(50);
    expect((await rawRequest(url, GET)).status).toBe(200);
  });
});

test('a client that does not read its answer is cut off, and its place is free again', async () => {
  const url = await start((_request, response) => response.end(Buffer.alloc(32 * 1024 * 1024)), {
    ...LIMITS,
    stalledMs: 500,
  });
  const socket = await open(url);
  socket.pause();
  socket.write(`${GET.join('\r\n')}\r\n\r\n`);
  await until(250);
  expect(load.requestsInFlight).toBe(1);
  await until(1_500);
  expect(load.requestsInFlight).toBe(0);
});
