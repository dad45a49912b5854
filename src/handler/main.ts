/**
 * `node index.js` runs the handler; `node index.js --health` asks a running one, for a container that has no shell; and
 * `node index.js --reconcile` makes a restored table good.
 */
import { CONTAINER_PORT, Environment } from '../contract';
import { ConfigError } from './config';
import { LIMITS } from './domain/limits';
import { watchForTheUncaught } from './last-resort';
import { probeHealth } from './probe';
import { reconcileTable } from './reconcile';
import { startHandler } from './start';

async function run(): Promise<void> {
  // Where nobody reads the log any more, payments go on.
  process.stdout.on('error', () => undefined);
  const starting = startHandler(process.env);
  const end = (code: number) => {
    // What is not finished by then is in the store, and another process takes it from there.
    setTimeout(() => process.exit(code), LIMITS.drainMs).unref();
    starting
      .then((handler) => handler.drain())
      .then(
        () => process.exit(code),
        () => process.exit(1),
      );
  };
  // From the start on: a signal that comes before the first request is to be obeyed like any other.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => end(0));
  }
  const { logger } = await starting;
  process.once('exit', () => logger.flush());
  watchForTheUncaught(logger, () => end(1), process);
}

if (process.argv.includes('--health')) {
  const port = Number(process.env[Environment.PORT] || CONTAINER_PORT);
  probeHealth(port, Boolean(process.env[Environment.TLS])).catch(fail);
} else if (process.argv.includes('--reconcile')) {
  reconcileTable(process.env, console.log).then((code) => process.exit(code), fail);
} else {
  run().catch(fail);
}

function fail(error: Error & { code?: string }): void {
  const known = error instanceof ConfigError || error.code === 'EADDRINUSE';
  console.error(known ? error.message : error);
  process.exit(1); // a timer of what was started already would keep it alive
}
