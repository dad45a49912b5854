/** GET /v1/payments/{id}/qr: the picture that the customer scans, read back with a decoder that is not ours. */
import type { OutgoingHttpHeaders } from 'node:http';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { approve, profile, useHandler } from '../harness';

const { call, createPayment, paymentIn, act, merchant } = useHandler();

const picture = (payment: { id: string }, headers: OutgoingHttpHeaders = {}) =>
  call('GET', `/v1/payments/${payment.id}/qr`, { headers });

function scan(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  const found = jsQR(new Uint8ClampedArray(data), width, height);
  return found === null ? undefined : Buffer.from(found.binaryData).toString('utf8');
}

describe('media types', () => {
  test.each([
    [undefined, 'image/svg+xml'],
    ['*/*', 'image/svg+xml'],
    ['image/*', 'image/svg+xml'],
    ['image/svg+xml', 'image/svg+xml'],
    ['IMAGE/PNG', 'image/png'],
    ['image/png', 'image/png'],
    ['image/png;q=0.5, text/plain', 'image/png'],
    ['image/png , image/jpeg', 'image/png'],
    ['text/plain', 'text/plain'],
    ['text/plain; charset=utf-8', 'text/plain'],
    // Chromium's <img>.
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'image/svg+xml'],
    // API Gateway would take PNG for text where it is not the first range.
    ['image/webp, image/png, */*', 'image/svg+xml'],
  ])('Accept: %s gives %s', async (accept, type) => {
    const reply = await picture(await createPayment(), accept === undefined ? {} : { accept });

    expect([reply.status, reply.type]).toEqual([200, type]);
    expect(reply.headers.vary?.toLowerCase()).toContain('accept');
  });

  test.each([
    'image/jpeg',
    'application/json',
    'text/html',
    'image/jpeg, image/png',
    'image/jpeg, image/webp',
    'video/*',
    'png',
  ])('Accept: %s is 406', async (accept) => {
    const { status, problem } = await picture(await createPayment(), { accept });

    expect([status, problem.code]).toEqual([406, 'not-acceptable']);
  });
});

describe('what it holds', () => {
  test('text is the payload', async () => {
    const payment = await createPayment();

    const { text } = await picture(payment, { accept: 'text/plain' });

    expect(text).toBe(payment.qr.payload);
  });

  test('the PNG scans as the payload', async () => {
    const payment = await createPayment();

    const { bytes } = await picture(payment, { accept: 'image/png' });

    expect(scan(bytes)).toBe(payment.qr.payload);
  });

  test('the PNG of a merchant with a name in another script scans as the payload', async () => {
    const local = { language: 'zh', name: '咖啡角', city: '新加坡' };
    const headers = await merchant('m_script', { local });
    const payment = await createPayment({}, headers);

    const { bytes } = await picture(payment, { accept: 'image/png', ...headers });

    expect(scan(bytes)).toBe(payment.qr.payload);
    const { json } = await call('POST', '/v1/qr/decode', { body: { payload: payment.qr.payload } });
    expect(json).toMatchObject({ merchant: { local: { name: local.name, city: local.city } } });
  });

  test('the SVG is an SVG document with neither script nor reference', async () => {
    const { text } = await picture(await createPayment());

    expect(text).toMatch(/^(<\?xml[^>]*>\s*)?<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(text.trimEnd()).toMatch(/<\/svg>$/);
    expect(text).not.toMatch(/<script|href|<image|on\w+=/);
  });

  test('the payload is dynamic, of this payment, amount and merchant, and has a tag of 128 bits in 80-99', async () => {
    const payment = await createPayment();

    const { json } = await call('POST', '/v1/qr/decode', { body: { payload: payment.qr.payload } });

    expect(json).toMatchObject({
      mode: 'merchant-presented',
      initiation: 'dynamic',
      scheme: 'emv',
      amount: payment.amount,
      paymentId: payment.id,
      merchant: { name: 'Demo Merchant', city: 'Singapore', country: 'SG', categoryCode: '5812' },
      fields: { '01': '12', '54': '12.50', '53': '702' },
      warnings: [],
    });
    const ours = Object.entries(Object(json.fields)).filter(([id]) => /^[89]\d$/.test(id));
    expect(ours).toHaveLength(1);
    const values = Object.values(Object(ours[0][1])).map(String);
    expect(values).toContain(payment.id);
    expect(Math.max(...values.filter((value) => value !== payment.id).map((value) => value.length))).toBeGreaterThan(
      21,
    );
  });

  test('a profile that changes later does not change the code of a payment', async () => {
    const headers = await merchant('m_moves');
    const payment = await createPayment({}, headers);

    await merchant('m_moves', { name: 'Elsewhere' });

    expect((await picture(payment, { ...headers, accept: 'text/plain' })).text).toBe(payment.qr.payload);
    expect(payment.qr.payload).toContain(profile.name);
  });
});

describe('caching', () => {
  test('is private and no longer than the payment can be paid', async () => {
    const payment = await createPayment({ expiresInSeconds: 60 });

    const { headers } = await picture(payment);

    const directives = (headers['cache-control'] ?? '').split(/,\s*/);
    const maxAge = Number(/max-age=(\d+)/.exec(headers['cache-control'] ?? '')?.[1]);
    expect(directives).toContain('private');
    expect(maxAge * 1000).toBeLessThanOrEqual(Date.parse(payment.expiresAt) - Date.now() + 100);
  });

  test('an ETag of its own for each media type, and 304 for it', async () => {
    const payment = await createPayment();
    const types = ['image/svg+xml', 'image/png', 'text/plain'];

    const tags = new Set<string>();
    for (const accept of types) {
      const { headers } = await picture(payment, { accept });
      const again = await picture(payment, { accept, 'if-none-match': headers.etag ?? '' });
      expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
      tags.add(headers.etag ?? '');
    }

    expect(tags.size).toBe(3);
    expect((await picture(payment, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('the ETag outlives a declined attempt: the code has not changed', async () => {
    const payment = await createPayment();
    const { headers } = await picture(payment);

    await act(payment, 'authorize', { payer: { token: 'tok_decline' } });

    expect((await picture(payment, { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
  });
});

describe('once it can no longer be paid', () => {
  test.each(['authorized', 'captured', 'partially_refunded', 'refunded', 'cancelled'])('%s is 410', async (status) => {
    const payment = await paymentIn(status);

    for (const accept of ['image/svg+xml', 'image/png', 'text/plain']) {
      const reply = await picture(payment, { accept });
      expect([reply.status, reply.problem.code]).toEqual([410, 'payment-not-payable']);
    }
  });

  test('410 also for a cached picture', async () => {
    const payment = await createPayment();
    const { headers } = await picture(payment);
    await act(payment, 'authorize', approve);

    expect((await picture(payment, { 'if-none-match': headers.etag ?? '' })).status).toBe(410);
    expect((await picture(payment, { 'if-none-match': '*' })).status).toBe(410);
  });
});
