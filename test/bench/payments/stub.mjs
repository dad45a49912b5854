// The store and the bank of every arm, in a process of its own. The store keeps items and holds to conditions as DynamoDB does,
// as far as it is asked here; the bank approves everything, once. What an arm writes is counted apart from the others'.

import { createServer } from 'node:net';
import { readMessages } from './wire.mjs';

/** By table name, items by key: their JSON, and the revision that conditions go by. */
const tables = new Map();
/** By arm, names of the steps that the bank has done. */
const books = new Map();

const CONDITIONS = {
  'attribute_not_exists(#key)': (standing) => standing === undefined,
  '#revision = :read': (standing, values) => standing?.revision === values[':read'].N,
};

const OPERATIONS = {
  GetItem: ({ TableName, Key }) => {
    const item = tableOf(TableName).get(Key.pk.S);
    return ok(item === undefined ? '{}' : `{"Item":${item.json}}`);
  },
  PutItem: ({ TableName, Item, ConditionExpression, ExpressionAttributeValues }) => {
    const table = tableOf(TableName);
    const standing = table.get(Item.pk.S);
    const holds = ConditionExpression === undefined ? () => true : CONDITIONS[ConditionExpression];
    if (holds === undefined) return refused('ValidationException');
    if (!holds(standing, ExpressionAttributeValues)) return refused('ConditionalCheckFailedException', standing);
    table.set(Item.pk.S, { json: JSON.stringify(Item), revision: Item.revision?.N });
    return ok('{}');
  },
  DescribeTable: ({ TableName }) => ok(JSON.stringify({ Table: { TableName, TableId: TableName } })),
  // Of operations without an outcome: here each has one at once.
  Query: () => ok('{"Items":[],"Count":0,"ScannedCount":0}'),
};

function tableOf(name) {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const made = new Map();
  tables.set(name, made);
  return made;
}

function ok(body) {
  return message('200 OK', body);
}

function refused(type, standing) {
  const item = standing === undefined ? '' : `,"Item":${standing.json}`;
  const body = `{"__type":"com.amazonaws.dynamodb.v20120810#${type}","message":"The request failed"${item}}`;
  return message('400 Bad Request', body);
}

function message(status, body) {
  return `HTTP/1.1 ${status}\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\nx-amzn-RequestId: G5M0V6UJH3J7K1VQ7J7QJQ7QJVVV4KQNSO5AEMVJF66Q9ASUAAJG\r\n\r\n${body}`;
}

const TARGET = /\r\nx-amz-target: *DynamoDB_20120810\.(\w+)/i;
const STEP = /^PUT \/bank\/([\w-]+)\/operations\/([\w.]+) /;

function answer(head, body) {
  const input = JSON.parse(body.toString());
  const step = STEP.exec(head);
  if (step !== null) return approve(step[1], step[2], input);
  const operation = OPERATIONS[TARGET.exec(head)?.[1]];
  return operation === undefined ? refused('UnknownOperationException') : operation(input);
}

function approve(arm, opKey, { amount }) {
  if (!books.has(arm)) books.set(arm, new Set());
  books.get(arm).add(opKey);
  return ok(JSON.stringify({ opKey, result: 'approved', code: '00', connectorReference: `bank-${opKey}`, amount }));
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  readMessages(socket, (head, body) => socket.write(answer(head, body)));
});
server.listen(0, '127.0.0.1');

function urlOf() {
  if (!server.listening) return new Promise((resolve) => server.once('listening', () => resolve(urlOf())));
  return { url: `http://127.0.0.1:${server.address().port}` };
}

/** What an arm has written since the last time, which is then forgotten: all there is to count, in bounded memory. */
function closeBooks(arm) {
  const table = tableOf(arm);
  const count = { stored: 0, captured: 0, atBank: books.get(arm)?.size ?? 0 };
  for (const [pk, { json }] of table) {
    if (!pk.startsWith('pay_')) continue;
    count.stored++;
    if (JSON.parse(json).status.S === 'captured') count.captured++;
    table.delete(pk);
  }
  books.delete(arm);
  return count;
}

process.on('message', async (asked) => process.send(asked === 'url' ? await urlOf() : closeBooks(asked)));
process.on('disconnect', () => process.exit());
