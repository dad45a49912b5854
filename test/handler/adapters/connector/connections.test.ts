/** Both sides prove who they are, and our certificate may change while the process runs. */
import { type Certificate, certify, createAuthority } from './certificates';
import { APPROVED, closeConnectors, connectorTo, FakeBank, KEYS, put, says } from './fake-bank';

let authority: Certificate;
let bank: FakeBank;

beforeAll(async () => {
  authority = await createAuthority('Bank CA');
});
beforeEach(async () => {
  const certificate = await certify(authority, 'bank');
  bank = await FakeBank.start({ ...certificate, ca: authority.cert, requestCert: true, rejectUnauthorized: true });
});
afterEach(async () => {
  await closeConnectors();
  await bank.stop();
});

/** As it is kept in one secret. */
const pemOf = ({ cert, key }: Certificate) => `${cert}\n${key}`;
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

test('the client certificate goes to the bank that asks for it', async () => {
  const clientCertificate = pemOf(await certify(authority, 'acquirer-1'));
  const connector = connectorTo(bank.url, {
    certificateAuthority: authority.cert,
    keys: () => ({ ...KEYS, clientCertificate }),
  });

  expect(await put(connector)).toEqual(APPROVED);
  expect(bank.seen).toMatchObject([{ client: 'acquirer-1' }]);
});

test('a chain of authorities goes along with it', async () => {
  const intermediate = await createAuthority('Intermediate', authority);
  const client = await certify(intermediate, 'acquirer-2');
  const connector = connectorTo(bank.url, {
    certificateAuthority: authority.cert,
    keys: () => ({ ...KEYS, clientCertificate: `${client.cert}\n${intermediate.cert}\n${client.key}` }),
  });

  expect(await put(connector)).toEqual(APPROVED);
});

test('two authorities may be trusted while the bank changes its own', async () => {
  const next = await createAuthority('Next CA');
  const clientCertificate = pemOf(await certify(authority, 'acquirer-1'));
  const connector = connectorTo(bank.url, {
    certificateAuthority: `${next.cert}\n${authority.cert}`,
    keys: () => ({ ...KEYS, clientCertificate }),
  });

  expect(await put(connector)).toEqual(APPROVED);
});

test('a new certificate is used from the next call on, what is in flight ends in peace, and the old connections are closed', async () => {
  const [old, next] = [pemOf(await certify(authority, 'old')), pemOf(await certify(authority, 'next'))];
  let clientCertificate = old;
  const connector = connectorTo(bank.url, {
    certificateAuthority: authority.cert,
    keys: () => ({ ...KEYS, clientCertificate }),
  });
  const answer = bank.answer;
  let arrived = () => {};
  const slow = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  bank.answer = (response, seen) => {
    arrived();
    setTimeout(() => answer(response, seen), 300);
  };
  const inFlight = put(connector);
  await slow;
  bank.answer = answer;

  clientCertificate = next;
  expect(await put(connector)).toEqual(APPROVED);
  expect(await inFlight).toEqual(APPROVED);
  expect(bank.seen.map(({ client }) => client)).toEqual(['old', 'next']);

  await settled();
  expect(bank.open).toBe(1);
  clientCertificate = `${next}`; // read again, and the same
  expect(await put(connector)).toEqual(APPROVED);
  expect(bank.connections).toBe(2);
});

test('connections are kept for the next call', async () => {
  const clientCertificate = pemOf(await certify(authority, 'acquirer-1'));
  const connector = connectorTo(bank.url, {
    certificateAuthority: authority.cert,
    keys: () => ({ ...KEYS, clientCertificate }),
  });
  for (let n = 0; n < 3; n++) {
    await put(connector);
    await settled();
  }
  bank.answer = says(500, {});
  await put(connector);

  expect(bank.connections).toBe(1);
});
