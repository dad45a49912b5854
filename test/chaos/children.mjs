// Child processes that never outlive this one: a watchdog that runs detached from it kills what is left of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

export class Children {
  #watchdog = spawn(process.execPath, [join(import.meta.dirname, 'watchdog.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  #running = new Set();

  constructor() {
    this.#watchdog.unref();
    this.#watchdog.stdin.unref();
  }

  /**
   * @param {{env?: object, cwd?: string, ipc?: boolean, onText?: (text: string) => void}} options only these variables, so that the machine's own cannot decide
   */
  start(command, args, { env = {}, cwd, ipc = false, onText = () => undefined } = {}) {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onText);
    child.ended = once(child, 'exit').then(([code, signal]) => {
      this.#tell(`-${child.pid}`);
      this.#running.delete(child);
      return { code, signal };
    });
    this.#tell(`+${child.pid}`);
    this.#running.add(child);
    return child;
  }

  async killAll() {
    const left = [...this.#running];
    for (const child of left) child.kill('SIGKILL');
    await Promise.all(left.map(({ ended }) => ended));
  }

  #tell(line) {
    this.#watchdog.stdin.write(`${line}\n`);
  }
}

/**
 * Starts the handler's bundle on a port of its own.
 * @returns the child with its `url`; rejects where it ended before it listened
 */
export async function startHandler(children, bundle, env, onText = () => undefined) {
  let output = '';
  const child = children.start(process.execPath, [bundle], {
    env: { PORT: '0', ...env },
    onText: (text) => {
      if (child.url === undefined) {
        output += text;
        child.url = /"address":"([^"]+)"/.exec(output)?.[1];
        if (child.url !== undefined) child.emit('listening');
      }
      onText(text);
    },
  });
  await Promise.race([once(child, 'listening'), child.ended]);
  if (child.url === undefined) throw new Error(`the handler did not start: ${output.slice(0, 500)}`);
  return child;
}

/** A port that was free a moment ago, for a server that is to come back to it. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
