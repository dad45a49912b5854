/** Schemas of request bodies as API Gateway takes them: JSON Schema draft 4, and only what validation needs. */
import { type Endpoint, type Json, type JsonObject, nameOf, type OpenApiDocument } from './openapi';

/** Everything else (examples, formats, titles, our own extensions) is dropped: it does not validate, or does not import. */
const KEYWORDS = new Set([
  'type',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
]);

/** The named schemas that bodies refer to, directly or through others. */
export function requestModels({ components }: OpenApiDocument, endpoints: readonly Endpoint[]): JsonObject {
  const models: { [name: string]: Json } = {};
  const names = endpoints.flatMap((endpoint) => referencesIn(bodySchema(endpoint) ?? {}));
  // Each name is met once more than it is new, and there are as many names as schemas.
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const schema = components.schemas[name];
    if (schema === undefined || name in models) continue;
    models[name] = reduceSchema(schema);
    names.push(...referencesIn(schema));
  }
  return Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Schema of a body that must be there. API Gateway has no word for one that may be: it would refuse to leave it out, so that
 * such bodies are the handler's alone to check.
 */
export function bodySchema({ operation: { requestBody } }: Endpoint): JsonObject | undefined {
  return requestBody?.required === true ? requestBody.content['application/json'].schema : undefined;
}

export function reduceSchema(schema: JsonObject): JsonObject {
  if ('$ref' in schema) return { $ref: schema.$ref! };
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, Json][] => {
      if (keyword === 'properties' && isObject(value)) return [[keyword, mapValues(value, reduceValue)]];
      return KEYWORDS.has(keyword) ? [[keyword, reduceValue(value)]] : [];
    }),
  );
}

function reduceValue(value: Json): Json {
  if (isArray(value)) return value.map(reduceValue);
  return isObject(value) ? reduceSchema(value) : value;
}

function referencesIn(value: Json): string[] {
  if (isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [nameOf(member)] : referencesIn(member),
  );
}

function mapValues(object: JsonObject, map: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}
