/** POST /v1/qr/encode: strict writing, from data objects or from a profile. */
import jsQR from 'jsqr';
import { profile, sgd, useHandler } from '../harness';
import { objects, STATIC, withCrc } from './emv';

const { call, merchant, createPayment } = useHandler();

const encode = (body: object) => call('POST', '/v1/qr/encode', { body });
const decode = async (payload: unknown) => (await call('POST', '/v1/qr/decode', { body: { payload } })).json;

const fields = {
  ...{ '00': '01', '01': '11', '26': { '00': 'com.example.pay', '01': '12345678' }, '52': '5812', '53': '702' },
  ...{ '58': 'SG', '59': 'Kopi Corner', '60': 'Singapore' },
};

test('data objects become the payload that an independent writer makes', async () => {
  const { status, json } = await encode({ fields });

  expect(status).toBe(200);
  expect(Object.keys(json).sort()).toEqual(['payload', 'svg']);
  expect(json.payload).toBe(withCrc(objects(...STATIC)));
});

test('the order of members makes no difference: 00 first, 63 last', async () => {
  const shuffled = Object.fromEntries(Object.entries(fields).reverse());

  expect((await encode({ fields: shuffled })).json.payload).toBe((await encode({ fields })).json.payload);
});

test.each([
  ['static', fields],
  ['with an amount', { ...fields, '54': '12.50' }],
  ['dynamic', { ...fields, '01': '12', '54': '1' }],
  ['with additional data', { ...fields, '62': { '05': 'order-42', '07': 'till 3' } }],
  ['with own script', { ...fields, '64': { '00': 'zh', '01': '咖啡角', '02': '新加坡' } }],
  ['with a template of another', { ...fields, '80': { '00': 'com.example', '01': 'x y' } }],
  ['with two accounts', { ...fields, '27': { '00': 'org.other', '02': 'b' } }],
  ['with a nested template', { ...fields, '62': { '50': { '00': 'com.example', '01': 'x' } } }],
])('what decode gives is what was encoded: %s', async (_, sent) => {
  const { json } = await encode({ fields: sent });

  const { fields: found, warnings } = await decode(json.payload);

  const { '63': crc, ...rest } = Object(found);
  expect(rest).toEqual(sent);
  expect([crc, warnings]).toEqual([String(json.payload).slice(-4), []]);
});

test('the fields that decode gives of a payment can be encoded again, to the same payload', async () => {
  const { qr } = await createPayment();
  const { '63': _, ...rest } = Object((await decode(qr.payload)).fields);

  expect((await encode({ fields: rest })).json.payload).toBe(qr.payload);
});

test('the picture holds the payload', async () => {
  const { json } = await encode({ fields });

  expect(scanSvg(String(json.svg))).toBe(json.payload);
});

test('a profile becomes a static code', async () => {
  const { json } = await encode({ merchant: profile, scheme: 'emv' });

  expect(await decode(json.payload)).toMatchObject({
    ...{ initiation: 'static', scheme: 'emv', amount: null, paymentId: null, warnings: [] },
    merchant: { name: 'Kopi Corner', city: 'Singapore', country: 'SG', categoryCode: '5812' },
    fields: { '26': { '00': 'com.example.pay', '01': '12345678' }, '53': '702' },
  });
});

test('a profile with an amount and its own script', async () => {
  const local = { language: 'th', name: 'กาแฟ' };

  const { json } = await encode({ merchant: { ...profile, local }, scheme: 'emv', amount: sgd(1250) });

  expect(await decode(json.payload)).toMatchObject({ amount: sgd(1250), merchant: { local: { name: 'กาแฟ' } } });
});

test('nothing is stored', async () => {
  await encode({ merchant: { ...profile, name: 'Nobody' }, scheme: 'emv' });

  expect((await call('GET', '/v1/merchants/m_demo')).json.name).not.toBe('Nobody');
  expect((await call('GET', '/v1/payments', { headers: await merchant('m_encode') })).page.data).toEqual([]);
});

