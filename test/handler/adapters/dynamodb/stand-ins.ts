/** Two stand-ins for DynamoDB by different hands: dynalite, in this process, and moto, a server in Python. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import dynalite from 'dynalite';
import { LIMITS } from '../../../../src/handler/domain/limits';

/** A stand-in on a busy machine is slower than DynamoDB ever is; what is tested on it is not how long that may take. */
Object.assign(LIMITS, { storeAttemptMs: 8_000, storeTotalMs: 16_000 });

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

/**
 * One request at a time: moto checks a condition and writes in two steps, and its own server takes requests in threads, so that two
 * writes of one revision could both go in.
 */
const MOTO = `
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
`;

/** Whether this machine has moto, with its server's parts. */
export function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.moto_server.werkzeug_app'], { stdio: 'ignore' }).status === 0;
}

export async function startMoto(): Promise<StandIn> {
  const server = spawn('python3', ['-c', MOTO], { stdio: ['ignore', 'ignore', 'pipe'] });
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
  throw new Error('moto ended without saying where it listens');
}
