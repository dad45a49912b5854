// What the OpenAPI document must say because the contract says so, and what its readers rely on. That the form is right is the
// lint's to tell, in its own words.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { HealthPath, TrustedHeader } from '../../src/contract';
import { ERROR_TITLES, type ErrorCode } from '../../src/handler/domain/errors';
import { ERROR_STATUS } from '../../src/handler/http/errors';
import {
  type Authenticity,
  type DecodedQr,
  decodeQr,
  encodeFields,
  encodeMerchantCode,
  type MerchantProfile,
  type QrFields,
} from '../../src/qr';
import { crc16 } from '../../src/qr/crc16';

interface Ref {
  $ref?: string;
}
interface Parameter extends Ref {
  name: string;
  in: string;
  required?: boolean;
  schema: { pattern?: string };
}
interface Example extends Ref {
  value: unknown;
}
interface MediaType {
  schema: Ref;
  examples: { [name: string]: Example };
}
interface Response extends Ref {
  headers?: { [name: string]: unknown };
  content?: { [mediaType: string]: MediaType };
}
interface Operation {
  operationId: string;
  'x-required-scopes': string[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: { 'application/json': MediaType } };
  responses: { [status: string]: Response };
}
interface Document {
  paths: { [path: string]: { [method: string]: Operation } };
  components: {
    parameters: { [name: string]: Parameter };
    responses: { [name: string]: Response };
    schemas: { [name: string]: { properties?: { [name: string]: { enum: string[] } } } };
    examples: { [name: string]: Example };
  };
}

const { lintOpenApi }: { lintOpenApi(document: object): string[] } = require('../../build-tools/openapi-lint.mjs');

const document: Document = parse(readFileSync(join(__dirname, '../../src/openapi/payments.yaml'), 'utf8'));
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ ...operation, call: `${method.toUpperCase()} ${path}` })),
);

function parametersOf({ parameters = [] }: Operation): Parameter[] {
  return parameters.map((each) => (each.$ref ? document.components.parameters[each.$ref.split('/').pop()!] : each));
}

function responseOf({ responses }: Operation, status: string): Response {
  const { $ref } = responses[status];
  return $ref ? document.components.responses[$ref.split('/').pop()!] : responses[status];
}

function operationOf(operationId: string): Operation {
  return operations.find((operation) => operation.operationId === operationId)!;
}

function exampleIn(media: MediaType | undefined, name: string): unknown {
  const example = media?.examples[name];
  return (example?.$ref ? document.components.examples[example.$ref.split('/').pop()!] : example)?.value;
}

function requestExample(operationId: string, name: string): unknown {
  return exampleIn(operationOf(operationId).requestBody?.content['application/json'], name);
}

function responseExample(operationId: string, name: string): unknown {
  return exampleIn(operationOf(operationId).responses['200'].content?.['application/json'], name);
}

interface ProblemBody {
  code: ErrorCode;
  title: string;
  status: number;
}

/** The table of the contract: call, operationId, scopes of which one is enough, statuses of success. */
const CONTRACT: [string, string, string[], string[]][] = [
  ['PUT /v1/merchants/{merchantId}', 'putMerchant', ['merchants:admin'], ['200']],
  ['GET /v1/merchants/{merchantId}', 'getMerchant', ['payments:read'], ['200']],
  ['POST /v1/payments', 'createPayment', ['payments:write'], ['201']],
  ['GET /v1/payments', 'listPayments', ['payments:read'], ['200']],
  ['GET /v1/payments/{id}', 'getPayment', ['payments:read', 'payments:authorize'], ['200', '304']],
  ['GET /v1/payments/{id}/qr', 'getPaymentQr', ['payments:read'], ['200', '304']],
  ['POST /v1/payments/{id}/authorize', 'authorizePayment', ['payments:authorize'], ['200', '202']],
  ['POST /v1/payments/{id}/capture', 'capturePayment', ['payments:write'], ['200', '202']],
  ['POST /v1/payments/{id}/cancel', 'cancelPayment', ['payments:write'], ['200', '202']],
  ['POST /v1/payments/{id}/refunds', 'refundPayment', ['payments:refund'], ['201', '202']],
  ['GET /v1/payments/{id}/events', 'listPaymentEvents', ['payments:read'], ['200']],
  ['POST /v1/qr/encode', 'encodeQr', ['qr:read'], ['200']],
  ['POST /v1/qr/decode', 'decodeQr', ['qr:read'], ['200']],
  [`GET ${HealthPath.LIVE}`, 'getHealthLive', [], ['200']],
  [`GET ${HealthPath.READY}`, 'getHealthReady', [], ['200']],
  [`GET ${HealthPath.REGION}`, 'getHealthRegion', [], ['200']],
  ['GET /openapi.json', 'getOpenApiDocument', [], ['200']],
];

test('passes the lint', () => {
  expect(lintOpenApi(document)).toEqual([]);
});

test('has the operations, scopes and statuses of the contract', () => {
  const actual = operations.map((operation) => [
    operation.call,
    operation.operationId,
    operation['x-required-scopes'],
    Object.keys(operation.responses).filter((status) => Number(status) < 400),
  ]);

  expect(actual).toEqual(CONTRACT);
});

