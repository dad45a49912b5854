// The tag: ours verifies, and nothing else does.

import fc from 'fast-check';
import {
  type Authenticity,
  type AuthenticPayment,
  decodeQr,
  encodeFields,
  encodeMerchantCode,
  type QrFields,
  type QrKeys,
  qrKey,
  readClaim,
  signCode,
  verifyClaim,
} from '../../src/qr';
import { oracleCrc, oraclePairs, oracleWrite } from './oracle';
import { createdAtMs, expiresAtMs, paymentIds, profileOf, schemeSamples, testKey } from './samples';

const mutants = 10_000;
const keys = [testKey('k2026-08', 7), testKey('old', 9)];
const payment: AuthenticPayment = {
  id: paymentIds[0],
  merchantId: 'm_demo',
  amount: { currency: 'SGD', value: 1250 },
  expiresAtMs,
};

/** As whoever has the payment does it; what cannot be read is nobody's. */
function verifyCode(input: { payload: string; payment: AuthenticPayment; keys: QrKeys }): Authenticity {
  const decoded = decodeQr(input.payload);
  if (!decoded.ok) return 'not_ours';
  const claim = readClaim({ payload: input.payload, fields: decoded.qr.fields, keys: input.keys });
  return typeof claim === 'string' ? claim : verifyClaim(claim, input.payment);
}

function payloadOf(result: ReturnType<typeof encodeFields>): string {
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.payload;
}

function payNow(id: string = payment.id): string {
  const sample = schemeSamples.find(({ scheme }) => scheme === 'paynow');
  if (sample === undefined) throw new Error('no sample');
  return payloadOf(
    encodeMerchantCode({
      profile: { ...profileOf(sample, sample.accounts[0]), local: { language: 'zh', name: '最佳咖啡👀' } },
      amount: payment.amount,
      initiation: 'dynamic',
      reference: 'ORDER-1',
      createdAtMs,
      expiresAtMs,
      authenticity: { payment: { ...payment, id }, keys },
    }),
  );
}

const payload = payNow();

test.each(paymentIds)('a signed code of %s is read, without a warning, and verifies', (id) => {
  const signed = payNow(id);

  const decoded = decodeQr(signed);
  const verified = verifyCode({ payload: signed, payment: { ...payment, id }, keys });

  expect(decoded).toMatchObject({ ok: true, qr: { paymentId: id, initiation: 'dynamic', warnings: [] } });
  expect(verified).toBe('authentic');
});

test('the longest id and key id fill the template to its 99 characters', () => {
  const longest = `pay_${'a'.repeat(26)}abcdefgh`;

  const template = oraclePairs(payNow(longest))?.find(([id]) => id === '80')?.[1];

  expect(template).toHaveLength(99);
});

test.each(schemeSamples.filter(({ issues }) => issues.dynamic))('dynamic codes of $scheme carry the tag', (sample) => {
  const amount = { currency: sample.currency, value: 500_000 };
  const mine = { ...payment, amount };

  const signed = payloadOf(
    encodeMerchantCode({
      profile: profileOf(sample, sample.accounts[0]),
      scheme: sample.scheme,
      amount,
      initiation: 'dynamic',
      createdAtMs,
      expiresAtMs,
      authenticity: { payment: mine, keys },
    }),
  );

  expect(verifyCode({ payload: signed, payment: mine, keys })).toBe('authentic');
});

describe('rotation', () => {
  test('the old key still verifies, the first one signs', () => {
    const before = payloadOf(signCode({ fields: plainFields(), payment, keys: [keys[1]] }));

    expect(verifyCode({ payload: before, payment, keys })).toBe('authentic');
    expect(verifyCode({ payload, payment, keys: [keys[1]] })).toBe('unknown_key');
  });

  test('another secret under the same id is forged', () => {
    expect(verifyCode({ payload, payment, keys: [testKey('k2026-08', 8)] })).toBe('forged');
  });

  test.each([
    ['way-too-long', 32],
    ['a b', 32],
    ['', 32],
    ['short', 16],
  ])('key %s of %d bytes is refused', (id, bytes) => {
    expect(() => qrKey(id, new Uint8Array(bytes))).toThrow(/QR key/);
  });

  test('without a key nothing is signed', () => {
    expect(signCode({ fields: plainFields(), payment, keys: [] })).toMatchObject({ ok: false });
  });
});

test.each([
  { id: paymentIds[1] },
  { merchantId: 'm_other' },
  { merchantId: 'm_dem' },
  { amount: { currency: 'SGD', value: 1251 } },
  { amount: { currency: 'USD', value: 1250 } },
  { expiresAtMs: expiresAtMs + 1 },
  // The same characters in a row, cut at another place.
  { merchantId: 'm_demo1', amount: { currency: 'SGD', value: 250 } },
])('another payment is forged: %j', (change) => {
  expect(verifyCode({ payload, payment: { ...payment, ...change }, keys })).toBe('forged');
});

