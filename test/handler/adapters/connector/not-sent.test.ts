/**
 * The answer 'not-sent' lets a payment go to another bank, so it is given exactly when nothing can have reached this one; whatever may have
 * reached it is 'unknown'. Each case is a real server, or a place where there is none.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type Certificate, certify, createAuthority } from './certificates';
import { ANSWER, APPROVED, closeConnectors, connectorTo, FakeBank, get, listen, portOf, put, says } from './fake-bank';

const NOT_SENT = { result: 'not-sent' };
const UNKNOWN = { result: 'unknown' };

const stops: (() => unknown)[] = [];
afterEach(async () => {
  await closeConnectors();
  for (const stop of stops.splice(0)) await stop();
});

/** A TCP server that does that with each connection. */
async function serve(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    stops.push(() => socket.destroy());
    onConnection(socket);
  });
  await listen(server);
  stops.push(() => server.close());
  return server;
}

async function bankWith(certificate: Certificate, versions = {}): Promise<FakeBank> {
  const bank = await FakeBank.start({ ...certificate, ...versions });
  stops.push(() => bank.stop());
  return bank;
}

describe('nothing can have reached the bank: not-sent, and of what was sent before nothing is known', () => {
  const expectNotSent = async (connector: ReturnType<typeof connectorTo>) => {
    expect(await put(connector)).toEqual(NOT_SENT);
    expect(await get(connector)).toEqual(UNKNOWN);
  };

  test('nobody listens', async () => {
    const server = await serve(() => undefined);
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));

    await expectNotSent(connectorTo(`http://127.0.0.1:${port}`));
  });

  test('its name is not known', () => expectNotSent(connectorTo('https://bank.invalid')));

  test('its certificate comes from another authority', async () => {
    const [mine, another] = [await createAuthority('Bank CA'), await createAuthority('Other CA')];
    const bank = await bankWith(await certify(mine, 'bank'));

    await expectNotSent(connectorTo(bank.url, { certificateAuthority: another.cert }));
    await expectNotSent(connectorTo(bank.url));
    expect(await put(connectorTo(bank.url, { certificateAuthority: mine.cert }))).toEqual(APPROVED);
    expect(bank.seen).toHaveLength(1);
  });

  test('its certificate is for another name', async () => {
    const authority = await createAuthority('Bank CA');
    const bank = await bankWith(await certify(authority, 'bank', '127.0.0.2'));

    await expectNotSent(connectorTo(bank.url, { certificateAuthority: authority.cert }));
    expect(bank.seen).toEqual([]);
  });

  test('it hangs up in the TLS handshake', async () => {
    const server = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));

    await expectNotSent(connectorTo(`https://127.0.0.1:${portOf(server)}`));
  });

  test('it speaks no TLS', async () => {
    const bank = await FakeBank.start();
    stops.push(() => bank.stop());

    await expectNotSent(connectorTo(`https://127.0.0.1:${bank.port}`));
  });

  test('it refuses our certificate in the handshake, as TLS 1.2 has it', async () => {
    const authority = await createAuthority('Bank CA');
    const certificate = await certify(authority, 'bank');
    const bank = await bankWith(certificate, { ca: authority.cert, requestCert: true, maxVersion: 'TLSv1.2' });

    await expectNotSent(connectorTo(bank.url, { certificateAuthority: authority.cert }));
    expect(bank.seen).toEqual([]);
  });

  test('the handshake never ends: within the time to connect, so that another bank can be asked', async () => {
    const server = await serve(() => undefined);
    const began = performance.now();

    expect(await put(connectorTo(`https://127.0.0.1:${portOf(server)}`))).toEqual(NOT_SENT);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test('a black hole: the connection is never made', async () => {
    const port = await blackHole();
    const began = performance.now();

    expect(await put(connectorTo(`http://127.0.0.1:${port}`))).toEqual(NOT_SENT);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test('time is up before the connection is made, or before it begins', async () => {
    const port = await blackHole();
    const connector = connectorTo(`http://127.0.0.1:${port}`);
    const began = performance.now();

    expect(await put(connector, 100)).toEqual(NOT_SENT);
    expect(performance.now() - began).toBeLessThan(1_000);
    const bank = await FakeBank.start();
    stops.push(() => bank.stop());
    expect(
      await connectorTo(bank.url).put(
        { ...ANSWER, kind: 'sale', paymentId: 'p', merchantId: 'm' },
        AbortSignal.abort(),
      ),
    ).toEqual(NOT_SENT);
    expect(bank.seen).toEqual([]);
  });

  test('it was given up before the connection was made, and stays so when it is', async () => {
    const authority = await createAuthority('Bank CA');
    const bank = await bankWith(await certify(authority, 'bank'));
    const held: Socket[] = [];
    let letThrough = (socket: Socket): unknown => held.push(socket);
    const gate = await serve((socket) => letThrough(socket));
    const connector = connectorTo(`https://127.0.0.1:${portOf(gate)}/qr`, { certificateAuthority: authority.cert });

    expect(await put(connector, 200)).toEqual(NOT_SENT);
    letThrough = (socket) => socket.pipe(connect(bank.port, '127.0.0.1')).pipe(socket);
    held.forEach(letThrough);
    expect(await get(connector)).toEqual(APPROVED);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(held).toHaveLength(1);
    expect(bank.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('after the process has closed its connections', async () => {
    const bank = await FakeBank.start();
    stops.push(() => bank.stop());
    const connector = connectorTo(bank.url);
    await connector.close();

    expect(await put(connector)).toEqual(NOT_SENT);
    expect(bank.seen).toEqual([]);
  });
});

describe('the request may have reached the bank: unknown', () => {
  test.each([
    ['accepts and resets', (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 50)],
    ['accepts and closes', (socket: Socket) => socket.end()],
    ['reads and resets', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['reads and closes', (socket: Socket) => socket.once('data', () => socket.end())],
    ['answers by halves', (socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le'))],
  ])('a bank that %s, and it is not asked a second time', async (_, onConnection) => {
    let connections = 0;
    const server = await serve((socket) => {
      connections++;
      onConnection(socket);
    });

    expect(await put(connectorTo(`http://127.0.0.1:${portOf(server)}`))).toEqual(UNKNOWN);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections).toBe(1);
  });

  test('a bank that reads and is silent, until the attempt ends', async () => {
    const bank = await FakeBank.start();
    stops.push(() => bank.stop());
    bank.answer = () => undefined;
    const began = performance.now();

    expect(await put(connectorTo(bank.url), 200)).toEqual(UNKNOWN);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(bank.seen).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bank.connections - bank.open).toBe(1); // closed: a late answer must not be taken for the next one's
  });

  test('a bank that never stops answering', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const dripping = setInterval(() => socket.write('1\r\n \r\n'), 20);
      socket.once('close', () => clearInterval(dripping));
    });

    expect(await put(connectorTo(`http://127.0.0.1:${portOf(server)}`), 300)).toEqual(UNKNOWN);
  });

  test('503, which another bank would take for nothing done', async () => {
    const bank = await FakeBank.start();
    stops.push(() => bank.stop());
    bank.answer = says(503, {});

    expect(await put(connectorTo(bank.url))).toEqual(UNKNOWN);
  });

  test('a kept connection that the bank closes as we write', async () => {
    let requests = 0;
    const text = JSON.stringify(ANSWER);
    const server = await serve((socket) =>
      socket.on('data', () => {
        if (requests++ === 0) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
        else socket.resetAndDestroy();
      }),
    );
    const connector = connectorTo(`http://127.0.0.1:${portOf(server)}`);

    expect(await put(connector)).toEqual(APPROVED);
    await new Promise((resolve) => setTimeout(resolve, 50)); // the connection becomes idle
    expect(await put(connector)).toEqual(UNKNOWN);
    expect(requests).toBe(2);
  });

  test('a bank that refuses our certificate after the handshake, as TLS 1.3 has it', async () => {
    const authority = await createAuthority('Bank CA');
    const certificate = await certify(authority, 'bank');
    const bank = await bankWith(certificate, { ca: authority.cert, requestCert: true, minVersion: 'TLSv1.3' });

    expect(await put(connectorTo(bank.url, { certificateAuthority: authority.cert }))).toEqual(UNKNOWN);
    expect(bank.seen).toEqual([]);
  });
});

/** A port whose listener never accepts, with a full backlog: further SYNs go unanswered. */
async function blackHole(): Promise<number> {
  const code = `const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });`;
  const worker = new Worker(code, { eval: true });
  stops.push(() => worker.terminate());
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  for (;;) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => undefined);
    stops.push(() => filler.destroy());
    const connected = await Promise.race([
      new Promise((resolve) => filler.once('connect', () => resolve(true))),
      new Promise((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
    if (!connected) return port;
  }
}
