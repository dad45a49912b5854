/**
 * What becomes of the process when something was overlooked.
 *
 * A rejected promise that nobody caught belongs to one request, which has its answer or times out: it is logged, and the process goes on.
 * An exception that nobody caught may have left anything half done in memory, so nothing here is to be trusted with new work for long: it is
 * logged, the process drains as after SIGTERM, so that no other request is cut off, and exits with 1 for another one to take its place.
 * Payments do not depend on either: what they need is in the store.
 */
import type { Logger } from './logger';

export interface Uncaught {
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown;
}

/** @param end drains and exits with 1 */
export function watchForTheUncaught(logger: Logger, end: () => void, process: Uncaught): void {
  let ending = false;
  process.on('unhandledRejection', (error) => logger.error('unhandled rejection', { error }));
  process.on('uncaughtException', (error) => {
    logger.error('uncaught exception', { error });
    if (!ending) end();
    ending = true;
  });
}
