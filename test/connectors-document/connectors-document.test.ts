/** The rules of `CONNECTORS`, which the constructs hold their props to and the handler its environment. */
import { readConnectorsDocument } from '../../src/connectors-document';
import { type Certificate, createAuthority } from '../handler/adapters/connector/certificates';

const ARN = 'arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:bank';
const ACME = { url: 'https://acme.example/qr', secretArn: ARN };
const BACKUP = { url: 'https://backup.example', secret: 's' };
const LAST = { connectors: ['acme', 'backup'] };

let authority: Certificate;
beforeAll(async () => {
  authority = await createAuthority('Bank CA');
});

const documentOf = (bank: object, routes: unknown = [LAST]) => ({
  connectors: { acme: { ...ACME, ...bank }, backup: BACKUP },
  routes,
});
/** `<code> at <path>` of each problem. */
const problemsOf = (document: unknown) =>
  readConnectorsDocument(document).problems.map(({ code, path }) => `${code} at ${path.join('/')}`);

describe('taken as it is', () => {
  test.each<[string, () => object]>([
    ['the shortest', () => ({ connectors: { a: BACKUP }, routes: [{ connectors: ['a'] }] })],
    ['a bank without a rule, whose payments are not over', () => documentOf({}, [{ connectors: ['backup'] }])],
    ['a client certificate by ARN', () => documentOf({ clientCertificateSecretArn: ARN })],
    ['a client certificate as it is', () => documentOf({ clientCertificate: 'PEM' })],
    ['an authority', () => documentOf({ certificateAuthority: authority.cert })],
    [
      'several, with words between',
      () => documentOf({ certificateAuthority: `# old\n${authority.cert}# new\n${authority.cert}` }),
    ],
    ['a proxy', () => documentOf({ proxyUrl: 'http://proxy.internal:3128' })],
    ['a proxy with TLS', () => documentOf({ proxyUrl: 'https://proxy.internal/' })],
    ['a bank on this machine', () => documentOf({ url: 'http://localhost:8080/' })],
    ['a bank on this machine, by a short address', () => documentOf({ url: 'http://127.1:8080' })],
    ['a bank on this machine, by IPv6', () => documentOf({ url: 'http://[0:0::1]:8080' })],
    [
      'every condition',
      () =>
        documentOf({}, [
          { schemes: ['pix', 'emv'], currencies: ['BRL'], minAmount: 1, maxAmount: 1, connectors: ['acme'] },
          { currencies: ['JPY', 'SGD'], maxAmount: 1e12, connectors: ['backup', 'acme'] },
          LAST,
        ]),
    ],
  ])('%s', (_, document) => {
    expect(readConnectorsDocument(document())).toEqual({ document: document(), problems: [] });
  });
});

