// The subset of OpenAPI 3.0 that API Gateway imports for REST APIs. Sources: its developer guide, "Important notes for REST
// APIs", and imports that failed. An object may have the members in ALLOWED and no others: what is not known to work is out.

import { below, METHODS, references, resolve } from './openapi-document.mjs';

const ALLOWED = {
  document: ['openapi', 'info', 'servers', 'tags', 'security', 'paths', 'components'],
  components: ['schemas', 'responses', 'parameters', 'examples', 'headers', 'securitySchemes'],
  pathItem: METHODS.filter((method) => method !== 'trace'),
  operation: [
    ...['operationId', 'summary', 'description', 'tags', 'security', 'x-required-scopes'],
    ...['parameters', 'requestBody', 'responses'],
  ],
  parameter: ['name', 'in', 'required', 'description', 'schema', 'examples'],
  header: ['description', 'required', 'schema', 'examples'],
  requestBody: ['description', 'required', 'content'],
  response: ['description', 'headers', 'content'],
  mediaType: ['schema', 'examples'],
  example: ['summary', 'description', 'value'],
  securityScheme: ['type', 'in', 'name', 'description'],
  schema: [
    ...['type', 'description', 'enum', 'default', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
    ...['items', 'minItems', 'maxItems', 'uniqueItems'],
    ...['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  ],
};

/** Why, where people would ask. */
const REASONS = {
  discriminator: 'the import refuses it',
  nullable: 'models are JSON schema draft 4, which does not know it; leave the type out instead',
  readOnly: 'the import drops it; make two schemas',
  writeOnly: 'the import drops it; make two schemas',
  exclusiveMinimum: 'not supported; use minimum',
  exclusiveMaximum: 'not supported; use maximum',
  oneOf: 'not supported for generated clients; let the handler check it',
  anyOf: 'not supported in models; let the handler check it',
  allOf: 'not supported in models; name the members again',
  example: 'the import refuses models with it; use examples beside the schema, which are checked',
  deprecated: 'the import drops it; say it in the description',
  callbacks: 'the import does not know it',
  links: 'the import does not know it',
  style: 'only the default style is supported',
  explode: 'only the default style is supported',
  content: 'parameters have a schema',
  parameters: 'parameters of a path are lost; declare them on each operation',
};

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'];
const FORMATS = { string: ['date-time', 'binary'], integer: ['int64'] };

/** Each: what it is about, and what is wrong with such an object, if anything. */
export const GATEWAY_RULES = [
  {
    on: 'document',
    check: ({ node }) => !/^3\.0\.[0-3]$/.test(node.openapi) && `OpenAPI is ${node.openapi}; API Gateway reads 3.0.x`,
  },
  {
    on: '*',
    check: ({ node, kind }) =>
      '$ref' in node
        ? []
        : Object.keys(node)
            .filter((key) => !ALLOWED[kind].includes(key))
            .map((key) => `${key} of a ${kind} is outside the subset${REASONS[key] ? `: ${REASONS[key]}` : ''}`),
  },
  {
    on: '*',
    check: ({ node }) =>
      '$ref' in node &&
      Object.keys(node).length > 1 &&
      'has members beside $ref, which OpenAPI ignores and validators do not',
  },
  {
    on: '*',
    check: ({ node, document }) => {
      if (!('$ref' in node)) return undefined;
      if (!String(node.$ref).startsWith('#/')) return `$ref ${node.$ref} leads out of the document`;
      return resolve(document, node.$ref) === undefined && `$ref ${node.$ref} leads nowhere`;
    },
  },
  {
    on: 'components',
    check: ({ node }) =>
      Object.keys(node.schemas ?? {})
        .filter((name) => !/^[A-Za-z0-9]+$/.test(name))
        .map((name) => `schema name ${name} is not alphanumeric, as model names must be`),
  },
  { on: 'components', check: ({ node, document }) => recursiveSchemas(node.schemas ?? {}, document) },
  {
    on: 'pathItem',
    check: ({ name }) =>
      name
        .slice(1)
        .split('/')
        .filter((segment) => !/^(\{[A-Za-z0-9_-]+\}|[A-Za-z0-9._,:-]+)$/.test(segment))
        .map((segment) => `path segment "${segment}" must be one {parameter}, or letters, digits and . _ , : -`),
  },
  { on: 'document', check: ({ node }) => siblingVariables(Object.keys(node.paths ?? {})) },
  {
    on: 'parameter',
    check: ({ node }) =>
      !('$ref' in node) &&
      !['path', 'query', 'header'].includes(node.in) &&
      `parameter in ${node.in}; API Gateway takes path, query and header`,
  },
  {
    on: 'operation',
    check: ({ node, document }) => {
      const names = (node.parameters ?? []).map((each) => (each.$ref ? resolve(document, each.$ref) : each)?.name);
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      return twice.map(
        (name) => `two parameters are named ${name}; a name must be unique over path, query and headers`,
      );
    },
  },
  {
    on: 'requestBody',
    check: ({ node }) => {
      const types = Object.keys(node.content ?? {});
      return (
        types.join() !== 'application/json' &&
        `content is ${types.join(', ') || 'empty'}; must be application/json alone`
      );
    },
  },
  {
    on: 'mediaType',
    check: ({ name }) => name.includes('*') && `media type range ${name}; API Gateway takes media types only`,
  },
  {
    on: 'operation',
    check: ({ node }) =>
      Object.keys(node.responses ?? {})
        .filter((status) => !/^[1-5][0-9][0-9]$/.test(status))
        .map((status) => `response ${status}; API Gateway takes three digits only, no default and no range`),
  },
  {
    on: 'securityScheme',
    check: ({ node }) =>
      node.type !== 'apiKey' && `security scheme of type ${node.type}; API Gateway takes apiKey only`,
  },
  {
    on: 'schema',
    check: ({ node }) =>
      'type' in node && !TYPES.includes(node.type) && `type ${JSON.stringify(node.type)} is no type of OpenAPI 3.0`,
  },
  {
    on: 'schema',
    check: ({ node }) =>
      'format' in node &&
      !FORMATS[node.type]?.includes(node.format) &&
      `format ${node.format} of a ${node.type} is outside the subset`,
  },
];

/** Schemas that reach themselves. */
function recursiveSchemas(schemas, document) {
  const edges = (name) =>
    references(resolve(document, `#/components/schemas/${name}`), 'schema').map((ref) => ref.split('/').pop());
  const reaches = (name, goal, seen) =>
    edges(name).some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return Object.keys(schemas)
    .filter((name) => reaches(name, name, new Set()))
    .map((name) => `schema ${name} contains itself; models cannot`);
}

/** API Gateway has one tree of resources: at one place in it, a variable has one name. */
function siblingVariables(paths) {
  const names = new Map();
  const problems = [];
  for (const path of paths) {
    const segments = path.split('/');
    for (const [index, segment] of segments.entries()) {
      if (!segment.startsWith('{')) continue;
      const parent = segments.slice(0, index).join('/');
      const first = names.get(parent) ?? segment;
      names.set(parent, first);
      if (first !== segment)
        problems.push(`${below('/paths', path)}: ${segment} is ${first} in another path at this place`);
    }
  }
  return problems;
}
