// What the handler is measured against: the same round trips and nothing else. node:http, JSON.parse, JSON.stringify, and one
// pooled, unsigned request for each call of the store or the bank. No validation, no idempotency, no QR code, no log.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [stub, arm] = process.argv.slice(2);
const pool = new Pool(stub, { connections: 100, keepAliveTimeout: 60_000, keepAliveMaxTimeout: 60_000 });

async function ask(method, path, headers, input) {
  const { statusCode, body } = await pool.request({ method, path, headers, body: JSON.stringify(input) });
  const output = await body.json();
  if (statusCode !== 200) throw new Error(`the stub answered ${statusCode}`);
  return output;
}

function store(operation, input) {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  return ask('POST', '/', headers, { TableName: arm, ...input });
}

async function create(order, key) {
  const id = `pay_${randomUUID().replaceAll('-', '')}`;
  const at = new Date().toISOString();
  await store('PutItem', {
    Item: {
      pk: { S: id },
      revision: { N: '1' },
      merchantId: { S: 'm_bench' },
      amount: { M: { currency: { S: order.amount.currency }, value: { N: String(order.amount.value) } } },
      reference: { S: order.reference },
      description: { S: order.description },
      captureMethod: { S: 'automatic' },
      scheme: { S: 'emv' },
      createdAt: { S: at },
      expiresAt: { S: at },
      qrPayload: { S: QR_PAYLOAD },
      requestHash: { S: key },
      events: { L: [{ M: { type: { S: 'created' }, requestId: { S: key } } }] },
      status: { S: 'created' },
      version: { N: '1' },
      merchantShard: { S: 'm_bench#3' },
      createdAtId: { S: `${at}#${id}` },
    },
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': 'pk' },
  });
  return { id, status: 'created', ...order, qr: { payload: QR_PAYLOAD, url: `/v1/payments/${id}/qr` }, operations: [] };
}

async function read(id) {
  return present((await store('GetItem', { Key: { pk: { S: id } }, ConsistentRead: true })).Item);
}

async function sale(id, { payer }, key) {
  const { Item: item } = await store('GetItem', { Key: { pk: { S: id } }, ConsistentRead: true });
  const amount = amountOf(item);
  const intent = { M: { type: { S: 'operation_pending' }, op: { S: 'sale.1' }, key: { S: key } } };
  await replace(item, [intent], { revision: { N: '2' }, version: { N: '2' }, payerToken: { S: payer.token } });
  const answer = await ask(
    'PUT',
    `/bank/${arm}/operations/${id}.sale.1`,
    { 'content-type': 'application/json' },
    {
      kind: 'sale',
      paymentId: id,
      merchantId: 'm_bench',
      amount,
      payerToken: payer.token,
    },
  );
  const outcome = { M: { type: { S: 'operation_succeeded' }, bankReference: { S: answer.connectorReference } } };
  const paid = { revision: { N: '3' }, version: { N: '3' }, status: { S: 'captured' } };
  return present(await replace({ ...item, revision: { N: '2' } }, [intent, outcome], paid));
}

async function replace(item, added, changes) {
  const Item = { ...item, ...changes, events: { L: [...item.events.L, ...added] } };
  await store('PutItem', {
    Item,
    ConditionExpression: '#revision = :read',
    ExpressionAttributeNames: { '#revision': 'revision' },
    ExpressionAttributeValues: { ':read': item.revision },
  });
  return Item;
}

function amountOf({ amount }) {
  return { currency: amount.M.currency.S, value: Number(amount.M.value.N) };
}

function present(item) {
  return {
    id: item.pk.S,
    merchantId: item.merchantId.S,
    status: item.status.S,
    amount: amountOf(item),
    reference: item.reference.S,
    description: item.description.S,
    captureMethod: item.captureMethod.S,
    scheme: item.scheme.S,
    expiresAt: item.expiresAt.S,
    createdAt: item.createdAt.S,
    version: Number(item.version.N),
    qr: { payload: item.qrPayload.S, url: `/v1/payments/${item.pk.S}/qr` },
    operations: item.events.L.slice(1).map(({ M }) => M.type.S),
  };
}

function serve({ method, url, headers }, text) {
  const [, , , id] = url.split('/');
  if (method === 'GET') return read(id);
  const body = JSON.parse(text);
  return id === undefined ? create(body, headers['idempotency-key']) : sale(id, body, headers['idempotency-key']);
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    serve(request, text).then(
      (reply) => {
        const json = JSON.stringify(reply);
        const status = request.url === '/v1/payments' ? 201 : 200;
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
        response.writeHead(status, headers).end(json);
      },
      () => response.writeHead(500, { 'content-length': 0 }).end(),
    );
  });
});
server.keepAliveTimeout = 320_000; // it is idle while the others are measured
server.listen(0, '127.0.0.1', () => console.log(`{"address":"http://127.0.0.1:${server.address().port}"}`));

/** As long as one of ours. */
const QR_PAYLOAD =
  '00020101021226350015com.example.pay011212345678520458125303702540512.505802SG5914Kopi and Toast6009Singapore80920015cdk.qr.payments0139pay_k3v7q2mzl5x4tcw6rjhy2bnoaaapse10222q8Zt1xN5wYb0RkUe3LhV000306abcdef6304ABCD';
