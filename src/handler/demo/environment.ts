/**
 * What the demo's handler sees of the environment: only where to listen, where to keep data and how much to log.
 *
 * Everything else stays out, so that a shell set up for a real table, bank or cache cannot make the demo reach them, and
 * no other machine can connect.
 */
import { createServer } from 'node:net';
import { Environment as Env } from '../../contract';

export const LOOPBACK = '127.0.0.1';
const PORT_DEFAULT = 8080;
const ANY_FREE_PORT = '0';

export type PortProbe = (port: number) => Promise<boolean>;

/** A PORT that is set stays, taken or not; otherwise 8080, and any free one where that is taken. */
export async function demoEnvironment(
  environment: NodeJS.ProcessEnv,
  isPortFree: PortProbe,
): Promise<NodeJS.ProcessEnv> {
  const given = environment[Env.PORT];
  return {
    [Env.HOST]: LOOPBACK,
    [Env.PORT]: given || ((await isPortFree(PORT_DEFAULT)) ? String(PORT_DEFAULT) : ANY_FREE_PORT),
    [Env.DATA_DIR]: environment[Env.DATA_DIR],
    [Env.LOG_LEVEL]: environment[Env.LOG_LEVEL],
  };
}

export const isPortFree: PortProbe = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });

/** One line for what a user can put right; undefined for what only a developer can. */
export function explainStartError(error: unknown, environment: NodeJS.ProcessEnv): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const port = environment[Env.PORT];
  if (code === 'EADDRINUSE') return `PORT is ${port}, which another program uses; set a free one or leave it unset`;
  if (code === 'EACCES')
    return `PORT is ${port}, which this user may not listen on; set one above 1023 or leave it unset`;
  return error.name === 'ConfigError' ? error.message : undefined;
}