test('codes without our template are not ours', () => {
  const foreign = payloadOf(encodeFields(plainFields()));

  expect(verifyCode({ payload: foreign, payment, keys })).toBe('not_ours');
  expect(verifyCode({ payload: payload.slice(0, -1), payment, keys })).toBe('not_ours');
  expect(decodeQr(foreign)).toMatchObject({ qr: { paymentId: null } });
});

test('a template of ours, or no free one, is refused', () => {
  const full: QrFields = plainFields();
  for (let n = 80; n <= 99; n++) full[String(n)] = { '00': 'x' };

  expect(signCode({ fields: full, payment, keys })).toMatchObject({ ok: false, issues: [{ code: 'not_allowed' }] });
  const ours = { ...plainFields(), '85': { '00': 'CDK.QR.PAYMENTS', '01': 'x' } };
  expect(signCode({ fields: ours, payment, keys })).toMatchObject({ ok: false, issues: [{ code: 'not_allowed' }] });
});

test('two templates of ours name no payment', () => {
  const pairs = oraclePairs(payload) ?? [];
  const template = pairs.find(([id]) => id === '80')?.[1] ?? '';
  const doubled = oracleWrite([...pairs.slice(0, -1), ['81', template]]);

  expect(decodeQr(doubled)).toMatchObject({ ok: true, qr: { paymentId: null } });
  expect(verifyCode({ payload: doubled, payment, keys })).toBe('forged');
});

describe(`${mutants} mutants with a right CRC`, () => {
  const points = Array.from(payload).slice(0, -4);

  test('no single character may change', () => {
    let readable = 0;
    fc.assert(
      fc.property(fc.nat(points.length - 1), fc.string({ unit: 'binary', minLength: 0, maxLength: 2 }), (at, text) => {
        fc.pre(points[at] !== text);
        const mutant = [...points.slice(0, at), text, ...points.slice(at + 1)].join('');
        const closed = mutant + oracleCrc(mutant);
        if (decodeQr(closed).ok) readable++;
        return verifyCode({ payload: closed, payment, keys }) !== 'authentic';
      }),
      { numRuns: mutants / 2 },
    );
    // Otherwise the mutants were refused for their structure, which proves nothing about the tag.
    expect(readable).toBeGreaterThan(mutants / 50);
  });

  test('no single field may change', () => {
    const pairs = (oraclePairs(payload) ?? []).slice(0, -1);
    const template = oraclePairs(pairs.find(([id]) => id === '80')?.[1] ?? '') ?? [];
    let readable = 0;
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(
        fc.nat(pairs.length),
        fc.nat(3),
        text,
        fc.constantFrom('value', 'drop', 'move', 'sub'),
        (n, sub, value, how) => {
          const changed = [...pairs];
          const index = n % pairs.length;
          if (how === 'value') changed[index] = [pairs[index][0], value];
          else if (how === 'drop') changed.splice(index, 1);
          else if (how === 'move') changed.splice((index + 1 + sub) % pairs.length, 0, ...changed.splice(index, 1));
          else changed[changed.findIndex(([id]) => id === '80')] = ['80', innerText(template, sub, value)];
          const mutant = oracleWrite(changed);
          fc.pre(mutant !== payload);
          if (decodeQr(mutant).ok) readable++;
          return verifyCode({ payload: mutant, payment, keys }) !== 'authentic';
        },
      ),
      { numRuns: mutants / 2 },
    );
    expect(readable).toBeGreaterThan(mutants / 5);
  });

  test('every other last character of the tag is forged, though four bits of it are unused', () => {
    const tag = (oraclePairs((oraclePairs(payload) ?? []).find(([id]) => id === '80')?.[1] ?? '') ?? []).find(
      ([id]) => id === '02',
    );
    if (tag === undefined) throw new Error('no tag');
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const other = tag[1].slice(0, -1) + character;
      const text = payload.slice(0, -4).replace(tag[1], other);
      const verified = verifyCode({ payload: text + oracleCrc(text), payment, keys });
      expect(verified).toBe(other === tag[1] ? 'authentic' : 'forged');
    }
  });

  test('a CRC in lower case is a change too', () => {
    const lower = payload.slice(0, -4) + payload.slice(-4).toLowerCase();

    expect(verifyCode({ payload: lower, payment, keys })).toBe(lower === payload ? 'authentic' : 'forged');
  });
});

function innerText(template: readonly (readonly [string, string])[], sub: number, value: string): string {
  const changed = template.map(([id, old], n) =>
    n === sub % template.length ? ([id, value] as const) : ([id, old] as const),
  );
  return changed.map(([id, text]) => id + String(Array.from(text).length).padStart(2, '0') + text).join('');
}

function plainFields(): QrFields {
  return {
    '00': '01',
    '01': '12',
    '26': { '00': 'com.example.pay', '01': '12345678' },
    '52': '5812',
    '53': '702',
    '54': '12.50',
    '58': 'SG',
    '59': 'BEST COFFEE',
    '60': 'SINGAPORE',
  };
}
