/**
 * `node index.js --reconcile`: makes good with the bank what a restored table lacks, and then lets the handlers write to it.
 * Runs once, beside handlers that only read, with the handler's own environment and the right to scan the table: `docs/restoring.md`.
 */
import { createAwsJsonClient } from './adapters/aws/json-client';
import { createConnectors } from './adapters/connector/connectors';
import { createDynamoDbScan } from './adapters/dynamodb/payment-scan';
import { createDynamoDbStore } from './adapters/dynamodb/payment-store';
import { TableMarker } from './adapters/dynamodb/table-marker';
import { createMemoryWakeUps } from './adapters/memory/wake-ups';
import { systemClock } from './adapters/system-clock';
import type { Deps } from './app/context';
import { type Finding, reconcile } from './app/reconcile';
import { InFlight } from './app/settle';
import { ConfigError, readConfig } from './config';
import { openKeys } from './keys';
import { createLogger } from './logger';
import { keySources } from './start';

/** What a scheduler makes of it. */
export const ReconcileExit = {
  /** Table and bank agree; handlers write again. */
  DONE: 0,
  /** Not everything could be asked: handlers still do not write. To be run again. */
  AGAIN: 1,
  /** Handlers write again; the payments named wait for people, and take no operations until then. */
  LOOK: 2,
} as const;

/** @param write takes a line of JSON: one for each payment that was changed or has to be looked at, and one at the end */
export async function reconcileTable(environment: NodeJS.ProcessEnv, write: (line: string) => void): Promise<number> {
  const config = readConfig(environment);
  const { store: table, region, homeRegion } = config;
  if (table.kind !== 'dynamodb') throw new ConfigError(['TABLE_NAME is missing; only a table can be reconciled']);
  const { tableName, endpoint } = table;
  const logger = createLogger(config.logLevel, process.stderr); // stdout is for the report
  const stopping = new AbortController();
  const client = createAwsJsonClient({ service: 'dynamodb', region, endpoint });
  const keys = await openKeys(config, keySources(config), systemClock, logger, stopping.signal);
  const connectors = createConnectors(config.connectors, { keys: keys.connectorKeys, clock: systemClock });
  const deps: Deps = {
    ...{ ...keys, connectors, homeRegion, clock: systemClock },
    store: createDynamoDbStore({ tableName, region, client }),
    observer: { changed: () => undefined, replayed: () => undefined },
    wakeUps: createMemoryWakeUps(),
    inFlight: new InFlight(),
  };

  const found = new Map<Finding, number>();
  const payments = await reconcile(deps, createDynamoDbScan(client, tableName), (report) => {
    found.set(report.result, (found.get(report.result) ?? 0) + 1);
    write(JSON.stringify(report));
  });
  const isDone = !found.has('unanswered');
  if (isDone) await new TableMarker({ tableName, region, client }).claim();
  write(
    JSON.stringify({
      table: tableName,
      payments,
      found: Object.fromEntries(found),
      writes: isDone ? 'open' : 'frozen',
    }),
  );
  stopping.abort();
  await Promise.all([connectors.close(), deps.store.close()]);
  if (!isDone) return ReconcileExit.AGAIN;
  return found.has('needs-reconciliation') || found.has('unreadable') ? ReconcileExit.LOOK : ReconcileExit.DONE;
}
