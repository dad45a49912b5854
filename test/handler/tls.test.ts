/** TLS=self-signed: HTTPS to whoever encrypts and does not ask who it is talking to. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { BUNDLE, useBundle } from './bundle';

const start = useBundle();
const portOf = (url: string) => Number(new URL(url).port);

async function get(url: string, agent?: Agent): Promise<{ status: number | undefined; reused: boolean }> {
  const sending = request(url, { agent, rejectUnauthorized: false }).end();
  const [response] = await once(sending, 'response');
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, reused: sending.reusedSocket };
}

async function shake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

test('serves, keeps connections, answers its health probe, and stops as ever', async () => {
  const handler = await start({ TLS: 'self-signed' });
  const agent = new Agent({ keepAlive: true });
  expect(handler.url).toMatch(/^https:/);
  expect(await get(`${handler.url}/health/ready`, agent)).toEqual({ status: 200, reused: false });
  expect(await get(`${handler.url}/v1/payments`, agent)).toEqual({ status: 200, reused: true });

  const probe = (env: Record<string, string>) =>
    spawnSync(process.execPath, [BUNDLE, '--health'], { env: { PORT: String(portOf(handler.url)), ...env } }).status;
  expect([probe({ TLS: 'self-signed' }), probe({})]).toEqual([0, 1]);

  agent.destroy();
  handler.process.kill('SIGTERM');
  expect(await handler.closed).toBe(0);
});

test('takes TLS 1.2 and 1.3 with forward secrecy, and nothing older or weaker', async () => {
  const port = portOf((await start({ TLS: 'self-signed' })).url);
  const modern = await shake(port, {});
  const older = await shake(port, { maxVersion: 'TLSv1.2' });
  expect(modern.getProtocol()).toBe('TLSv1.3');
  expect([older.getProtocol(), older.getCipher().name]).toEqual(['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256']);
  modern.destroy();
  older.destroy();
  await expect(
    shake(port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }),
  ).rejects.toThrow();
  await expect(shake(port, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:ECDHE-ECDSA-AES128-SHA' })).rejects.toThrow();
});

test('plain HTTP to it gets no answer, and it stays up', async () => {
  const handler = await start({ TLS: 'self-signed' });
  const socket = connectPlain(portOf(handler.url), '127.0.0.1');
  const heard: Buffer[] = [];
  socket.on('data', (chunk) => heard.push(chunk)).on('error', () => undefined);
  socket.write('GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n');
  await once(socket, 'close');
  expect(Buffer.concat(heard).toString('latin1')).not.toContain('HTTP/');
  expect((await get(`${handler.url}/health/live`)).status).toBe(200);
});

test('any other kind is refused at the start', () => {
  const { status, stderr } = spawnSync(process.execPath, [BUNDLE], {
    env: { PORT: '0', TLS: 'yes' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('TLS is "yes"; it takes self-signed');
});
