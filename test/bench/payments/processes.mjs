// The processes of a run: where they run, what they cost. CPU time is what the scheduler has given to all threads of a process,
// so that the collector of garbage counts too.

import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const hasTaskset = spawnSync('taskset', ['-c', '1', 'true']).status === 0;
/** What is measured has a core to itself, as far as this run is concerned. */
const ARM_CORE = '0';
const OTHER_CORE = '1';

const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1)); // nothing is left behind

function pin(pid, core) {
  if (hasTaskset) spawnSync('taskset', ['-a', '-p', '-c', core, String(pid)]);
}

/** Answers one message at a time. */
export async function startHelper(file, ...args) {
  const child = fork(file, args);
  track(child);
  pin(child.pid, OTHER_CORE);
  return {
    ask: async (message) => {
      const answer = once(child, 'message');
      child.send(message);
      return (await answer)[0];
    },
    stop: () => child.disconnect(),
  };
}

/** A server that says on its first line where it listens. Its log goes into a pipe that is read, as a container's does. */
export async function startArm(args, environment = {}) {
  const command = hasTaskset ? ['taskset', '-c', ARM_CORE, process.execPath, ...args] : [process.execPath, ...args];
  const begunAt = performance.now();
  const child = spawn(command[0], command.slice(1), {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  track(child);
  const url = await addressOf(child);
  child.stdout.resume();
  return {
    url,
    pid: child.pid,
    begunAt,
    cpuMicros: () => cpuMicros(child.pid),
    rssMegabytes: () => rssMegabytes(child.pid),
    stop: async (signal = 'SIGKILL') => {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

async function addressOf(child) {
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const address = /"address":"([^"]+)"/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it listened');
}

function track(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

function cpuMicros(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanos = tasks.map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
  return nanos.reduce((sum, each) => sum + each, 0) / 1000;
}

function rssMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}
