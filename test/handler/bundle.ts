/** The bundle as a process, as the container runs it: started with an environment of its own, heard on both its outputs, stopped at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const BUNDLE = join(__dirname, '..', '..', 'assets', 'handler', 'index.js');

export interface BundleProcess {
  readonly process: ChildProcess;
  readonly url: string;
  /** All that it has printed. */
  readonly output: () => string;
  /** What it has printed as JSON. */
  readonly lines: () => Record<string, unknown>[];
  /** Resolves with the exit code, once all that was printed is here. */
  readonly closed: Promise<number | null>;
}

/** Handlers of one test file. */
export function useBundle() {
  const running: ChildProcess[] = [];

  beforeAll(() => {
    if (!existsSync(BUNDLE)) throw new Error('assets/handler/index.js is missing: run `npx projen bundle` first');
  });
  afterEach(() => {
    for (const each of running.splice(0)) each.kill('SIGKILL');
  });

  /** Only these variables, so that the machine's own cannot decide. @param nodeArguments go before the bundle */
  return async function start(
    environment: Record<string, string> = {},
    nodeArguments: readonly string[] = [],
  ): Promise<BundleProcess> {
    const child = spawn(process.execPath, [...nodeArguments, BUNDLE], {
      env: { PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let output = '';
    const listening = new Promise<string>((resolve, reject) => {
      const hear = (chunk: string) => {
        output += chunk;
        const address = output.match(/"address":"([^"]+)"/)?.[1];
        if (address !== undefined) resolve(address);
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.once('exit', () => reject(new Error(`the handler did not start: ${output}`)));
    });
    const closed = once(child, 'close').then(([code]) => code);
    const url = await listening;
    const lines = () =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    return { process: child, url, output: () => output, lines, closed };
  };
}
