/**
 * Whether a table can have the replicas that it is to have, before CloudFormation tries. What a strongly consistent table may not have
 * (a time to live, local indexes, transactions) payments do without.
 */
import { Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import { type DynamoDbStoreProps, TableConsistency, type TableReplica } from '../payment-store-props';
import { commonRegionSet, REGION_SETS_TEXT } from './region-sets';
import { known, knownRegion, refuse } from './validation';

export interface Replication {
  readonly consistency: TableConsistency;
  readonly replicas: readonly TableReplica[];
  readonly witnessRegion?: string;
}

const KEY_ARN = /^arn:[^:]+:kms:([a-z0-9-]+):[^:]+:(key|alias)\/.+$/;
/** A strongly consistent table has so many Regions, a witness among them or not. */
const STRONG_REGIONS = 3;

/** Nothing where the table is in one Region. */
export function replicationOf(where: IConstruct, props: DynamoDbStoreProps): Replication | undefined {
  const { replicas = [], consistency, witnessRegion } = props;
  if (replicas.length === 0) {
    if (consistency !== undefined || witnessRegion !== undefined) refuseWithoutReplicas(where, props);
    return undefined;
  }
  const replication = { consistency: consistency ?? TableConsistency.STRONG, replicas, witnessRegion };
  checkName(where, props);
  const witness = witnessRegion === undefined ? [] : [witnessRegion];
  const regions = [ownRegion(where), ...replicas.map(({ region }) => region), ...witness];
  checkRegions(where, regions);
  for (const replica of replicas) checkKey(where, replica);
  if (replication.consistency === TableConsistency.STRONG) checkStrong(where, regions);
  else if (witnessRegion !== undefined) refuseWitness(where, witnessRegion);
  return replication;
}

/**
 * Of a table that is made in this app and not by us. CloudFormation would find it out only at deployment. Local indexes, which are excluded
 * too, take a sort key, and the table of payments has none.
 */
export function checkStrongTable(where: IConstruct, { node }: dynamodb.ITable): void {
  const table = node.defaultChild;
  if (!(table instanceof dynamodb.CfnGlobalTable) || table.multiRegionConsistency !== TableConsistency.STRONG) return;
  if (table.timeToLiveSpecification === undefined) return;
  refuse(where, {
    code: 'strong-table-ttl',
    what: 'the table of PaymentStore.fromTable is strongly consistent and has a time to live',
    got: table.timeToLiveSpecification,
    allowed: 'none: DynamoDB takes only one of the two',
    fix: 'leave timeToLiveAttribute out; payments have no use for it',
  });
}

function refuseWithoutReplicas(where: IConstruct, { consistency, witnessRegion }: DynamoDbStoreProps): never {
  refuse(where, {
    code: 'replicas-missing',
    what: `${consistency === undefined ? 'witnessRegion' : 'consistency'} is set, and there are no replicas`,
    got: consistency ?? witnessRegion,
    allowed: 'replicas in other Regions, or neither of both',
    fix: "set replicas: [{ region: 'us-west-2', encryptionKeyArn: ... }], or leave it out",
  });
}

function checkName(where: IConstruct, { tableName }: DynamoDbStoreProps): void {
  if (tableName !== undefined && known(tableName) !== undefined) return;
  refuse(where, {
    code: 'replicas-without-name',
    what: 'replicas are set, and tableName is not known at synth',
    got: tableName === undefined ? undefined : 'a token',
    allowed: "a name, by which the other Regions' stacks find their replica",
    fix: "set tableName, for instance 'payments-production'",
  });
}

function ownRegion(where: IConstruct): string {
  const region = knownRegion(where);
  if (region !== undefined) return region;
  refuse(where, {
    code: 'region-agnostic-stack',
    what: 'the stack of a table with replicas has no Region',
    got: Stack.of(where).node.path,
    allowed: 'a stack whose Region is known at synth',
    fix: "give the stack its Region: env: { region: 'us-east-1' }",
  });
}

function checkRegions(where: IConstruct, regions: readonly string[]): void {
  const token = regions.find((region) => Token.isUnresolved(region));
  const twice = regions.find((region, i) => regions.indexOf(region) !== i);
  if (token !== undefined) {
    refuse(where, {
      code: 'region-token',
      what: 'the Region of a replica or of the witness is not known at synth',
      got: 'a token',
      allowed: "a Region's name",
      fix: "write it out: 'us-west-2'",
    });
  }
  if (twice === undefined) return;
  refuse(where, {
    code: 'same-region-twice',
    what: 'replicas and witnessRegion have a Region twice, or the one of the stack',
    got: regions,
    allowed: 'each Region once',
    fix: `leave the second ${twice} out, or set another Region`,
  });
}

function checkKey(where: IConstruct, { region, encryptionKeyArn }: TableReplica): void {
  const [, keyRegion] = KEY_ARN.exec(encryptionKeyArn) ?? [];
  if (keyRegion === region || (keyRegion === undefined && known(encryptionKeyArn) === undefined)) return;
  refuse(where, {
    code: 'replica-key',
    what: `encryptionKeyArn of the replica in ${region} is no key of that Region`,
    got: encryptionKeyArn,
    allowed: `the ARN of a key or of an alias in ${region}`,
    fix: `make PaymentKeys in a stack in ${region}, give its key an alias, and write 'arn:aws:kms:${region}:<account>:alias/<name>'`,
  });
}

function checkStrong(where: IConstruct, regions: readonly string[]): void {
  const set = commonRegionSet(regions);
  if (set === undefined) {
    refuse(where, {
      code: 'strong-regions',
      what: 'the Regions of a strongly consistent table are not of one set',
      got: regions,
      allowed: REGION_SETS_TEXT,
      fix: 'choose them from one set, or set consistency: TableConsistency.EVENTUAL',
    });
  }
  if (regions.length === STRONG_REGIONS) return;
  const free = set.filter((region) => !regions.includes(region));
  refuse(where, {
    code: 'strong-members',
    what: `a strongly consistent table does not have ${STRONG_REGIONS} Regions`,
    got: regions,
    allowed: 'this Region, a replica and a witness, or this Region and two replicas',
    fix: free.length === 0 || regions.length > STRONG_REGIONS ? 'leave Regions out' : `set witnessRegion: '${free[0]}'`,
  });
}

function refuseWitness(where: IConstruct, witnessRegion: string): never {
  refuse(where, {
    code: 'witness-eventual',
    what: 'witnessRegion is set, and consistency is EVENTUAL',
    got: witnessRegion,
    allowed: 'a witness beside TableConsistency.STRONG',
    fix: 'leave witnessRegion out',
  });
}