test.each(operations)('$operationId can be refused in every way that its kind can', (operation) => {
  const statuses = new Set(Object.keys(operation.responses));
  const open = operation['x-required-scopes'].length === 0;
  const onPayment = operation.call.includes('/{id}');
  const wanted = [
    ...['431', '503'],
    ...(open ? [] : ['400', '401', '403', '429', '500']),
    ...(operation.requestBody ? ['413', '415'] : []),
    ...(onPayment ? ['404'] : []),
    ...(onPayment && operation.call.startsWith('POST') ? ['402', '409', '412', '421', '422'] : []),
  ];

  expect(wanted.filter((status) => !statuses.has(status))).toEqual([]);
});

test('every POST under /v1/payments needs an Idempotency-Key, and nothing else has one', () => {
  const withKey = operations.filter((operation) =>
    parametersOf(operation).some(({ name, required }) => name === 'Idempotency-Key' && required),
  );

  expect(withKey.map(({ call }) => call)).toEqual(
    operations.map(({ call }) => call).filter((call) => call.startsWith('POST /v1/payments')),
  );
  expect(document.components.parameters.IdempotencyKey.schema.pattern).toBe('^[A-Za-z0-9_.:-]{16,128}$');
});

test('every change of a payment takes If-Match', () => {
  const withMatch = operations.filter((operation) => parametersOf(operation).some(({ name }) => name === 'If-Match'));

  expect(withMatch.map(({ operationId }) => operationId)).toEqual([
    'authorizePayment',
    'capturePayment',
    'cancelPayment',
    'refundPayment',
  ]);
});

test('the headers that the gateway sets are nobody’s parameters', () => {
  const names = operations.flatMap(parametersOf).map(({ name }) => name.toLowerCase());

  expect(Object.values(TrustedHeader).filter((name) => names.includes(name))).toEqual([]);
});

test('an id that is none is for the handler to find, not for a pattern', () => {
  expect(document.components.parameters.PaymentId.schema).toEqual({ type: 'string', minLength: 1, maxLength: 64 });
});

test('replies carry the headers that clients act on', () => {
  const headersOf = (operationId: string, status: string) =>
    Object.keys(responseOf(operationOf(operationId), status).headers ?? {});

  expect(headersOf('createPayment', '201')).toEqual(expect.arrayContaining(['Location', 'Idempotent-Replayed']));
  expect(headersOf('getPayment', '200')).toContain('ETag');
  expect(headersOf('getPayment', '304')).toContain('ETag');
  expect(headersOf('getPaymentQr', '200')).toEqual(expect.arrayContaining(['ETag', 'Cache-Control', 'Vary']));
  expect(headersOf('capturePayment', '200')).toContain('Idempotent-Replayed');
  expect(headersOf('refundPayment', '201')).toContain('Idempotent-Replayed');
  expect(headersOf('capturePayment', '409')).toContain('Retry-After');
});

test('a payment’s code comes in three media types', () => {
  const { responses } = operationOf('getPaymentQr');

  expect(Object.keys(responses['200'].content ?? {})).toEqual(['image/svg+xml', 'image/png', 'text/plain']);
});

test('every request body has an example', () => {
  const bodies = operations.flatMap(({ requestBody }) =>
    requestBody ? [requestBody.content['application/json']] : [],
  );

  expect(bodies).toHaveLength(8);
  for (const body of bodies) expect(Object.keys(body.examples ?? {})).not.toEqual([]);
});

describe('examples are what the code does', () => {
  test('every QR payload has the right checksum', () => {
    const payloads = [...JSON.stringify(document).matchAll(/"(000201[^"]+6304)([0-9A-F]{4})"/g)];

    expect(payloads.length).toBeGreaterThan(5);
    for (const [, text, checksum] of payloads) expect(crc16(text)).toBe(Number.parseInt(checksum, 16));
  });

  test.each(['dynamic', 'static'])('decoding the %s payload', (name) => {
    const { payload } = requestExample('decodeQr', name) as { payload: string };
    const { authenticity, ...qr } = responseExample('decodeQr', name) as DecodedQr & { authenticity: Authenticity };

    expect(decodeQr(payload)).toEqual({ ok: true, qr });
    // The example's tag was made with nobody's key, so it is taken at its word.
    expect(authenticity).toBe(qr.paymentId === null ? 'not_ours' : 'authentic');
  });

  test('encoding data objects and a profile', () => {
    const { fields } = requestExample('encodeQr', 'fields') as { fields: QrFields };
    const { merchant, scheme } = requestExample('encodeQr', 'merchant') as {
      merchant: MerchantProfile;
      scheme: string;
    };
    const { payload } = responseExample('encodeQr', 'static') as { payload: string };

    expect(encodeFields(fields)).toEqual({ ok: true, payload });
    expect(encodeMerchantCode({ profile: merchant, scheme, initiation: 'static' })).toEqual({ ok: true, payload });
  });

  test('problems have the title and status of their code', () => {
    const problems = Object.values(document.components.responses).flatMap(({ content = {} }) =>
      Object.values(content['application/problem+json']?.examples ?? {}).map(({ value }) => value as ProblemBody),
    );

    expect(problems.length).toBeGreaterThan(15);
    for (const { code, title, status } of problems) {
      expect({ code, title, status }).toEqual({ code, title: ERROR_TITLES[code], status: ERROR_STATUS[code] });
    }
  });
});

test('lists the codes of the catalogue', () => {
  const { code } = document.components.schemas.Problem.properties!;

  expect([...code.enum].sort()).toEqual(Object.keys(ERROR_TITLES).sort());
});
