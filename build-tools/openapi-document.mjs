// How an OpenAPI 3.0 document is made: which object holds which, so that a rule can name the kind of object it is about.

/** Methods that a path item can have. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Kind of object to its members that are objects: `kind`, `list:kind` or `map:kind`. */
const MEMBERS = {
  document: { paths: 'map:pathItem', components: 'components' },
  components: {
    schemas: 'map:schema',
    responses: 'map:response',
    parameters: 'map:parameter',
    examples: 'map:example',
    requestBodies: 'map:requestBody',
    headers: 'map:header',
    securitySchemes: 'map:securityScheme',
  },
  pathItem: { ...Object.fromEntries(METHODS.map((method) => [method, 'operation'])), parameters: 'list:parameter' },
  operation: { parameters: 'list:parameter', requestBody: 'requestBody', responses: 'map:response' },
  parameter: { schema: 'schema', content: 'map:mediaType', examples: 'map:example' },
  header: { schema: 'schema', content: 'map:mediaType', examples: 'map:example' },
  requestBody: { content: 'map:mediaType' },
  response: { headers: 'map:header', content: 'map:mediaType' },
  mediaType: { schema: 'schema', examples: 'map:example' },
  example: {},
  securityScheme: {},
  schema: {
    properties: 'map:schema',
    items: 'schema',
    additionalProperties: 'schema',
    allOf: 'list:schema',
    anyOf: 'list:schema',
    oneOf: 'list:schema',
    not: 'schema',
  },
};

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One more step of a JSON pointer (RFC 6901). */
export const below = (pointer, key) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * Every object of the document once, with its kind, its JSON pointer and `name`, the last step of that pointer. References
 * are not followed: what they lead to has a place of its own.
 */
export function* walk(node, kind = 'document', pointer = '', name = '') {
  if (!isObject(node)) return;
  yield { node, kind, pointer, name };
  if ('$ref' in node) return;
  for (const [member, form] of Object.entries(MEMBERS[kind])) {
    const value = node[member];
    const [shape, childKind] = form.includes(':') ? form.split(':') : ['one', form];
    const children = shape === 'one' ? [[undefined, value]] : Object.entries(value ?? {});
    for (const [key, child] of children) {
      const place = key === undefined ? below(pointer, member) : below(below(pointer, member), key);
      yield* walk(child, childKind, place, key ?? member);
    }
  }
}

/** What a reference inside the document leads to; `undefined` where that is nowhere or outside. */
export function resolve(document, ref) {
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined;
  const steps = ref.slice(2).split('/');
  const keys = steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce((node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined), document);
}

/** The object itself, or what it refers to, however many steps away; an empty object where that is nowhere. */
export function dereference(document, node) {
  let found = node;
  for (let steps = 0; steps < 10 && isObject(found) && '$ref' in found; steps += 1) {
    found = resolve(document, found.$ref);
  }
  return isObject(found) && !('$ref' in found) ? found : {};
}

/** Every reference in an object and in what it holds. */
export function references(node, kind = 'document') {
  return [...walk(node, kind)].map((place) => place.node.$ref).filter((ref) => ref !== undefined);
}
