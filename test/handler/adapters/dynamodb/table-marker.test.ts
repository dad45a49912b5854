/** Which table its payments were written for: on a stand-in, whose tables have ids as AWS's have, and on a fake for what that cannot do. */
import { type AwsJsonClient, createAwsJsonClient } from '../../../../src/handler/adapters/aws/json-client';
import { TableMarker } from '../../../../src/handler/adapters/dynamodb/table-marker';
import { FakeAws, refusal, reply, type Step } from '../aws/fake-aws';
import { copyItems, createTable, REGION } from '../dynamodb-table';
import { type StandIn, startDynalite } from './stand-ins';

let standIn: StandIn;
let client: AwsJsonClient;
let names = 0;
beforeAll(async () => {
  standIn = await startDynalite();
  client = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: standIn.endpoint });
});
afterAll(async () => {
  await client.close();
  await standIn.close();
});

async function newTable(name = `payments-${++names}`): Promise<string> {
  await createTable(standIn.endpoint, name);
  return name;
}
const markerOf = (tableName: string, region = REGION) => new TableMarker({ tableName, region, client });

test('the first to ask marks the table, and whoever asks later finds it so', async () => {
  const table = await newTable();

  expect(await markerOf(table).isOurs()).toBe(true);
  expect(await markerOf(table).isOurs()).toBe(true);
});

test('of many at once all find it so', async () => {
  const table = await newTable();

  const asked = await Promise.all(Array.from({ length: 20 }, () => markerOf(table).isOurs()));

  expect(asked).toEqual(Array(20).fill(true));
});

describe('a restored copy', () => {
  test('is not ours, however often it is asked, until it is claimed', async () => {
    const [table, restored] = [await newTable(), await newTable()];
    await markerOf(table).isOurs();
    await copyItems(standIn.endpoint, table, restored);

    expect(await markerOf(restored).isOurs()).toBe(false);
    expect(await markerOf(restored).isOurs()).toBe(false);
    await markerOf(restored).claim();

    expect(await markerOf(restored).isOurs()).toBe(true);
    expect(await markerOf(table).isOurs()).toBe(true);
  });

  test('under the name of the table before is told by its id', async () => {
    const [table, kept] = [await newTable(), await newTable()];
    await markerOf(table).isOurs();
    await copyItems(standIn.endpoint, table, kept);
    await client.call('DeleteTable', { TableName: table });
    await newTable(table);
    await copyItems(standIn.endpoint, kept, table);

    expect(await markerOf(table).isOurs()).toBe(false);
  });

  test('of a copy that was claimed is none of that either', async () => {
    const [table, restored, again] = [await newTable(), await newTable(), await newTable()];
    await markerOf(table).isOurs();
    await copyItems(standIn.endpoint, table, restored);
    await markerOf(restored).claim();
    await copyItems(standIn.endpoint, restored, again);

    expect(await markerOf(again).isOurs()).toBe(false);
  });

  test('in another Region is no replica', async () => {
    const [table, restored] = [await newTable(), await newTable()];
    await markerOf(table).isOurs();
    await copyItems(standIn.endpoint, table, restored);

    expect(await markerOf(restored, 'eu-west-1').isOurs()).toBe(false);
  });
});

describe('as AWS answers', () => {
  let aws: FakeAws;
  let fake: AwsJsonClient;
  beforeAll(async () => {
    aws = await FakeAws.start();
  });
  afterAll(() => aws.stop());
  beforeEach(() => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
    fake = createAwsJsonClient({ service: 'dynamodb', region: REGION, endpoint: aws.endpoint, credentials });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await fake.close();
  });
  const ask = (...steps: Step[]) => {
    aws.script(...steps);
    return new TableMarker({ tableName: 'payments', region: REGION, client: fake }).isOurs();
  };
  const table = (id: string, ...replicas: string[]) =>
    reply({ Table: { TableId: id, Replicas: replicas.map((RegionName) => ({ RegionName })) } });
  const identity = (name: string, id?: string) => ({
    M: { name: { S: name }, ...(id !== undefined && { id: { S: id } }) },
  });
  const marked = (tables: Record<string, object>, schema = '1') =>
    reply({
      Item: { pk: { S: 'table#marker' }, schema: { N: schema }, revision: { N: '3' }, tables: { M: tables } },
    });
  const put = () => JSON.parse(aws.received.at(-1)!.body);

  test('a replica of the marked table joins it, under its own id', async () => {
    const theirs = identity('payments', 'id-eu');

    expect(await ask(table('id-ap', 'eu-west-1'), marked({ 'eu-west-1': theirs }), reply({}))).toBe(true);

    expect(put()).toMatchObject({
      Item: { revision: { N: '4' }, tables: { M: { 'eu-west-1': theirs, [REGION]: identity('payments', 'id-ap') } } },
      ConditionExpression: '#revision = :read',
      ExpressionAttributeValues: { ':read': { N: '3' } },
    });
  });

  test('a lost race for the marker is looked at again', async () => {
    const lost = refusal('ConditionalCheckFailedException');

    expect(await ask(table('id-1'), reply({}), lost, marked({ [REGION]: identity('payments', 'id-1') }))).toBe(true);
    expect(await ask(table('id-1'), reply({}), lost, marked({ [REGION]: identity('payments', 'id-2') }))).toBe(false);
  });

  test('where the table cannot be described, its name tells', async () => {
    const refused = refusal('AccessDeniedException');

    expect(await ask(refused, marked({ [REGION]: identity('payments', 'id-1') }))).toBe(true);
    expect(await ask(refused, marked({ [REGION]: identity('payments-before', 'id-1') }))).toBe(false);
  });

  test('a marker that lacks the id gets it', async () => {
    expect(await ask(table('id-1'), marked({ [REGION]: identity('payments') }), reply({}))).toBe(true);
    expect(put().Item.tables.M[REGION]).toEqual(identity('payments', 'id-1'));
  });

  test('one of a later release is not judged', async () => {
    await expect(ask(table('id-1'), marked({}, '2'))).rejects.toThrow('a schema that this release does not know');
  });

  test('a table that does not answer is neither ours nor not', async () => {
    await expect(ask(table('id-1'), refusal('AccessDeniedException'))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    await expect(ask(table('id-1'), reply({}), refusal('InternalServerError', 500))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
  });
});
