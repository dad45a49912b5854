/** Whether two Regions fit together, so that one can take over from the other what it was doing. */
import { Annotations, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { QrPaymentApi } from '../qr-payment-api';
import { capacityOf, serviceBehind } from './service-behind';
import { factsOf, type StoreFacts } from './store-facts';
import { known, knownRegion, refuse } from './validation';

export interface Pair {
  readonly primary: QrPaymentApi;
  readonly standby: QrPaymentApi;
}

export function checkPair(where: IConstruct, pair: Pair): void {
  checkAccounts(where, pair);
  checkNames(where, pair);
  checkCapacity(where, pair);
  checkTables(where, pair);
}

/** Whether either has a table that is in other Regions too; nothing where that is not known of both. */
export function sharesTable({ primary, standby }: Pair): boolean | undefined {
  const stores = [primary, standby].map(storeOf);
  if (stores.includes(undefined)) return undefined;
  return stores.some((store) => store?.consistency !== undefined);
}

/** Where the service behind an API keeps its payments, as far as that is known. */
export function storeOf(api: QrPaymentApi): StoreFacts | undefined {
  const service = serviceBehind(api);
  return service === undefined ? undefined : factsOf(service.table);
}

function checkAccounts(where: IConstruct, { primary, standby }: Pair): void {
  const accounts = [primary, standby].map((api) => known(Stack.of(api).account));
  if (accounts[0] === undefined || accounts[1] === undefined || accounts[0] === accounts[1]) return;
  refuse(where, {
    code: 'failover-accounts',
    what: 'primary and standby are in different accounts',
    got: accounts,
    allowed: 'one account: table, keys and hosted zone are shared',
    fix: 'deploy both stacks to one account',
  });
}

function checkNames(where: IConstruct, { primary, standby }: Pair): void {
  if (primary.sharedDomainName !== standby.sharedDomainName) {
    refuse(where, {
      code: 'shared-names-differ',
      what: 'sharedDomainName of primary and standby differ',
      got: [primary.sharedDomainName, standby.sharedDomainName],
      allowed: 'one name: the records of both decide together where it leads',
      fix: 'set the same sharedDomainName in both',
    });
  }
  const zones = [primary, standby].map(({ hostedZone }) => hostedZone && known(hostedZone.hostedZoneId));
  if (zones[0] !== undefined && zones[1] !== undefined && zones[0] !== zones[1]) {
    refuse(where, {
      code: 'hosted-zones-differ',
      what: 'hostedZone of primary and standby differ',
      got: zones,
      allowed: 'one zone: its records decide together where the name leads',
      fix: 'set the same hostedZone in both',
    });
  }
  if (primary.regionalDomainName === undefined || primary.regionalDomainName !== standby.regionalDomainName) return;
  refuse(where, {
    code: 'regional-names-equal',
    what: 'regionalDomainName of primary and standby are the same',
    got: primary.regionalDomainName,
    allowed: "a name of each Region's own, or its health cannot be asked",
    fix: "name them for instance 'us-east-1.pay.example.com' and 'us-west-2.pay.example.com'",
  });
}

/** Tasks that have to be started first may never come: a lost Region is when everybody starts some. */
function checkCapacity(where: IConstruct, { primary, standby }: Pair): void {
  const [needed, there] = [primary, standby].map((api) => {
    const service = serviceBehind(api);
    return service === undefined ? undefined : capacityOf(service);
  });
  if (needed === undefined || there === undefined) return;
  for (const count of ['minTaskCount', 'maxTaskCount'] as const) {
    if (there[count] * there.cpu >= needed[count] * needed.cpu) continue;
    refuse(where, {
      code: 'standby-capacity',
      what: `the standby has less to serve with than the primary: ${count} and cpu`,
      got: `${there[count]} tasks of ${there.cpu} CPU units`,
      allowed: `as much as ${needed[count]} tasks of ${needed.cpu}, running before anything happens`,
      fix: `set ${count} and cpu of the standby's service to the primary's`,
    });
  }
}

function checkTables(where: IConstruct, pair: Pair): void {
  const shares = sharesTable(pair);
  if (shares === undefined) return;
  if (!shares) {
    Annotations.of(pair.standby).addWarningV2(
      'cdk-qr-payments:two-tables',
      'Each Region has a table of its own: after a failover no payment of the other Region is known, and a retried one is made and paid again. ' +
        'Use PaymentStore.dynamoDb({ replicas }) in the primary and PaymentStore.replicaOf() in the standby.',
    );
    return;
  }
  const stores = [pair.primary, pair.standby].map((api) => storeOf(api) ?? {});
  if (stores.every((store) => fits(store, stores[0]!, pair))) return;
  refuse(where, {
    code: 'tables-differ',
    what: 'the services of primary and standby do not have replicas of one table',
    got: stores,
    allowed: 'one table, with a replica in both Regions, and the consistency that it was made with',
    fix: "set replicas in PaymentStore.dynamoDb() of one, and PaymentStore.replicaOf() with that table's name and consistency in the other",
  });
}

function fits({ tableName, consistency, regions }: StoreFacts, other: StoreFacts, { primary, standby }: Pair): boolean {
  const isNamed = tableName !== undefined && other.tableName !== undefined;
  const hasBoth = [primary, standby].every((api) => regions?.includes(knownRegion(api) ?? '') ?? true);
  return (!isNamed || tableName === other.tableName) && consistency === other.consistency && hasBoth;
}
