/** `npm start`: the handler on this machine, a first payment in it, and a page to pay it on. The composition root of the demo. */
/// <reference path="./html.d.ts" />
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { Environment as Env } from '../../contract';
import { startHandler } from '../start';
import { demoEnvironment, explainStartError, isPortFree } from './environment';
import { createFirstPayment, MERCHANT } from './first-payment';
import { addPageRoutes, buildPage } from './page';
import markup from './page.html';
import script from './script.html';
import { endOnSignal } from './shutdown';
import style from './style.html';
import { welcome } from './welcome';

/** A log between the lines of the welcome helps nobody; who sets LOG_LEVEL wants it, beside the welcome. */
function logStream(): NodeJS.WritableStream {
  if (process.env[Env.LOG_LEVEL]) return process.stderr;
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function run(): Promise<void> {
  const environment = await demoEnvironment(process.env, isPortFree);
  const page = buildPage({ markup, style, script });
  const handler = await startHandler(environment, { extend: (app) => addPageRoutes(app, page), log: logStream() });
  endOnSignal(handler.close, {
    on: (signal, listener) => process.on(signal, listener),
    write: (text) => process.stdout.write(text),
    exit: (code) => process.exit(code),
    nowMs: () => performance.now(),
  });
  const payment = await createFirstPayment(handler.url, `demo-${randomUUID()}`);
  const { stdout } = process;
  const color = Boolean(stdout.isTTY) && stdout.hasColors(256); // isTTY is undefined, whatever its type says, in a pipe
  process.stdout.write(welcome({ url: handler.url, payment, merchant: MERCHANT, color, columns: stdout.columns }));
}

run().catch((error: unknown) => {
  console.error(explainStartError(error, process.env) ?? error);
  process.exit(1);
});
