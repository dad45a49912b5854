/** Asks the handler on this machine whether it is up. */
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { HealthPath } from '../contract';
import { LIMITS } from './domain/limits';

/** @throws Error where it does not say 200 in time */
export function probeHealth(port: number, tls: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    // It made its certificate itself, and is on this machine: there is nobody else to mistake it for.
    const options = { host: '127.0.0.1', port, path: HealthPath.LIVE, rejectUnauthorized: false, agent: false };
    const sending = (tls ? requestTls : requestPlain)(options, ({ statusCode }) => {
      if (statusCode === 200) resolve();
      else reject(new Error(`health says ${statusCode}`));
      sending.destroy();
    });
    sending.setTimeout(LIMITS.probeMs, () => sending.destroy(new Error(`no answer within ${LIMITS.probeMs} ms`)));
    sending.on('error', reject);
    sending.end();
  });
}
