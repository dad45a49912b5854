/** POST /v1/qr/decode: lenient where a code can be read safely, 422 with the place where it cannot. */
import { useHandler } from '../harness';
import { ACCOUNT, type DataObject, objects, STATIC, withCrc } from './emv';

const { call, createPayment } = useHandler();

const decode = (payload: unknown) => call('POST', '/v1/qr/decode', { body: { payload } });
const replaced = (id: string, value: string) =>
  objects(...STATIC.map((part) => (part[0] === id ? ([id, value] as const) : part)));
const without = (id: string) => objects(...STATIC.filter((part) => part[0] !== id));

const payload = withCrc(objects(...STATIC));

test('a static code', async () => {
  const { status, json } = await decode(payload);

  expect(status).toBe(200);
  expect(json).toEqual({
    mode: 'merchant-presented',
    initiation: 'static',
    scheme: 'emv',
    fields: {
      ...{ '00': '01', '01': '11', '26': { '00': 'com.example.pay', '01': '12345678' }, '52': '5812', '53': '702' },
      ...{ '58': 'SG', '59': 'Kopi Corner', '60': 'Singapore', '63': payload.slice(-4) },
    },
    merchant: { name: 'Kopi Corner', city: 'Singapore', country: 'SG', categoryCode: '5812' },
    amount: null,
    paymentId: null,
    warnings: [],
    authenticity: 'not_ours',
  });
});

test("a payment's code says its id, amount and merchant, and is authentic", async () => {
  const payment = await createPayment();

  const { json } = await decode(payment.qr.payload);

  expect(json).toMatchObject({
    ...{ initiation: 'dynamic', paymentId: payment.id, amount: payment.amount, merchant: { name: 'Demo Merchant' } },
    authenticity: 'authentic',
  });
});

test.each([
  ['12.50', '702', { currency: 'SGD', value: 1250 }],
  ['12.5', '702', { currency: 'SGD', value: 1250 }],
  ['12', '702', { currency: 'SGD', value: 1200 }],
  ['0.01', '702', { currency: 'SGD', value: 1 }],
  ['1250', '392', { currency: 'JPY', value: 1250 }],
  ['1.250', '414', { currency: 'KWD', value: 1250 }],
])('amount %s in currency %s', async (amount, currency, expected) => {
  const parts: DataObject[] = STATIC.map((part) => (part[0] === '53' ? ['53', currency] : part));
  parts.splice(5, 0, ['54', amount]);

  expect((await decode(withCrc(objects(...parts)))).json.amount).toEqual(expected);
});

test('nested templates and own script, lengths in code points', async () => {
  const additional = objects(['05', 'order-42'], ['50', objects(['00', 'com.example'], ['01', 'x'])]);
  const local = objects(['00', 'zh'], ['01', '咖啡角'], ['02', '新加坡']);

  const { json } = await decode(withCrc(objects(...STATIC, ['62', additional], ['64', local])));

  expect(json).toMatchObject({
    fields: { '62': { '05': 'order-42', '50': { '00': 'com.example', '01': 'x' } }, '64': { '01': '咖啡角' } },
    merchant: { local: { name: '咖啡角', city: '新加坡' } },
    warnings: [],
  });
});

describe('readable, with a warning', () => {
  test.each([
    ['an empty value', replaced('60', ''), '60'],
    [
      'a template that is no TLV',
      objects(...STATIC.map((part) => (part[0] === '26' ? (['26', 'x'] as const) : part))),
      '26',
    ],
    ['a currency that is none', replaced('53', '000'), '53'],
    ['a category code of letters', replaced('52', 'ABCD'), '52'],
    ['a name of 26 characters', replaced('59', 'N'.repeat(26)), '59'],
    ['no name', without('59'), '59'],
    ['no country', without('58'), '58'],
    ['an unknown initiation method', replaced('01', '13'), '01'],
  ])('%s', async (_, body, path) => {
    const { status, json } = await decode(withCrc(body));

    expect(status).toBe(200);
    expect(json.warnings).toContainEqual({ path, code: expect.any(String), message: expect.any(String) });
  });

  test('a template that is no TLV is its string', async () => {
    const { json } = await decode(withCrc(replaced('26', 'abc')));

    expect(json.fields).toMatchObject({ '26': 'abc' });
  });
});

describe('not safe to read: 422 with the place', () => {
  const changed = payload.slice(0, -4) + (payload.endsWith('0') ? '1' : '0').repeat(4);

  test.each([
    ['a wrong checksum', changed, '63', 'crc_mismatch'],
    ['one letter of the name changed', payload.replace('Kopi', 'Kopj'), '63', 'crc_mismatch'],
    ['no checksum', objects(...STATIC), '63', 'crc_missing'],
    ['cut in the middle', payload.slice(0, 40), undefined, undefined],
    ['cut in the checksum', payload.slice(0, -2), undefined, undefined],
    ['a length past the end', withCrc(`${objects(...STATIC)}6299x`), undefined, undefined],
    ['a length that is no number', withCrc(`${objects(...STATIC)}62xxab`), undefined, 'length_invalid'],
    ['00 not first', withCrc(objects(ACCOUNT, ['00', '01'], ...STATIC.slice(3))), '00', 'order_invalid'],
    ['something after 63', payload + objects(['64', objects(['00', 'zh'], ['01', 'x'])]), undefined, undefined],
    ['an id twice', withCrc(objects(...STATIC, ['59', 'Other'])), '59', 'duplicate_id'],
    ['an account twice', withCrc(objects(...STATIC, ACCOUNT)), '26', 'duplicate_id'],
    [
      'an id twice within a template',
      withCrc(replaced('26', objects(['00', 'a'], ['01', 'b'], ['01', 'c']))),
      '26/01',
      'duplicate_id',
    ],
    ['an id of letters', withCrc(`${objects(...STATIC)}AB01x`), undefined, undefined],
    ['something else', 'https://example.com/pay', undefined, undefined],
    ['empty', '', undefined, undefined],
    ['4,097 characters', `000201${'9'.repeat(4091)}`, undefined, undefined],
  ])('%s', async (_, text, path, code) => {
    const { status, problem } = await decode(text);

    expect([status, problem.code]).toEqual([422, 'qr-invalid']);
    expect(problem.errors).toContainEqual({
      path: path ?? expect.any(String),
      code: code ?? expect.stringMatching(/^[a-z_]+$/),
      message: expect.any(String),
    });
    expect(problem.errors?.every((error) => error.pointer === undefined)).toBe(true);
  });

  test('every single character of a payload that is changed is found', async () => {
    const { qr } = await createPayment();
    const places = [...Array(qr.payload.length).keys()].filter((at) => at % 5 === 0);

    const replies = await Promise.all(
      places.map((at) =>
        decode(`${qr.payload.slice(0, at)}${qr.payload[at] === '7' ? '8' : '7'}${qr.payload.slice(at + 1)}`),
      ),
    );

    expect(replies.map(({ status }) => status)).toEqual(places.map(() => 422));
  });
});

test.each([[null], [1], [true], [[payload]], [{}]])('payload %j is no string: 400', async (value) => {
  const { status, problem } = await decode(value);

  expect([status, problem.code, problem.errors?.[0].pointer]).toEqual([400, 'invalid-request', '/payload']);
});

test('strange characters are no fault of ours', async () => {
  for (const text of [
    '\u0000',
    '0002\u0000\u0000',
    '０００２０１',
    '😀'.repeat(500),
    '000201\r\n',
    `000201${'٣'.repeat(20)}`,
  ]) {
    expect([text, (await decode(text)).status]).toEqual([text, 422]);
  }
});
