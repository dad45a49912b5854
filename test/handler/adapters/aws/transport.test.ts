import { NoReply, Transport } from '../../../../src/handler/adapters/aws/transport';
import { after, FakeAws, half, reply, reset, silence } from './fake-aws';

let aws: FakeAws;
let transport: Transport;
beforeEach(async () => {
  aws = await FakeAws.start();
  transport = new Transport(new URL(aws.endpoint), 1);
});
afterEach(async () => {
  await transport.close();
  await aws.stop();
});

const post = (timeoutMs = 5_000) => transport.post({ 'x-name': 'value' }, '{}', timeoutMs);
const noReply = (sent: boolean) => expect.objectContaining({ name: 'NoReply', sent });

test('a reply comes back with its status, whatever that is', async () => {
  aws.script(reply({ a: '€' }), reply({ b: 1 }, 500));

  expect(await post()).toEqual({ status: 200, text: '{"a":"€"}' });
  expect(await post()).toEqual({ status: 500, text: '{"b":1}' });
});

test('a reply in many pieces is put together', async () => {
  const text = JSON.stringify({ long: '€'.repeat(300_000) });
  aws.script((response) => response.end(text));

  expect((await post()).text).toBe(text);
});

test('without a reply in time the request was sent, and the next one does not wait for it', async () => {
  aws.script(silence, reply({}));
  const begun = performance.now();

  await expect(post(120)).rejects.toEqual(noReply(true));

  expect(performance.now() - begun).toBeGreaterThanOrEqual(115);
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(await post(1_000)).toMatchObject({ status: 200 });
});

test.each([
  ['a reset', reset],
  ['half a reply', half],
])('after %s the request was sent', async (_, fault) => {
  aws.script(fault);

  await expect(post(200)).rejects.toEqual(noReply(true));
});

test('where nobody listens nothing was sent', async () => {
  const nowhere = new Transport(new URL('http://127.0.0.1:1'));

  await expect(nowhere.post({}, '{}', 1_000)).rejects.toEqual(noReply(false));
  await nowhere.close();
});

test('a request that waited for a connection in vain was not sent, ever, and costs nobody the connection', async () => {
  aws.script(after(150, reply({ n: 1 })), reply({ n: 2 }));
  const first = post();

  await expect(post(50)).rejects.toEqual(noReply(false));

  expect(await first).toMatchObject({ text: '{"n":1}' });
  expect(await post()).toMatchObject({ text: '{"n":2}' });
  expect(aws.received).toHaveLength(2);
  expect(aws.connections).toBe(1);
});

test('after a close nothing goes out', async () => {
  await transport.close();

  await expect(post()).rejects.toBeInstanceOf(NoReply);
  expect(aws.received).toEqual([]);
});
