/** `node index.js` runs the handler; `node index.js --health` asks a running one, for a container that has no shell. */
import { CONTAINER_PORT, Environment, HealthPath } from '../contract';
import { ConfigError } from './config';
import { LIMITS } from './domain/limits';
import { startHandler } from './start';

async function run(): Promise<void> {
  const starting = startHandler(process.env);
  // From the start on: a signal that comes before the first request is to be obeyed like any other.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // What is not finished by then is in the store, and another process takes it from there.
      setTimeout(() => process.exit(0), LIMITS.drainMs).unref();
      starting
        .then((handler) => handler.drain())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    });
  }
  await starting;
}

async function probe(): Promise<void> {
  const port = process.env[Environment.PORT] || CONTAINER_PORT;
  const response = await fetch(`http://127.0.0.1:${port}${HealthPath.LIVE}`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`health says ${response.status}`);
}

(process.argv.includes('--health') ? probe() : run()).catch((error: Error & { code?: string }) => {
  const known = error instanceof ConfigError || error.code === 'EADDRINUSE';
  console.error(known ? error.message : error);
  process.exit(1); // a timer of what was started already would keep it alive
});
