// What this project asks of its own OpenAPI document beyond what API Gateway can take.

import Ajv from 'ajv';
import { below, dereference, isObject, METHODS, references, resolve, walk } from './openapi-document.mjs';

/** The scopes that `x-required-scopes` may name. */
export const SCOPES = [
  'payments:read',
  'payments:write',
  'payments:authorize',
  'payments:refund',
  'merchants:admin',
  'qr:read',
];

const PROBLEM = { type: 'application/problem+json', schema: '#/components/schemas/Problem' };
/** Statuses that go away by themselves, and so say when. */
const RETRY_AFTER = ['421', '429', '503'];

export const HOUSE_RULES = [
  {
    on: 'operation',
    check: ({ node }) =>
      !/^[a-z][A-Za-z0-9]+$/.test(node.operationId ?? '') && 'operationId is missing or not in camelCase',
  },
  { on: 'document', check: ({ node }) => repeatedOperationIds(node) },
  {
    on: 'operation',
    check: ({ node }) => ['summary', 'description'].filter((key) => !node[key]).map((key) => `${key} is missing`),
  },
  {
    on: 'operation',
    check: ({ node, document }) => {
      const known = (document.tags ?? []).map((tag) => tag.name);
      const tags = node.tags ?? [];
      return (tags.length !== 1 || !known.includes(tags[0])) && `tags are [${tags}]; must be one of [${known}]`;
    },
  },
  {
    on: 'operation',
    check: ({ node }) => {
      const scopes = node['x-required-scopes'];
      if (!Array.isArray(scopes)) return 'x-required-scopes is missing; an empty list means that everyone may call';
      return scopes
        .filter((scope) => !SCOPES.includes(scope))
        .map((scope) => `x-required-scopes has the unknown ${scope}`);
    },
  },
  {
    on: 'operation',
    check: ({ node }) => {
      const open = node['x-required-scopes']?.length === 0;
      const isOpen = Array.isArray(node.security) && node.security.length === 0;
      return open !== isOpen && 'an operation without scopes has `security: []`, and no other has';
    },
  },
  { on: 'pathItem', check: ({ node, name, document }) => pathParameters(node, name, document) },
  { on: 'operation', check: ({ node, document }) => responseProblems(node, document) },
  { on: 'requestBody', check: ({ node, pointer, document }) => openBodies(node, pointer, document) },
  {
    on: 'schema',
    check: ({ node }) =>
      isObject(node.properties) &&
      (node.required ?? [])
        .filter((name) => !Object.hasOwn(node.properties, name))
        .map((name) => `${name} is required but no property`),
  },
  { on: 'document', check: ({ node }) => unusedComponents(node) },
  { on: 'document', check: ({ node }) => invalidSchemasAndExamples(node) },
];

function operationsOf(document) {
  return [...walk(document)].filter(({ kind }) => kind === 'operation');
}

function repeatedOperationIds(document) {
  const operations = operationsOf(document);
  const ids = operations.map(({ node }) => node.operationId);
  return operations
    .filter(({ node }, index) => node.operationId !== undefined && ids.indexOf(node.operationId) !== index)
    .map(({ node, pointer }) => `${pointer}: operationId ${node.operationId} is there twice`);
}

function pathParameters(pathItem, path, document) {
  const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]).sort();
  return METHODS.filter((method) => isObject(pathItem[method])).flatMap((method) => {
    const parameters = (pathItem[method].parameters ?? []).map((each) => dereference(document, each));
    const inPath = parameters.filter((each) => each.in === 'path');
    const declared = inPath.map((each) => each.name).sort();
    const problems =
      declared.join() === wanted.join() ? [] : [`${method} declares [${declared}], the path has [${wanted}]`];
    return inPath.every((each) => each.required === true)
      ? problems
      : [...problems, `${method}: path parameters are required`];
  });
}