test.each<[string, object, string]>([
  ['no name', { ...fields, '59': undefined }, '59'],
  ['a name of 26', { ...fields, '59': 'N'.repeat(26) }, '59'],
  ['an empty name', { ...fields, '59': '' }, '59'],
  ['a name in another script', { ...fields, '59': '咖啡角' }, '59'],
  ['a currency that is none', { ...fields, '53': 'SGD' }, '53'],
  ['a category of 3', { ...fields, '52': '581' }, '52'],
  ['an amount with a comma', { ...fields, '54': '12,50' }, '54'],
  ['a negative amount', { ...fields, '54': '-1' }, '54'],
  ['another format', { ...fields, '00': '02' }, '00'],
  ['no format', { ...fields, '00': undefined }, '00'],
  ['a checksum', { ...fields, '63': 'ABCD' }, '63'],
  ['a value of 100', { ...fields, '26': { '00': 'com.example.pay', '01': 'x'.repeat(100) } }, '26/01'],
  ['a template of 100', { ...fields, '26': { '00': 'a'.repeat(32), '01': 'x'.repeat(60), '02': 'y' } }, '26'],
  ['an id of letters', { ...fields, AB: 'x' }, ''],
  ['an id of three digits', { ...fields, '100': 'x' }, ''],
  ['a number for a string', { ...fields, '60': 7 }, '60'],
  ['an object where there is no template', { ...fields, '59': { '00': 'x' } }, '59'],
  ['a list', { ...fields, '62': ['x'] }, '62'],
  ['a country in lower case', { ...fields, '58': 'sg' }, '58'],
])('strict: %s is 422 with the path, or 400 with the pointer', async (_, sent, path) => {
  const { status, problem } = await encode({ fields: sent });

  expect([400, 422]).toContain(status);
  if (status === 400) expect(problem.errors?.[0].pointer).toBe(`/fields/${path}`);
  else {
    expect(problem.code).toBe('qr-invalid');
    expect(problem.errors).toContainEqual({
      path,
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.any(String),
    });
  }
});

test.each<[string, object]>([
  ['neither', {}],
  ['only an amount', { amount: sgd(1) }],
  ['both', { fields, merchant: profile }],
  ['fields with an amount', { fields, amount: sgd(1) }],
  ['fields with a scheme', { fields, scheme: 'emv' }],
  ['empty fields', { fields: {} }],
  ['fields null', { fields: null }],
  ['fields as a list', { fields: ['00'] }],
  ['a profile without a name', { merchant: { ...profile, name: undefined } }],
  ['a profile with an unknown member', { merchant: { ...profile, colour: 'red' } }],
  ['an amount of 0', { merchant: profile, amount: sgd(0) }],
  ['an unknown member', { fields, colour: 'red' }],
])('not a request: %s is 400', async (_, body) => {
  const { status, problem } = await encode(body);

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
});

test('a scheme that the profile has no account of', async () => {
  expect([400, 422]).toContain((await encode({ merchant: profile, scheme: 'pix' })).status);
});

/** The strokes of the path (`M x y`, `m dx 0`, `h width`), one module high each, as a picture. */
function scanSvg(svg: string): string | undefined {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const path = /<path stroke="#000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  const scale = 4;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  let [x, y] = [0, 0];
  for (const [, command, a, b] of path.matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(a), Math.floor(Number(b))];
    if (command === 'h') {
      for (let row = y * scale; row < (y + 1) * scale; row++) {
        for (let at = x * scale; at < (x + Number(a)) * scale; at++)
          pixels.fill(0, (row * width + at) * 4, (row * width + at) * 4 + 3);
      }
    }
    if (command !== 'M') x += Number(a);
  }
  const found = jsQR(pixels, width, width);
  return found === null ? undefined : Buffer.from(found.binaryData).toString('utf8');
}
