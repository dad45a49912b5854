/** Checks requests against the OpenAPI document, and says what is wrong in the terms of the document. */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { containsCardNumber } from '../domain/card-data';
import { type FieldError, Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';
import { document, type OpenApiOperation, type OpenApiParameter } from './openapi';

export interface RequestValidator {
  /** @throws Problem `invalid-request` */
  body(body: unknown): void;
  /** @returns the parameters with their types and defaults. @throws Problem `invalid-request` */
  query(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export function createValidators(operations: readonly OpenApiOperation[]): ReadonlyMap<string, RequestValidator> {
  const ajv = new Ajv({ strict: false, useDefaults: true, validateFormats: false });
  ajv.addSchema({ components: document.components }, 'openapi');
  return new Map(operations.map((operation) => [operation.operationId, createValidator(ajv, operation)]));
}

function createValidator(ajv: Ajv, operation: OpenApiOperation): RequestValidator {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  const checkQuery = ajv.compile(
    absolute({
      type: 'object',
      additionalProperties: false,
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    }),
  );
  const checkBody = operation.bodySchema && ajv.compile(absolute(operation.bodySchema));
  return {
    body(body) {
      if (body === undefined && !operation.bodyRequired) return;
      if (checkBody === undefined) {
        throw new Problem('invalid-request', 'This operation takes no body.');
      }
      if (body === undefined) throw new Problem('invalid-request', 'This operation takes a JSON body; there is none.');
      check(checkBody, body, '');
    },
    query(query) {
      refuseCardData(query, '?');
      const parsed = parseIntegers(query, parameters);
      check(checkQuery, parsed, '?');
      return parsed;
    },
  };
}

/** A query is text. Only plain digits are an integer: ajv's own coercion takes `1e1` and `0x5` too. */
function parseIntegers(query: Readonly<Record<string, unknown>>, parameters: readonly OpenApiParameter[]) {
  const integers = new Set(parameters.filter(({ schema }) => schema.type === 'integer').map(({ name }) => name));
  const parse = (name: string, value: unknown) =>
    integers.has(name) && typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, parse(name, value)]));
}

/** Makes the references of a part of the document reach the whole of it. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/'));
}

function check(validate: ValidateFunction, value: unknown, prefix: string): void {
  if (validate(value)) return;
  const errors = (validate.errors ?? []).slice(0, LIMITS.fieldErrors).map((error) => explain(error, prefix));
  const [first] = errors;
  throw new Problem(
    'invalid-request',
    first === undefined ? 'The request is invalid.' : `${first.pointer || '/'} ${first.message}.`,
    { errors },
  );
}

function explain(
  { instancePath, keyword, params, message = 'is invalid' }: ErrorObject,
  prefix: string,
): FieldError & { pointer: string } {
  const at = (name: string) => `${prefix}${instancePath}/${escapeToken(name)}`;
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: at(params.additionalProperty), message: 'is not a member that this operation knows' };
    case 'required':
      return { pointer: at(params.missingProperty), message: 'is required' };
    case 'enum':
      return { pointer: prefix + instancePath, message: `must be one of ${params.allowedValues.join(', ')}` };
    default:
      return { pointer: prefix + instancePath, message };
  }
}

/** @throws Problem `card-data-refused`. The answer shows where, never what; a member whose name is the number shows its parent. */
export function refuseCardData(value: unknown, prefix = ''): void {
  const found = findCardNumber(value);
  if (found === undefined) return;
  const pointer = prefix + found;
  throw new Problem(
    'card-data-refused',
    `${pointer || '/'} holds a card number; send a token of the wallet or bank instead.`,
    { errors: [{ pointer, message: 'holds a card number' }] },
  );
}

/** @returns the way to it, put together on the way back: there is hardly ever one */
function findCardNumber(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return containsCardNumber(String(value)) ? '' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (!isList && containsCardNumber(name)) return '';
    const found = findCardNumber(member);
    if (found !== undefined) return `/${escapeToken(name)}${found}`;
  }
  return undefined;
}

/** RFC 6901. */
function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
