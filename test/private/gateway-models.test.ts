import { bodySchema, reduceSchema, requestModels } from '../../src/private/gateway-models';
import { bundledDocument, type Endpoint, endpointsOf } from '../../src/private/openapi';

const document = bundledDocument();
const endpoints = endpointsOf(document);
const endpoint = (operationId: string): Endpoint =>
  endpoints.find(({ operation }) => operation.operationId === operationId)!;

test('what validates is kept, everything else dropped, at any depth', () => {
  expect(
    reduceSchema({
      type: 'object',
      description: 'dropped',
      required: ['a'],
      additionalProperties: { type: 'string', maxLength: 3, example: 'dropped' },
      properties: {
        a: { type: 'integer', format: 'int64', minimum: 1, default: 2 },
        b: { type: 'array', maxItems: 2, items: { type: 'string', pattern: '^a$', title: 'dropped' } },
        description: { $ref: '#/components/schemas/Amount', 'x-own': 'dropped' },
      },
    }),
  ).toEqual({
    type: 'object',
    required: ['a'],
    additionalProperties: { type: 'string', maxLength: 3 },
    properties: {
      a: { type: 'integer', minimum: 1 },
      b: { type: 'array', maxItems: 2, items: { type: 'string', pattern: '^a$' } },
      description: { $ref: '#/components/schemas/Amount' },
    },
  });
});

test('models are those that bodies refer to, directly or not', () => {
  const models = requestModels(document, [endpoint('createPayment')]);

  expect(Object.keys(models)).toEqual(
    expect.arrayContaining(['Amount', 'CreatePaymentRequest', 'Currency', 'Metadata']),
  );
  expect(models).not.toHaveProperty('Payment');
  expect(models).not.toHaveProperty('MerchantProfile');
});

test('every model is found, alphanumeric, and of keywords that API Gateway knows', () => {
  const models = requestModels(document, endpoints);
  const references = [...JSON.stringify(models).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);

  for (const name of references) expect(models).toHaveProperty(name!);
  for (const name of Object.keys(models)) expect(name).toMatch(/^[A-Za-z0-9]+$/);
  expect(JSON.stringify(models)).not.toMatch(
    /"(example|examples|nullable|readOnly|discriminator|format|oneOf|anyOf|allOf|x-\w+)":/,
  );
});

test('a body that may be missing has no model: API Gateway would refuse to leave it out', () => {
  expect(bodySchema(endpoint('createPayment'))).toBeDefined();
  for (const operationId of ['capturePayment', 'cancelPayment', 'refundPayment', 'getPayment']) {
    expect(bodySchema(endpoint(operationId))).toBeUndefined();
  }
});
