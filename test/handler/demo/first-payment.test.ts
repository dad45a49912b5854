import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createFirstPayment, MERCHANT } from '../../../src/handler/demo/first-payment';

let server: Server;
let seen: { call: string; key: unknown; body: object }[];
let refuse: string | undefined;
const PAYMENT = { id: 'pay_1', amount: { currency: 'SGD', value: 450 }, version: 1, qr: { payload: '000201' } };

beforeEach(async () => {
  seen = [];
  refuse = undefined;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = `${request.method} ${request.url}`;
    seen.push({ call, key: request.headers['idempotency-key'], body: JSON.parse(body) });
    response.writeHead(call === refuse ? 409 : 200).end(JSON.stringify(PAYMENT));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => server.close());

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('first the merchant, then its payment, under the key that is given', async () => {
  const payment = await createFirstPayment(url(), 'key-of-16-letters');

  expect(payment).toEqual(PAYMENT);
  expect(seen.map(({ call, key }) => [call, key])).toEqual([
    ['PUT /v1/merchants/m_demo', undefined],
    ['POST /v1/payments', 'key-of-16-letters'],
  ]);
  expect(seen[0]!.body).toEqual(MERCHANT);
  expect(seen[1]!.body).toMatchObject({ amount: { currency: 'SGD', value: 450 }, expiresInSeconds: 900 });
});

test('a refusal says which call it was, and nothing is sent after it', async () => {
  refuse = 'PUT /v1/merchants/m_demo';

  await expect(createFirstPayment(url(), 'key-of-16-letters')).rejects.toThrow('PUT /v1/merchants/m_demo answered 409');

  expect(seen).toHaveLength(1);
});
