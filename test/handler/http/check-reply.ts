/** Holds a reply against the OpenAPI document: status, content type, headers and body; and what the contract promises of every body. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import type { Reply } from './reply';

type Reference = { readonly $ref: string };

interface Header {
  readonly required?: boolean;
}

interface Response {
  readonly headers?: Readonly<Record<string, Header | Reference>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'headers' | 'responses' | 'schemas', Readonly<Record<string, object>>>>;
}

const text = readFileSync(join(__dirname, '../../../assets/openapi.json'), 'utf8');
export const openApi: OpenApi = JSON.parse(text);
/** The same, with references in a form that ajv resolves from anywhere. */
const { paths, components }: OpenApi = JSON.parse(text.replaceAll('"#/components/', '"api#/components/'));

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: { int64: true, binary: true, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
});
ajv.addSchema({ $id: 'api', components });

/** @throws where the reply is not one that the document allows for this request */
export function checkReply(method: string, path: string, reply: Reply): void {
  const faults = [...formFaults(method, path, reply), ...problemFaults(reply), ...amountFaults(reply)];
  if (faults.length === 0) return;
  throw new Error(
    `${method} ${path.slice(0, 200)}: ${reply.status} ${reply.text.slice(0, 1000)}\n- ${faults.join('\n- ')}`,
  );
}

function* formFaults(method: string, path: string, { status, headers, type, bytes, text }: Reply): Generator<string> {
  if (!headers['x-request-id']) yield 'no x-request-id';
  if (method === 'HEAD') return;
  const responses = operationAt(method, path)?.responses;
  if (responses === undefined || status === 405) {
    // Not in the document: the request never reached an operation.
    if (![400, 401, 404, 405, 431].includes(status)) yield 'not a status for what is no operation';
    return;
  }
  const response = responses[status] && resolve<Response>(responses[status]);
  if (response === undefined) {
    yield 'this status is not declared for the operation';
    return;
  }
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    if (resolve<Header>(header).required && !headers[name.toLowerCase()]) yield `the header ${name} is missing`;
  }
  if (response.content === undefined) {
    if (bytes.length > 0) yield 'a body where none is declared';
    return;
  }
  const media = response.content[type];
  if (media === undefined) yield `${type} is not declared, only ${Object.keys(response.content)}`;
  else if (type.endsWith('json')) yield* schemaFaults(media.schema, JSON.parse(text));
}

const INSIDES = /node_modules|\.(ts|js):\d+|\n\s+at |\/src\/|[a-z]Error\b/;

function* problemFaults(reply: Reply): Generator<string> {
  const { status, headers, type, bytes, text } = reply;
  if (status < 400 || bytes.length === 0) return;
  if (type !== 'application/problem+json') {
    yield `an error of type ${type}`;
    return;
  }
  const { problem } = reply;
  yield* schemaFaults({ $ref: 'api#/components/schemas/Problem' }, problem);
  if (problem.status !== status) yield `the body says status ${problem.status}`;
  if (!problem.type.endsWith(`:${problem.code}`)) yield 'type does not end in the code';
  const replayed = headers['idempotent-replayed'] !== undefined;
  if (!replayed && problem.requestId !== headers['x-request-id']) yield 'requestId is not x-request-id';
  if (INSIDES.test(text)) yield 'something of the inside';
  const later = [429, 503].includes(status) || problem.code.endsWith('-in-progress');
  if (later && !/^[1-9]\d*$/.test(headers['retry-after'] ?? '')) yield 'no Retry-After in whole seconds';
}

/** I01 and I02. */
function* amountFaults(reply: Reply): Generator<string> {
  if (reply.status >= 300 || reply.type !== 'application/json') return;
  const payments = reply.payment.operations ? [reply.payment] : (reply.page.data ?? []).filter((one) => one.authorized);
  for (const { id, amount, authorized, captured, refunded } of payments) {
    const rising = [0, refunded.value, captured.value, authorized.value, amount.value];
    const ordered = rising.every((value, at) => Number.isSafeInteger(value) && value >= (rising[at - 1] ?? 0));
    if (!ordered) yield `${id}: not 0 <= refunded <= captured <= authorized <= amount: ${rising}`;
    const currencies = new Set([amount, authorized, captured, refunded].map(({ currency }) => currency));
    if (currencies.size !== 1) yield `${id}: several currencies: ${[...currencies]}`;
  }
}

function resolve<T extends object>(found: T | Reference): T {
  if (!('$ref' in found)) return found;
  const [, , section, name] = found.$ref.split('/');
  return JSON.parse(JSON.stringify(Object(components)[section][name]));
}

const validators = new Map<string, ValidateFunction>();

function* schemaFaults(schema: object, value: unknown): Generator<string> {
  const name = JSON.stringify(schema);
  const validate = validators.get(name) ?? ajv.compile(schema);
  validators.set(name, validate);
  if (validate(value)) return;
  for (const { instancePath, message } of validate.errors ?? []) yield `${instancePath || 'body'} ${message}`;
}

function operationAt(method: string, path: string): Operation | undefined {
  const [plain] = path.split('?');
  const template = Object.keys(paths).find((one) => matcher(one).test(plain));
  return template === undefined ? undefined : paths[template][method.toLowerCase()];
}

function matcher(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}