function responseProblems(operation, document) {
  return Object.entries(operation.responses ?? {}).flatMap(([status, reference]) => {
    const response = dereference(document, reference);
    const problems = [];
    if (!response.headers?.['x-request-id']) problems.push(`response ${status} has no x-request-id header`);
    if (RETRY_AFTER.includes(status) && !response.headers?.['Retry-After']) {
      problems.push(`response ${status} has no Retry-After header`);
    }
    const types = Object.keys(response.content ?? {});
    if (Number(status) < 400) {
      if (types.includes(PROBLEM.type)) problems.push(`response ${status} is no error but a problem document`);
    } else if (types.join() !== PROBLEM.type || response.content[PROBLEM.type].schema?.$ref !== PROBLEM.schema) {
      problems.push(`response ${status} must have ${PROBLEM.type} with schema Problem, and nothing else`);
    }
    return problems;
  });
}

/** Objects in requests say whether unknown members may be there; by JSON schema's default they may. */
function openBodies(requestBody, pointer, document) {
  const seen = new Set();
  const problems = [];
  const visit = (schema, at) => {
    if (schema?.$ref) {
      if (!seen.has(schema.$ref)) {
        seen.add(schema.$ref);
        visit(resolve(document, schema.$ref), schema.$ref.slice(1));
      }
      return;
    }
    for (const { node, kind, pointer: place } of walk(schema, 'schema', at)) {
      if (kind !== 'schema') continue;
      if (node.$ref) visit(node, place);
      else if (node.type === 'object' && !('additionalProperties' in node)) {
        problems.push(`${place}: additionalProperties is missing; bodies of requests are closed, or open on purpose`);
      }
    }
  };
  for (const { node, kind, pointer: place } of walk(requestBody, 'requestBody', pointer)) {
    if (kind === 'mediaType') visit(node.schema, below(place, 'schema'));
  }
  return problems;
}

function unusedComponents(document) {
  const used = new Set(references(document));
  for (const { security } of [document, ...operationsOf(document).map(({ node }) => node)]) {
    for (const name of (security ?? []).flatMap(Object.keys)) used.add(`#/components/securitySchemes/${name}`);
  }
  return Object.entries(document.components ?? {}).flatMap(([section, members]) =>
    Object.keys(members)
      .filter((name) => !used.has(`#/components/${section}/${name}`))
      .map((name) => `${below(below('/components', section), name)}: nothing refers to it`),
  );
}

function invalidSchemasAndExamples(document) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  for (const format of ['int64', 'binary']) ajv.addFormat(format, true);
  ajv.addSchema(document, 'openapi');
  let outermost;
  return [...walk(document)].flatMap(({ node, kind, pointer }) => {
    if (kind === 'schema') {
      if (outermost !== undefined && pointer.startsWith(`${outermost}/`)) return []; // was checked with the one around it
      outermost = pointer;
      return schemaErrors(ajv, node).map((error) => `${pointer}: is no valid schema: ${error}`);
    }
    if (!('schema' in node) || !isObject(node.examples)) return [];
    return Object.keys(node.examples).flatMap((name) => {
      const place = below(below(pointer, 'examples'), name);
      const example = dereference(document, node.examples[name]);
      if (!('value' in example)) return [`${place}: has no value`];
      return exampleErrors(ajv, below(pointer, 'schema'), example.value).map((error) => `${place}: value${error}`);
    });
  });
}

function schemaErrors(ajv, schema) {
  if (ajv.validateSchema({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' })) return [];
  return ajv.errors.map((error) => `${error.instancePath} ${error.message}`);
}

function exampleErrors(ajv, schemaPointer, value) {
  try {
    const validate = ajv.compile({ $ref: `openapi#${encodeURI(schemaPointer)}` });
    if (validate(value)) return [];
    return validate.errors.map((error) => `${error.instancePath} ${error.message}`);
  } catch (error) {
    return [` cannot be checked: ${error.message}`];
  }
}
