/** Bodies that are no JSON of ours: refused before anything looks at what they mean, and never a fault of the server. */
import { order, useHandler } from '../harness';

const { call, createPayment } = useHandler();

const text = JSON.stringify(order);
const post = (raw: string | Buffer, headers = {}) => call('POST', '/v1/payments', { raw, headers });
const withReference = (reference: string) => `{"amount":{"currency":"SGD","value":1250},"reference":${reference}}`;
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test.each<[string, string | Buffer]>([
  ['nothing but white space', ' \n '],
  ['half of it', text.slice(0, -5)],
  ['two of it', text + text],
  ['a comma too many', '{"amount":{"currency":"SGD","value":1250},"reference":"a",}'],
  ['a comment', `${text} // x`],
  ['single quotes', "{'reference':'a'}"],
  ['NaN', '{"amount":{"currency":"SGD","value":NaN},"reference":"a"}'],
  ['Infinity', '{"amount":{"currency":"SGD","value":Infinity},"reference":"a"}'],
  ['a hexadecimal number', '{"amount":{"currency":"SGD","value":0x10},"reference":"a"}'],
  ['a leading zero', '{"amount":{"currency":"SGD","value":01250},"reference":"a"}'],
  ['a leading plus', '{"amount":{"currency":"SGD","value":+1250},"reference":"a"}'],
  ['a raw line break in a string', withReference('"a\nb"')],
  ['a byte order mark of UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16', Buffer.from(text, 'utf16le')],
  ['Latin-1', Buffer.from(withReference('"é"'), 'latin1')],
  ['overlong UTF-8', Buffer.concat([Buffer.from('{"reference":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
  ['a surrogate in UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
  ['UTF-8 cut off', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xf0, 0x9f]), Buffer.from('"}')])],
  ['zero bytes', Buffer.alloc(64)],
  ['a form', 'amount=1250&reference=a'],
  ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['a gzip body that does not say so', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
])('%s is 400 invalid-json', async (_, raw) => {
  const { status, problem } = await post(raw);

  expect([status, problem.code]).toEqual([400, 'invalid-json']);
});

test.each([
  ['a member twice', '{"amount":{"currency":"SGD","value":1250},"reference":"a","reference":"b"}'],
  [
    'a member twice, one of them escaped',
    '{"amount":{"currency":"SGD","value":1},"reference":"a","refer\\u0065nce":"b"}',
  ],
  ['the amount twice', '{"amount":{"currency":"SGD","value":1},"amount":{"currency":"SGD","value":2},"reference":"a"}'],
  ['a value twice', '{"amount":{"currency":"SGD","value":1,"value":1250},"reference":"a"}'],
  ['a metadata key twice', '{"amount":{"currency":"SGD","value":1},"reference":"a","metadata":{"k":"1","k":"2"}}'],
  ['a lone high surrogate', withReference('"\\ud800"')],
  ['a lone low surrogate', withReference('"x\\udc00y"')],
  ['surrogates the wrong way round', withReference('"\\udc00\\ud800"')],
  ['a lone surrogate in a key', '{"amount":{"currency":"SGD","value":1},"reference":"a","metadata":{"\\ud800":"1"}}'],
  ['a number past what a double holds', '{"amount":{"currency":"SGD","value":1e400},"reference":"a"}'],
  ['a negative one', '{"amount":{"currency":"SGD","value":-1e400},"reference":"a"}'],
  ['minus zero', '{"amount":{"currency":"SGD","value":-0},"reference":"a"}'],
  ['9 levels', nested(9)],
  ['5,000 levels', nested(2500)],
  ['5,000 levels of lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['__proto__', `${text.slice(0, -1)},"__proto__":{"amount":1}}`],
  ['constructor', `${text.slice(0, -1)},"constructor":{"prototype":{}}}`],
  ['toString', `${text.slice(0, -1)},"toString":"x"}`],
  ['__proto__ within the amount', '{"amount":{"currency":"SGD","value":1,"__proto__":{}},"reference":"a"}'],
  ['__proto__ in place of a member', '{"amount":{"currency":"SGD","__proto__":{"value":1}},"reference":"a"}'],
  ['a list', `[${text}]`],
  ['an empty list', '[]'],
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '1250'],
  ['a string', '"x"'],
  ['an empty string', '""'],
  ['an empty object', '{}'],
])('%s is 400', async (_, raw) => {
  const { status, problem } = await post(raw);

  expect(status).toBe(400);
  expect(['invalid-json', 'invalid-request']).toContain(problem.code);
});

test('a byte order mark is refused or ignored, as RFC 8259 has it, and never kept', async () => {
  const reply = await post(`\ufeff${text}`);

  if (reply.status === 201) expect(reply.payment.reference).toBe(order.reference);
  else expect([reply.status, reply.problem.code]).toEqual([400, 'invalid-json']);
});

test('no body where there must be one is 400', async () => {
  const replies = [
    await call('POST', '/v1/payments'),
    await call('POST', '/v1/payments', { raw: '' }),
    await call('PUT', '/v1/merchants/m_demo'),
    await call('POST', '/v1/qr/decode'),
    await call('POST', `/v1/payments/${(await createPayment()).id}/authorize`),
  ];

  expect(replies.map(({ status, problem }) => [status, problem.code])).toEqual(Array(5).fill([400, 'invalid-request']));
});

test('8 levels are read: what is refused then is not the depth', async () => {
  const tooDeep = (await post(nested(9))).problem.detail;
  const justDeep = (await post(nested(8))).problem.detail;

  expect(justDeep).not.toBe(tooDeep);
  expect(tooDeep).toMatch(/8/);
});

test('__proto__ as a metadata key is refused or kept, never dropped', async () => {
  const reply = await post('{"amount":{"currency":"SGD","value":1},"reference":"a","metadata":{"__proto__":"x"}}');

  if (reply.status === 201) expect(Object.entries(Object(reply.json.metadata))).toEqual([['__proto__', 'x']]);
  else expect(reply.status).toBe(400);
});

describe('size', () => {
  test.each([
    ['16 KiB exactly', 16 * 1024, 201],
    ['one byte more', 16 * 1024 + 1, 413],
    ['1 MiB', 1024 * 1024, 413],
  ])('%s', async (_, size, status) => {
    const reply = await post(text.padEnd(size)).catch((error: NodeJS.ErrnoException) => error.code);

    // A client that is still sending may see the connection end before it reads the answer.
    if (typeof reply !== 'object')
      expect([size > 100_000, reply]).toEqual([true, expect.stringMatching(/EPIPE|ECONNRESET/)]);
    else
      expect([reply.status, status === 413 && reply.problem.code]).toEqual([
        status,
        status === 413 && 'body-too-large',
      ]);
  });

  test('counts bytes and not characters', async () => {
    const body = {
      ...order,
      metadata: Object.fromEntries([...Array(20).keys()].map((n) => [`k${n}`, '😀'.repeat(200)])),
    };

    expect(Buffer.byteLength(JSON.stringify(body))).toBeGreaterThan(16_000);
    expect((await post(JSON.stringify(body).padEnd(16_384))).status).toBe(
      Buffer.byteLength(JSON.stringify(body).padEnd(16_384)) > 16_384 ? 413 : 201,
    );
  });

  test('also where a step takes an optional body, and on every other operation', async () => {
    const { id } = await createPayment();
    const raw = '{}'.padEnd(16 * 1024 + 1);

    const replies = [
      await call('POST', `/v1/payments/${id}/cancel`, { raw }),
      await call('POST', '/v1/qr/decode', { raw }),
      await call('PUT', '/v1/merchants/m_demo', { raw }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([413, 413, 413]);
  });
});

describe('media types', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/octet-stream',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/jsonp',
    'application/merge-patch+json',
    'application/problem+json',
    'json',
    '*/*',
    'application/json, text/plain',
  ])('%s is 415', async (type) => {
    const { status, problem } = await post(text, { 'content-type': type });

    expect([status, problem.code]).toEqual([415, 'unsupported-media-type']);
  });

  test('a body without any is 415', async () => {
    expect((await post(text, { 'content-type': undefined })).status).toBe(415);
  });

  test.each(['gzip', 'br', 'deflate', 'gzip, identity', 'x'])('Content-Encoding: %s is 415', async (encoding) => {
    expect((await post(text, { 'content-encoding': encoding })).status).toBe(415);
  });

  test.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'APPLICATION/JSON',
  ])('%s is taken', async (type) => {
    expect((await post(text, { 'content-type': type })).status).toBe(201);
  });

  test('a body in chunks is taken', async () => {
    const headers = { 'content-length': undefined, 'transfer-encoding': 'chunked' };

    expect((await post(text, headers)).status).toBe(201);
  });
});
