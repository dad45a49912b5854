/** The page's script in a fake browser, against the real handler over real HTTP. */
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';

import openapi from '../../../assets/openapi.json';
import { createFirstPayment } from '../../../src/handler/demo/first-payment';
import { type RunningHandler, startHandler } from '../../../src/handler/start';
import { type FakeBrowser, openPage, scriptText } from './fake-browser';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
interface Sent {
  readonly path: string;
  readonly key: string | null;
  readonly body: Record<string, unknown>;
}

let handler: RunningHandler;
let closed = false;

beforeAll(async () => {
  const log = new Writable({ write: (_chunk, _encoding, done) => done() });
  handler = await startHandler({ PORT: '0' }, { log });
});

afterAll(async () => {
  closed = true;
  await handler.close();
});

/** A page that is still open when the tests are over waits for ever. */
const toHandler: Fetch = (path, init) => (closed ? new Promise(() => {}) : fetch(`${handler.url}${path}`, init));

async function post(path: string, body: object): Promise<{ id: string }> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const response = await fetch(`${handler.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { id: string };
}

async function eventually(check: () => void): Promise<void> {
  for (const endsAt = Date.now() + 10_000; ; ) {
    try {
      return check();
    } catch (error) {
      if (Date.now() > endsAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function expectHeadline(page: FakeBrowser, headline: string): Promise<void> {
  return eventually(() => {
    expect(page.body.dataset.crash).toBeUndefined();
    expect(page.view('headline').text).toBe(headline);
  });
}

/** Open on a payment that waits; what it posts is noted. */
async function openWaiting(extra: object = {}, through: Fetch = toHandler) {
  await createFirstPayment(handler.url, randomUUID());
  const { id } = await post('/v1/payments', {
    amount: { currency: 'SGD', value: 123450 },
    reference: 'order-1',
    ...extra,
  });
  const sent: Sent[] = [];
  const page = openPage(`/demo/${id}`, (path, init) => {
    const key = new Headers(init?.headers).get('idempotency-key');
    if (init?.method === 'POST') sent.push({ path, key, body: JSON.parse(String(init.body)) });
    return through(path, init);
  });
  await expectHeadline(page, 'Waiting for payment');
  await eventually(() => expect(page.view('timeline').text).toContain('Payment created'));
  return { id, page, sent };
}

async function click(page: FakeBrowser, action: string): Promise<void> {
  await eventually(() => expect(page.button(action)).toMatchObject({ disabled: false, hidden: false }));
  page.button(action).click();
}

test('shows who gets what, the code, and how long it can be paid', async () => {
  const { page, id } = await openWaiting();

  expect(page.view('merchant').text).toBe('Kopi Corner');
  expect(page.view('place').text).toBe('Singapore');
  expect([page.view('currency').text, page.view('value').text]).toEqual(['SGD', '1,234.50']);
  expect(decodeURIComponent(page.view('code').src)).toMatch(/^data:image\/svg\+xml,<svg /);
  expect(page.view('code').hidden).toBe(false);
  expect(page.view('countdown').text).toMatch(/^1[45]:\d\d$/);
  expect(page.view('details').text).toContain(`order-1`);
  expect(page.view('details').text).toContain(id);
});

test('the demo wallet reads the code, then pays what it says', async () => {
  const { page, id, sent } = await openWaiting();

  await click(page, 'pay');
  await expectHeadline(page, 'Paid');

  expect(sent.map(({ path }) => path)).toEqual(['/v1/qr/decode', `/v1/payments/${id}/authorize`]);
  expect(sent[1]!.key).toMatch(/^[A-Za-z0-9_.:-]{16,128}$/);
  expect(sent[1]!.body).toEqual({ payer: { token: 'tok_approve' }, qrPayload: sent[0]!.body.payload });
  expect(page.view('wallet').hidden).toBe(false);
  expect(page.view('reading').text).toContain('SGD 1,234.50');
  expect(page.view('reading').text).toContain('this one');
  expect(page.view('code').hidden).toBe(true);
  await eventually(() => expect(page.view('timeline').text).toContain('Payment approved'));
});

test('a declined payment says so, and can be tried again', async () => {
  const { page } = await openWaiting();

  await click(page, 'decline');
  await eventually(() => expect(page.view('alert')).toMatchObject({ hidden: false }));

  expect(page.view('alert').text).toContain('declined');
  await expectHeadline(page, 'Waiting for payment');
  await click(page, 'pay');
  await expectHeadline(page, 'Paid');
  expect(page.view('alert').hidden).toBe(true);
});

test('what is paid can be refunded', async () => {
  const { page } = await openWaiting();
  await click(page, 'pay');
  await expectHeadline(page, 'Paid');

  await click(page, 'refund');
  await expectHeadline(page, 'Refunded');

  expect(page.view('details').text).toContain('Refunded SGD 1,234.50');
  expect(page.button('refund').hidden).toBe(true);
});

test('what is only authorised can be captured', async () => {
  const { page } = await openWaiting({ captureMethod: 'manual' });
  await click(page, 'pay');
  await expectHeadline(page, 'Authorised');

  await click(page, 'capture');

  await expectHeadline(page, 'Paid');
});

test('a new payment is like this one, and opens', async () => {
  const { page, id, sent } = await openWaiting({ description: 'Kopi' });
  await click(page, 'pay');
  await expectHeadline(page, 'Paid');

  await click(page, 'renew');
  await eventually(() => expect(page.location.assigned).toMatch(/^\/demo\/pay_/));

  expect(page.location.assigned).not.toBe(`/demo/${id}`);
  expect(sent.at(-1)!.body).toMatchObject({ amount: { currency: 'SGD', value: 123450 }, description: 'Kopi' });
});

test('sees what happens elsewhere, by long poll', async () => {
  const { page, id } = await openWaiting();

  await post(`/v1/payments/${id}/authorize`, { payer: { token: 'tok_approve' } });

  await expectHeadline(page, 'Paid');
});

test('asks for the next version only, and waits for it', async () => {
  const polls: string[] = [];
  await openWaiting({}, (path, init) => {
    if (path.includes('?wait=')) polls.push(`${path.split('?')[1]} ${new Headers(init?.headers).get('if-none-match')}`);
    return toHandler(path, init);
  });
  await new Promise((resolve) => setTimeout(resolve, 300));

  expect(polls).toEqual(['wait=0 null', 'wait=25 "1"']);
});

test('an answer that was overtaken changes nothing', async () => {
  let old = '';
  const { page, id } = await openWaiting({}, async (path, init) => {
    const response = await toHandler(path, init);
    if (!path.endsWith('/refunds')) return response;
    await new Promise((resolve) => setTimeout(resolve, 200)); // the long poll is faster
    return new Response(old, { status: 201 });
  });
  old = await (await fetch(`${handler.url}/v1/payments/${id}`)).text();
  await click(page, 'pay');
  await expectHeadline(page, 'Paid');

  await click(page, 'refund');
  await expectHeadline(page, 'Refunded');
  await new Promise((resolve) => setTimeout(resolve, 500));

  expect(page.view('headline').text).toBe('Refunded');
});

test('a double click is one click: it does not reach the button that comes next', async () => {
  const { page } = await openWaiting();
  await click(page, 'pay');
  await expectHeadline(page, 'Paid');

  page.button('renew').click();
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect(page.location.assigned).toBeUndefined();
});

test('a reply that is lost is asked for again with the same key: one payment', async () => {
  let lose = true;
  const { page, sent } = await openWaiting({}, async (path, init) => {
    const response = await toHandler(path, init);
    if (lose && path.endsWith('/authorize')) {
      lose = false;
      throw new TypeError('connection reset');
    }
    return response;
  });

  await click(page, 'pay');
  await expectHeadline(page, 'Paid');
  await eventually(() => expect(sent).toHaveLength(3));

  expect(sent[2]).toEqual(sent[1]);
  await eventually(() => expect(page.view('timeline').text.match(/Payment approved/g)).toHaveLength(1));
});

test('without a connection it says so, and goes on when there is one', async () => {
  let isDown = false;
  const { page, id } = await openWaiting({}, (path, init) =>
    isDown ? Promise.reject(new TypeError('refused')) : toHandler(path, init),
  );

  isDown = true;
  await post(`/v1/payments/${id}/authorize`, { payer: { token: 'tok_decline' } }); // ends the long poll
  await eventually(() => expect(page.view('alert').text).toBe('No connection to the handler. Trying again.'));
  isDown = false;

  await eventually(() => expect(page.view('alert').hidden).toBe(true));
  await eventually(() => expect(page.view('timeline').text).toContain('Payment declined'));
});

test('what the merchant wrote is text', async () => {
  const description = '<img src=x onerror=alert(1)> & more';

  const { page } = await openWaiting({ description });

  expect(page.view('details').text).toContain(description);
});

test('a payment that is not there is said to be not there', async () => {
  const page = openPage('/demo/pay_unknown', toHandler);

  await expectHeadline(page, 'No such payment');

  expect(page.view('elsewhere').hidden).toBe(false);
  expect(page.view('tile').hidden).toBe(true);
});

test.each([
  ['JPY', 1250, '1,250'],
  ['KWD', 1250, '1.250'],
  ['SGD', 5, '0.05'],
  ['SGD', 1e12, '10,000,000,000.00'],
])('%s %d is shown as %s', async (currency, value, text) => {
  const { page } = await openWaiting({}, async (path, init) => {
    const response = await toHandler(path, init);
    if (response.status !== 200 || !/^\/v1\/payments\/\w+\?/.test(path)) return response;
    return Response.json({ ...((await response.json()) as object), amount: { currency, value } });
  });

  expect(page.view('value').text).toBe(text);
});

test('knows every status and every event of the document', () => {
  const { PaymentStatus, PaymentEvent } = openapi.components.schemas;

  for (const name of [...PaymentStatus.enum, ...PaymentEvent.properties.type.enum]) {
    expect(scriptText).toMatch(new RegExp(`\\b${name}: [({]`));
  }
});