test.each<[string, () => unknown]>([
  ['type at ', () => undefined],
  ['type at ', () => [documentOf({})]],
  ['unknown-member at ', () => ({ ...documentOf({}), default: 'acme' })],
  [
    'type at connectors/acme',
    () => ({ ...documentOf({}), connectors: { acme: 'https://acme.example', backup: BACKUP } }),
  ],
  ['unknown-member at connectors/acme', () => documentOf({ timeoutMs: 1 })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: undefined })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'acme.example' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'http://acme.example' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'ftp://acme.example' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'https://user@acme.example' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'https://acme.example?a=b' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'https://acme.example#a' })],
  ['connector-url at connectors/acme/url', () => documentOf({ url: 'http://127.0.0.1', clientCertificate: 'PEM' })],
  [
    'connector-url at connectors/acme/url',
    () => documentOf({ url: 'http://127.0.0.1', certificateAuthority: authority.cert }),
  ],
  ['connector-secret at connectors/acme', () => documentOf({ secretArn: undefined })],
  ['connector-secret at connectors/acme', () => documentOf({ secret: 's' })],
  [
    'connector-secret at connectors/acme',
    () => documentOf({ clientCertificate: 'P', clientCertificateSecretArn: ARN }),
  ],
  ['connector-secret at connectors/acme/secretArn', () => documentOf({ secretArn: 'arn:aws:s3:::bucket' })],
  ['connector-secret at connectors/acme/secret', () => documentOf({ secretArn: undefined, secret: '' })],
  ['connector-secret at connectors/acme/clientCertificate', () => documentOf({ clientCertificate: 7 })],
  ['certificate-authority at connectors/acme/certificateAuthority', () => documentOf({ certificateAuthority: 'CA' })],
  [
    'certificate-authority at connectors/acme/certificateAuthority',
    () => documentOf({ certificateAuthority: authority.cert.replace('MII', 'MIJ') }),
  ],
  [
    'certificate-authority at connectors/acme/certificateAuthority',
    () => documentOf({ certificateAuthority: authority.cert + authority.key }),
  ],
  ['proxy-url at connectors/acme/proxyUrl', () => documentOf({ proxyUrl: 'proxy.internal:3128' })],
  ['proxy-url at connectors/acme/proxyUrl', () => documentOf({ proxyUrl: 'http://user:p@proxy.internal' })],
  ['proxy-url at connectors/acme/proxyUrl', () => documentOf({ proxyUrl: 'http://proxy.internal/path' })],
  ['rule-count at routes', () => ({ connectors: { acme: ACME } })],
  ['rule-count at routes', () => documentOf({}, { connectors: ['acme'] })],
  ['rule-count at routes', () => documentOf({}, [])],
  ['rule-count at routes', () => documentOf({}, Array(65).fill(LAST))],
  ['no-catch-all at routes/0', () => documentOf({}, [{ currencies: ['SGD'], connectors: ['acme'] }])],
  ['unreachable-rule at routes/0', () => documentOf({}, [LAST, LAST])],
  ['type at routes/0', () => documentOf({}, ['acme'])],
  ['unknown-member at routes/0', () => documentOf({}, [{ ...LAST, scheme: 'pix' }])],
  ['rule-schemes at routes/0/schemes', () => documentOf({}, [{ ...LAST, schemes: ['pix', 'visa'] }, LAST])],
  ['rule-schemes at routes/0/schemes', () => documentOf({}, [{ ...LAST, schemes: [] }, LAST])],
  ['rule-schemes at routes/0/schemes', () => documentOf({}, [{ ...LAST, schemes: 'pix' }, LAST])],
  ['rule-currencies at routes/0/currencies', () => documentOf({}, [{ ...LAST, currencies: ['sgd'] }, LAST])],
  ['rule-currencies at routes/0/currencies', () => documentOf({}, [{ ...LAST, currencies: ['SGD', 'SGD'] }, LAST])],
  ['rule-connectors at routes/0/connectors', () => documentOf({}, [{ connectors: ['acme', 'other'] }])],
  ['rule-connectors at routes/0/connectors', () => documentOf({}, [{ connectors: ['acme', 'acme'] }])],
  ['rule-connectors at routes/0/connectors', () => documentOf({}, [{ connectors: [] }])],
  ['rule-connectors at routes/0/connectors', () => documentOf({}, [{}])],
  ['amount at routes/0/minAmount', () => documentOf({}, [{ ...LAST, currencies: ['SGD'], minAmount: 0 }, LAST])],
  ['amount at routes/0/maxAmount', () => documentOf({}, [{ ...LAST, currencies: ['SGD'], maxAmount: 1.5 }, LAST])],
  ['amount at routes/0/maxAmount', () => documentOf({}, [{ ...LAST, currencies: ['SGD'], maxAmount: '5' }, LAST])],
  [
    'amount-range at routes/0',
    () => documentOf({}, [{ ...LAST, currencies: ['SGD'], minAmount: 2, maxAmount: 1 }, LAST]),
  ],
  ['amount-currency at routes/0', () => documentOf({}, [{ ...LAST, minAmount: 2 }, LAST])],
])('refused, and nothing else with it: %s', (problem, document) => {
  expect(problemsOf(document())).toEqual([problem]);
});

test.each(['Acme', '1acme', 'a'.repeat(33), '', 'a_b', '__proto__'])('%j is no name of a connector', (name) => {
  const document = JSON.parse(`{"connectors":{${JSON.stringify(name)}:{"url":"https://a.example","secret":"s"}}}`);
  document.routes = [{ connectors: [name] }];
  expect(problemsOf(document)).toContain('connector-name at connectors');
});

test('every mistake is told', () => {
  expect(
    problemsOf({
      connectors: { acme: { url: 'http://acme.example' }, 'B!': {} },
      routes: [{ connectors: ['acme'] }, { schemes: ['visa'], connectors: ['backup'] }],
    }),
  ).toEqual([
    'connector-url at connectors/acme/url',
    'connector-secret at connectors/acme',
    'connector-name at connectors',
    'unreachable-rule at routes/0',
    'no-catch-all at routes/1',
    'rule-schemes at routes/1/schemes',
    'rule-connectors at routes/1/connectors',
  ]);
});

test.each([[[BACKUP]], [{}], ['acme'], [undefined]])('%j is no choice of banks', (connectors) => {
  expect(problemsOf({ connectors, routes: [LAST] })[0]).toBe('connector-count at connectors');
});

test('seventeen banks are too many', () => {
  const connectors = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`bank-${n}`, BACKUP]));
  expect(problemsOf({ connectors, routes: [{ connectors: ['bank-0'] }] })).toEqual(['connector-count at connectors']);
});
