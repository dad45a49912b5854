/** A real redis-server for tests: started, stopped for a while, killed and started again on the same port. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@redis/client';
import type { Argument } from '../../../../src/handler/adapters/valkey/client';

const HAS_REDIS = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

/** Skipped aloud on a machine without Redis. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (!HAS_REDIS) console.error(`SKIPPED, no redis-server on the PATH: ${name}`);
  (HAS_REDIS ? describe : describe.skip)(name, tests);
}

export interface RedisOptions {
  /** Serves TLS instead of plain connections, with a certificate for localhost that it signed itself. */
  readonly tls?: boolean;
  /** A node of a cluster, which owns every slot, or the half of them. */
  readonly cluster?: boolean | 'first half' | 'second half';
  /** More of its own options. */
  readonly args?: readonly string[];
}

export class Redis {
  readonly folder = mkdtempSync(join(tmpdir(), 'redis-'));
  private server: ChildProcess | undefined;

  private constructor(
    private readonly options: RedisOptions,
    readonly port: number,
    private readonly busPort: number,
  ) {}

  static async start(options: RedisOptions = {}): Promise<Redis> {
    const redis = new Redis(options, await freePort(), await freePort());
    if (options.tls) redis.makeCertificate();
    await redis.restart();
    if (options.cluster) await redis.ownSlots();
    if (options.cluster === true) await redis.clusterIsUp();
    return redis;
  }

  static async startTwoNodes(): Promise<[Redis, Redis]> {
    const one = await Redis.start({ cluster: 'first half' });
    const other = await Redis.start({ cluster: 'second half' });
    await one.ask(['CLUSTER', 'MEET', '127.0.0.1', String(other.port), String(other.busPort)]);
    await Promise.all([one.clusterIsUp(), other.clusterIsUp()]);
    return [one, other];
  }

  get url(): string {
    return this.options.tls ? `valkeys://localhost:${this.port}` : `valkey://127.0.0.1:${this.port}`;
  }

  get ca(): Buffer | undefined {
    return this.options.tls ? readFileSync(join(this.folder, 'cert.pem')) : undefined;
  }

  async restart(): Promise<void> {
    const { tls, cluster, args = [] } = this.options;
    const port = String(this.port);
    const server = spawn(
      'redis-server',
      [
        ...['--bind', '127.0.0.1', '--dir', this.folder, '--save', '', '--enable-debug-command', 'local'],
        ...(tls ? ['--port', '0', '--tls-port', port, '--tls-auth-clients', 'no'] : ['--port', port]),
        ...(tls
          ? ['--tls-cert-file', join(this.folder, 'cert.pem'), '--tls-key-file', join(this.folder, 'key.pem')]
          : []),
        ...(tls ? ['--tls-ca-cert-file', join(this.folder, 'cert.pem')] : []),
        ...(cluster ? ['--cluster-enabled', 'yes', '--cluster-port', String(this.busPort)] : []),
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.server = server;
    let said = '';
    for await (const line of createInterface(server.stdout)) {
      said += `${line}\n`;
      if (!line.includes('Ready to accept connections')) continue;
      server.stdout.resume();
      return;
    }
    throw new Error(`redis-server did not start:\n${said}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.server?.kill(signal);
  }

  /** `kill -9`, and it is gone when this resolves. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks it by a connection of its own. */
  async ask<Reply>(...commands: readonly (readonly Argument[])[]): Promise<Reply[]> {
    const { tls } = this.options;
    const socket = { host: 'localhost', port: this.port, ...(tls && { tls: true as const, ca: this.ca }) };
    const client = await createClient({ socket }).connect();
    const replies: Reply[] = [];
    for (const args of commands) replies.push(await client.sendCommand<Reply>(args));
    client.destroy();
    return replies;
  }

  private async ownSlots(): Promise<void> {
    const { cluster } = this.options;
    const first = cluster === 'second half' ? '8192' : '0';
    const last = cluster === 'first half' ? '8191' : '16383';
    await this.ask(['CLUSTER', 'ADDSLOTSRANGE', first, last]);
  }

  private async clusterIsUp(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const [info] = await this.ask<string>(['CLUSTER', 'INFO']);
      if (info?.includes('cluster_state:ok') && info.includes('cluster_slots_ok:16384')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the cluster does not come up');
  }

  private makeCertificate(): void {
    const key = join(this.folder, 'key.pem');
    const certificate = join(this.folder, 'cert.pem');
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves once it holds. */
export async function until(holds: () => boolean, withinMs = 10_000): Promise<void> {
  const endsAt = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(`did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
