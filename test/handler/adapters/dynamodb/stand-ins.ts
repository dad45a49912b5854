/** Two stand-ins for DynamoDB by different hands: dynalite, in this process, and moto, a server in Python. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import dynalite from 'dynalite';

export interface StandIn {
  readonly endpoint: string;
  close(): Promise<void>;
}

export async function startDynalite(): Promise<StandIn> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How moto can be started here, if at all: as a command, or as a module of Python. */
export function findMoto(): readonly string[] | undefined {
  const ways = [['moto_server'], ['python3', '-m', 'moto.server']];
  return ways.find(
    ([command = '', ...args]) => spawnSync(command, [...args, '--help'], { stdio: 'ignore' }).status === 0,
  );
}

export async function startMoto([command = '', ...args]: readonly string[]): Promise<StandIn> {
  const server = spawn(command, [...args, '-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(server, 'exit');
  for await (const line of createInterface(server.stderr)) {
    const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (endpoint === undefined) continue;
    server.stderr.resume();
    return {
      endpoint,
      close: async () => {
        server.kill();
        await exited;
      },
    };
  }
  throw new Error('moto_server ended without saying where it listens');
}
