// Each rule of the lint against a document that is right but for one planted violation.

type Json = { [key: string]: unknown };

const { lintOpenApi }: { lintOpenApi(document: object): string[] } = require('../../build-tools/openapi-lint.mjs');

/** The smallest document with something of every kind; right, so that one change makes one problem. */
function rightDocument() {
  const headers = { 'x-request-id': { schema: { type: 'string' } } };
  return {
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    tags: [{ name: 'things' }],
    security: [{ gateway: [] }],
    paths: {
      '/things/{id}': {
        get: {
          operationId: 'getThing',
          summary: 'Get',
          description: 'Gets it.',
          tags: ['things'],
          'x-required-scopes': ['payments:read'],
          parameters: [
            { $ref: '#/components/parameters/Id' },
            { name: 'size', in: 'query', schema: { type: 'integer', format: 'int64' } },
          ],
          responses: {
            '200': { description: 'It', headers, content: { 'application/json': { schema: { type: 'object' } } } },
            '404': { $ref: '#/components/responses/NotFound' },
          },
        },
        put: {
          operationId: 'putThing',
          summary: 'Put',
          description: 'Puts it.',
          tags: ['things'],
          'x-required-scopes': [],
          security: [],
          parameters: [{ $ref: '#/components/parameters/Id' }],
          requestBody: {
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Thing' },
                examples: { one: { value: { name: 'a' } } },
              },
            },
          },
          responses: { '204': { description: 'Done', headers } },
        },
      },
    },
    components: {
      securitySchemes: { gateway: { type: 'apiKey', in: 'header', name: 'Authorization' } },
      parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
      responses: {
        NotFound: {
          description: 'No',
          headers,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: {
        Problem: { type: 'object' },
        Thing: {
          type: 'object',
          additionalProperties: false,
          required: ['name'],
          properties: { name: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
        },
      },
    },
  };
}

/** A right document with some values set, by JSON pointer; `undefined` deletes. */
function documentWith(changes: Json): object {
  const document = rightDocument();
  for (const [pointer, value] of Object.entries(changes)) {
    const steps = pointer.slice(1).split('/');
    const keys = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((node, key) => node[key] as Json, document);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return document;
}

const { get } = rightDocument().paths['/things/{id}'];
const other = { ...get, operationId: 'getOther' };
const notFound = { $ref: '#/components/responses/NotFound' };
const text = { type: 'string' };

const PATH = '/paths/~1things~1{id}';
const GET = `${PATH}/get`;
const PUT = `${PATH}/put`;
const SIZE = `${GET}/parameters/1`;
const OK_SCHEMA = `${GET}/responses/200/content/application~1json/schema`;
const THING = '/components/schemas/Thing';
const NAME = `${THING}/properties/name`;
const EXAMPLE = `${PUT}/requestBody/content/application~1json/examples/one`;
const GATEWAY = '/components/securitySchemes/gateway';

/** What is planted, and how the one problem begins that it must make. */
const VIOLATIONS: [string, Json, string][] = [
  // The subset of API Gateway
  ['OpenAPI 3.1', { '/openapi': '3.1.0' }, '/: OpenAPI is 3.1.0'],
  ...['discriminator', 'nullable', 'readOnly', 'writeOnly', 'oneOf', 'anyOf', 'example', 'deprecated', 'xml'].map(
    (keyword): [string, Json, string] => [
      `${keyword} in a schema`,
      { [`${NAME}/${keyword}`]: keyword.endsWith('Of') ? [text] : true },
      `${NAME}: ${keyword} of a schema is outside the subset`,
    ],
  ),
  ['exclusiveMinimum', { [`${SIZE}/schema/exclusiveMinimum`]: 0 }, `${SIZE}/schema: exclusiveMinimum of a schema`],
  ['callbacks', { [`${GET}/callbacks`]: {} }, `${GET}: callbacks of a operation is outside the subset`],
  ['links', { [`${GET}/responses/200/links`]: {} }, `${GET}/responses/200: links of a response is outside the subset`],
  ['parameters of a path', { [`${PATH}/parameters`]: [] }, `${PATH}: parameters of a pathItem is outside the subset`],
  ['deepObject', { [`${SIZE}/style`]: 'deepObject' }, `${SIZE}: style of a parameter is outside the subset`],
  ['an extension nobody reads', { [`${GET}/x-other`]: 1 }, `${GET}: x-other of a operation is outside the subset`],
  [
    'a description beside $ref',
    { [`${GET}/responses/404`]: { ...notFound, description: 'No' } },
    `${GET}/responses/404: has members beside $ref`,
  ],
  [
    'a reference to another file',
    { [OK_SCHEMA]: { $ref: 'other.yaml#/Thing' } },
    `${OK_SCHEMA}: $ref other.yaml#/Thing leads out of the document`,
  ],
  [
    'a reference to nowhere',
    { [OK_SCHEMA]: { $ref: '#/components/schemas/Time' } },
    `${OK_SCHEMA}: $ref #/components/schemas/Time leads nowhere`,
  ],
  [
    'a model name with a dash',
    { '/components/schemas/The-Size': text, [OK_SCHEMA]: { $ref: '#/components/schemas/The-Size' } },
    '/components: schema name The-Size is not alphanumeric',
  ],
  [
    'a recursive schema',
    { [`${THING}/properties/inner`]: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
    '/components: schema Thing contains itself',
  ],
  [
    'a recursive schema, by a member named value',
    {
      '/components/schemas/Box': { type: 'object', properties: { value: { $ref: '#/components/schemas/Box' } } },
      [OK_SCHEMA]: { $ref: '#/components/schemas/Box' },
    },
    '/components: schema Box contains itself',
  ],
  [
    'a variable that is part of a segment',
    { '/paths/~1things-{id}': { get: other } },
    '/paths/~1things-{id}: path segment "things-{id}"',
  ],
  [
    'two names for one place of the path',
    {
      '/paths/~1things~1{key}~1parts': {
        get: { ...other, parameters: [{ name: 'key', in: 'path', required: true, schema: text }] },
      },
    },
    '/paths/~1things~1{key}~1parts: {key} is {id} in another path',
  ],
  ['a cookie', { [`${SIZE}/in`]: 'cookie' }, `${SIZE}: parameter in cookie`],
  [
    'a header with the name of a query parameter',
    { [`${GET}/parameters/2`]: { name: 'size', in: 'header', schema: text } },
    `${GET}: two parameters are named size`,
  ],
  [
    'two content types in a request',
    { [`${PUT}/requestBody/content/text~1plain`]: { schema: text } },
    `${PUT}/requestBody: content is application/json, text/plain`,
  ],
  [
    'a media type range',
    { [`${GET}/responses/200/content/image~1*`]: { schema: text } },
    `${GET}/responses/200/content/image~1*: media type range image/*`,
  ],
  ['a default response', { [`${GET}/responses/default`]: notFound }, `${GET}: response default`],
  ['a range of responses', { [`${GET}/responses/4XX`]: notFound }, `${GET}: response 4XX`],
  ['OAuth', { [`${GATEWAY}/type`]: 'oauth2' }, `${GATEWAY}: security scheme of type oauth2`],
  ['a list of types', { [`${NAME}/type`]: ['string', 'null'] }, `${NAME}: type ["string","null"] is no type`],
  ['a format of no use', { [`${NAME}/format`]: 'email' }, `${NAME}: format email of a string is outside the subset`],

  // The rules of the house
  ['no operationId', { [`${GET}/operationId`]: undefined }, `${GET}: operationId is missing`],
  ['an operationId twice', { [`${PUT}/operationId`]: 'getThing' }, `${PUT}: operationId getThing is there twice`],
  ['no summary', { [`${GET}/summary`]: undefined }, `${GET}: summary is missing`],
  ['no description', { [`${GET}/description`]: undefined }, `${GET}: description is missing`],
  ['an undeclared tag', { [`${GET}/tags`]: ['other'] }, `${GET}: tags are [other]`],
  ['no scopes', { [`${GET}/x-required-scopes`]: undefined }, `${GET}: x-required-scopes is missing`],
  [
    'an unknown scope',
    { [`${GET}/x-required-scopes`]: ['payments:delete'] },
    `${GET}: x-required-scopes has the unknown payments:delete`,
  ],
  ['scopes, and open to all', { [`${GET}/security`]: [] }, `${GET}: an operation without scopes has`],
  ['no scopes, and not open', { [`${PUT}/security`]: undefined }, `${PUT}: an operation without scopes has`],
  [
    'a path variable that is not declared',
    { [`${GET}/parameters`]: [] },
    `${PATH}: get declares [], the path has [id]`,
  ],
  [
    'a path variable that is not required',
    { [`${GET}/parameters/0`]: { name: 'id', in: 'path', schema: text } },
    `${PATH}: get: path parameters are required`,
  ],
  [
    'a response without request id',
    { [`${GET}/responses/200/headers`]: {} },
    `${GET}: response 200 has no x-request-id`,
  ],
  ['503 without Retry-After', { [`${GET}/responses/503`]: notFound }, `${GET}: response 503 has no Retry-After`],
  [
    'an error that is no problem document',
    { [`${GET}/responses/500`]: get.responses['200'] },
    `${GET}: response 500 must have application/problem+json`,
  ],
  ['a problem document that is no error', { [`${GET}/responses/202`]: notFound }, `${GET}: response 202 is no error`],
  ['an open body', { [`${THING}/additionalProperties`]: undefined }, `${THING}: additionalProperties is missing`],
  [
    'an open object inside a body',
    { [`${THING}/properties/inner`]: { type: 'object' } },
    `${THING}/properties/inner: additionalProperties is missing`,
  ],
  [
    'a required member that is none',
    { [OK_SCHEMA]: { type: 'object', required: ['nmae'], properties: {} } },
    `${OK_SCHEMA}: nmae is required but no property`,
  ],
  [
    'a component nobody uses',
    { '/components/examples': { Old: { value: 1 } } },
    '/components/examples/Old: nothing refers to it',
  ],
  ['a security scheme nobody uses', { '/security': [] }, `${GATEWAY}: nothing refers to it`],
  [
    'a schema that is none',
    { [`${OK_SCHEMA}/minProperties`]: '3' },
    `${OK_SCHEMA}: is no valid schema: /minProperties must be integer`,
  ],
  [
    'an example that breaks its schema',
    { [`${EXAMPLE}/value/size`]: 1 },
    `${EXAMPLE}: value must NOT have additional properties`,
  ],
  [
    'an example with a time without milliseconds',
    { [`${EXAMPLE}/value/at`]: '2026-11-22T08:30:00Z' },
    `${EXAMPLE}: value/at must match format "date-time"`,
  ],
  [
    'an example that cannot be checked',
    { [`${NAME}/pattern`]: '(' },
    `${EXAMPLE}: value cannot be checked: Invalid regular expression`,
  ],
  ['an example without a value', { [`${EXAMPLE}/value`]: undefined }, `${EXAMPLE}: has no value`],
];

test('a right document has no problems', () => {
  expect(lintOpenApi(rightDocument())).toEqual([]);
});

test.each(VIOLATIONS)('finds %s', (_what, changes, expected) => {
  const document = documentWith(changes);

  const problems = lintOpenApi(document);

  expect(problems.map((problem) => problem.slice(0, expected.length))).toEqual([expected]);
});

test('a document that is hardly one gives problems, not an exception', () => {
  expect(lintOpenApi({ openapi: '3.0.3', paths: { '/a': { get: {} } } })).not.toEqual([]);
});
