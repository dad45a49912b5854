/** The way to a bank through an HTTP proxy: what the proxy sees of it, and what its refusals come to. */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { type Certificate, certify, createAuthority } from './certificates';
import { APPROVED, closeConnectors, connectorTo, FakeBank, get, listen, OPERATION, portOf, put } from './fake-bank';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  await closeConnectors();
  for (const stop of stops.splice(0)) await stop();
});

let authority: Certificate;
let bank: FakeBank;
beforeAll(async () => {
  authority = await createAuthority('Bank CA');
});
beforeEach(async () => {
  bank = await FakeBank.start(await certify(authority, 'bank'));
  stops.push(() => bank.stop());
});

/** Opens tunnels, and keeps what goes through them. */
async function tunnelling(server: HttpServer): Promise<{ port: number; targets: string[]; seen: Buffer[] }> {
  const targets: string[] = [];
  const seen: Buffer[] = [];
  server.on('connect', (request, client, head) => {
    targets.push(`${request.url} for ${request.headers.host}`);
    const [host, port] = request.url!.split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      client.on('data', (chunk: Buffer) => seen.push(chunk));
      client.pipe(onward).pipe(client);
    });
    for (const socket of [client, onward]) socket.on('error', () => undefined);
    stops.push(() => client.destroy());
  });
  await listen(server);
  stops.push(() => server.close());
  return { port: portOf(server), targets, seen };
}

const through = (proxyUrl: string, url = bank.url) =>
  connectorTo(url, { certificateAuthority: authority.cert, proxyUrl });

test('it opens a tunnel to the bank, and sees nothing of the payment', async () => {
  const proxy = await tunnelling(createHttpServer());

  expect(await put(through(`http://127.0.0.1:${proxy.port}`))).toEqual(APPROVED);

  expect(proxy.targets).toEqual([`127.0.0.1:${bank.port} for 127.0.0.1:${bank.port}`]);
  const passed = Buffer.concat(proxy.seen).toString('latin1');
  expect(passed.length).toBeGreaterThan(100);
  expect(passed).not.toContain(OPERATION.opKey);
  expect(bank.seen).toHaveLength(1);
});

test('the tunnel is kept for the next call', async () => {
  const proxy = await tunnelling(createHttpServer());
  const connector = through(`http://127.0.0.1:${proxy.port}`);

  await put(connector);
  await new Promise((resolve) => setTimeout(resolve, LIMITS.connectorConnectMs + 200)); // the bound of making it is not one of it
  expect(await put(connector)).toEqual(APPROVED);

  expect(proxy.targets).toHaveLength(1);
});

test('a bank without TLS on this machine is reached by a tunnel, too', async () => {
  const plain = await FakeBank.start();
  stops.push(() => plain.stop());
  const proxy = await tunnelling(createHttpServer());

  expect(await put(through(`http://127.0.0.1:${proxy.port}`, plain.url))).toEqual(APPROVED);
  expect(proxy.targets).toHaveLength(1);
});

test('a proxy with TLS of its own must come from who Node trusts', async () => {
  const proxy = await tunnelling(createHttpsServer(await certify(authority, 'proxy')));

  expect(await put(through(`https://127.0.0.1:${proxy.port}`))).toEqual({ result: 'not-sent' });
  expect(proxy.targets).toEqual([]);
});

test("the bank's certificate is checked behind the proxy, too", async () => {
  const proxy = await tunnelling(createHttpServer());
  const connector = connectorTo(bank.url, { proxyUrl: `http://127.0.0.1:${proxy.port}` });

  expect(await put(connector)).toEqual({ result: 'not-sent' });
  expect(bank.seen).toEqual([]);
});

describe('a proxy that opens no tunnel: not-sent, and it is asked once', () => {
  const answering = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text));

  test.each<[string, (socket: Socket) => unknown]>([
    ['says 403', answering('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')],
    ['says 407', answering('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2\r\n\r\nno')],
    ['says 502', answering('HTTP/1.1 502 Bad Gateway\r\n\r\n')],
    ['says 200 and more than that', answering('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')],
    ['says what is no HTTP', answering('hello\r\n\r\n')],
    ['hangs up at once', (socket) => socket.resetAndDestroy()],
    ['hangs up when it is asked', (socket) => socket.once('data', () => socket.destroy())],
    ['is silent', () => undefined],
    ['hangs up behind the tunnel', answering('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s', async (_, onConnection) => {
    let connections = 0;
    const proxy: Server = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      stops.push(() => socket.destroy());
      onConnection(socket);
    });
    await listen(proxy);
    stops.push(() => proxy.close());
    const connector = through(`http://127.0.0.1:${portOf(proxy)}`);
    const began = performance.now();

    expect(await put(connector)).toEqual({ result: 'not-sent' });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(connections).toBe(1);
    expect(await get(connector)).toEqual({ result: 'unknown' });
    expect(bank.seen).toEqual([]);
  });

  test('keeps the connection after its refusal, and gets no payment on it', async () => {
    let seen = '';
    const proxy = createServer((socket) => {
      stops.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        seen += chunk;
        socket.write('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      });
    });
    await listen(proxy);
    stops.push(() => proxy.close());

    expect(await put(through(`http://127.0.0.1:${portOf(proxy)}`, 'http://127.0.0.1:1'))).toEqual({
      result: 'not-sent',
    });
    expect(seen).toMatch(/^CONNECT 127.0.0.1:1 /);
    expect(seen).not.toContain(OPERATION.opKey);
  });

  test('is not there', async () => {
    expect(await put(through('http://127.0.0.1:1'))).toEqual({ result: 'not-sent' });
  });
});

test('a tunnel that breaks after the request went out: unknown', async () => {
  const server = createHttpServer();
  const proxy = await tunnelling(server);
  bank.answer = (response) => response.socket!.destroy();

  expect(await put(through(`http://127.0.0.1:${proxy.port}`))).toEqual({ result: 'unknown' });
});
