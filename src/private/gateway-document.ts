/**
 * The OpenAPI document as API Gateway imports it: reduced to what it takes, with an integration, authorization and validation on
 * every method. Pure: the same document and options give the same result.
 *
 * - Who calls, and the scopes of the method that was called, overwrite what the client sent under those headers.
 * - A method that a path does not have, and a path between two others, lead to the handler, which answers 405 or 404.
 * - Any other path is answered here, and reaches nobody. To pass it on would be a way around authorization: the handler and the
 *   gateway need not agree what `//v1/payments` is. It is a method of its own and not the response
 *   MISSING_AUTHENTICATION_TOKEN, which API Gateway gives for an unknown path and for a missing signature alike.
 */
import { HealthPath, TrustedHeader } from '../contract';
import { type CallerSource, STATIC_SCOPES, securityOf } from './caller-source';
import { bodySchema, reduceSchema, requestModels } from './gateway-models';
import { NOT_FOUND, problemHeaders, problemTemplate, renderGatewayResponses } from './gateway-responses';
import {
  type Endpoint,
  endpointsOf,
  type Json,
  type JsonObject,
  type OpenApiDocument,
  type Parameter,
} from './openapi';

export interface GatewayOptions {
  /** Of the load balancer, without a trailing slash. */
  readonly endpointUrl: string;
  readonly vpcLinkId: string;
  /** Who calls, and how that is asked for. */
  readonly caller: CallerSource;
  readonly securitySchemes: JsonObject;
}

const UNKNOWN_PATH = '/{proxy+}';
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** The only methods without authorization. */
export const OPEN_OPERATIONS: readonly string[] = [
  `GET ${HealthPath.LIVE}`,
  `GET ${HealthPath.READY}`,
  `GET ${HealthPath.REGION}`,
  'GET /openapi.json',
  `ANY ${UNKNOWN_PATH}`,
];

/** What the handler answers in binary; anything else is text to API Gateway. */
export const BINARY_MEDIA_TYPES: readonly string[] = ['image/png'];

const VALIDATOR = 'body-and-parameters';
/** API Gateway waits no longer. */
const TIMEOUT_MS = 29_000;
/** No operation takes it: the handler answers 404 or 405 before it asks for scopes. */
const NO_SCOPE = 'none';

export function renderGatewayDocument(document: OpenApiDocument, options: GatewayOptions): JsonObject {
  const endpoints = endpointsOf(document);
  return {
    openapi: '3.0.1',
    info: { title: document.info.title, version: document.info.version },
    paths: renderPaths(endpoints, options),
    components: {
      schemas: requestModels(document, endpoints),
      ...(Object.keys(options.securitySchemes).length > 0 && { securitySchemes: options.securitySchemes }),
    },
    'x-amazon-apigateway-binary-media-types': BINARY_MEDIA_TYPES,
    'x-amazon-apigateway-gateway-responses': renderGatewayResponses(),
    'x-amazon-apigateway-request-validators': {
      [VALIDATOR]: { validateRequestBody: true, validateRequestParameters: true },
    },
    'x-amazon-apigateway-request-validator': VALIDATOR,
  };
}

function renderPaths(endpoints: readonly Endpoint[], options: GatewayOptions): JsonObject {
  const everyScope = [...new Set(endpoints.flatMap(({ scopes }) => scopes))];
  const paths = new Set(endpoints.flatMap(({ path }) => [...ancestorsOf(path), path]));
  const items = [...paths].map((path): [string, Json] => {
    const own = endpoints.filter((endpoint) => endpoint.path === path);
    const methods = own.map((endpoint): [string, Json] => [endpoint.method, renderMethod(endpoint, options)]);
    return [path, Object.fromEntries([...methods, [ANY_METHOD, renderOtherMethods(path, own, everyScope, options)]])];
  });
  return Object.fromEntries([...items, [UNKNOWN_PATH, { [ANY_METHOD]: renderUnknownPath() }]]);
}

function renderMethod(endpoint: Endpoint, options: GatewayOptions): JsonObject {
  const { path, method, scopes, parameters, operation } = endpoint;
  const name = `${method.toUpperCase()} ${path}`;
  const isOpen = OPEN_OPERATIONS.includes(name);
  if (isOpen !== (scopes.length === 0)) throw new Error(`${name} must have scopes or be one of the open operations`);
  const schema = bodySchema(endpoint);
  return {
    operationId: operation.operationId,
    parameters: parameters.map(renderParameter),
    ...(schema !== undefined && { requestBody: renderBody(schema) }),
    responses: { [Object.keys(operation.responses)[0]!]: { description: 'From the handler' } },
    security: isOpen ? [] : securityOf(options.caller, scopes),
    'x-amazon-apigateway-request-validator': VALIDATOR,
    'x-amazon-apigateway-integration': {
      ...integration(path, method, options),
      requestParameters: {
        ...pathMappings(path),
        ...(isOpen ? requestIdMapping() : callerMappings(scopesSource(scopes, options), options)),
      },
    },
  };
}

/** Every other method of a known path, or any of a path that only leads to others. */
function renderOtherMethods(
  path: string,
  own: readonly Endpoint[],
  everyScope: readonly string[],
  options: GatewayOptions,
): JsonObject {
  const parameters = own.flatMap((endpoint) => endpoint.parameters).filter((parameter) => parameter.in === 'path');
  const unique = [...new Map(parameters.map((parameter) => [parameter.name, parameter])).values()];
  return {
    parameters: unique.map(renderParameter),
    responses: { '405': { description: 'From the handler' } },
    security: securityOf(options.caller, everyScope),
    'x-amazon-apigateway-request-validator': VALIDATOR,
    'x-amazon-apigateway-integration': {
      ...integration(path, 'any', options),
      requestParameters: { ...pathMappings(path), ...callerMappings(`'${NO_SCOPE}'`, options) },
    },
  };
}

/** A body that is not JSON gets 415 before the template is looked at, which it would break. */
function renderUnknownPath(): JsonObject {
  const status = String(NOT_FOUND.status);
  const headers = problemHeaders(NOT_FOUND);
  return {
    parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }],
    responses: {
      [status]: {
        description: NOT_FOUND.title,
        headers: Object.fromEntries(Object.keys(headers).map((name) => [name, { schema: { type: 'string' } }])),
      },
    },
    security: [],
    'x-amazon-apigateway-integration': {
      type: 'mock',
      passthroughBehavior: 'never',
      requestTemplates: { 'application/json': JSON.stringify({ statusCode: NOT_FOUND.status }) },
      responses: {
        default: {
          statusCode: status,
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, source]) => [`method.response.header.${name}`, source]),
          ),
          responseTemplates: { 'application/json': problemTemplate(NOT_FOUND) },
        },
      },
    },
  };
}

function integration(path: string, method: string, { endpointUrl, vpcLinkId }: GatewayOptions): JsonObject {
  return {
    type: 'http_proxy',
    httpMethod: method.toUpperCase(),
    uri: `${endpointUrl}${path}`,
    connectionType: 'VPC_LINK',
    connectionId: vpcLinkId,
    passthroughBehavior: 'when_no_match',
    timeoutInMillis: TIMEOUT_MS,
  };
}

function callerMappings(scopes: string, { caller }: GatewayOptions): JsonObject {
  return {
    [`integration.request.header.${TrustedHeader.MERCHANT_ID}`]: caller.merchantId,
    [`integration.request.header.${TrustedHeader.SCOPES}`]: scopes,
    ...requestIdMapping(),
  };
}

function scopesSource(scopes: readonly string[], { caller }: GatewayOptions): string {
  return caller.scopes === STATIC_SCOPES ? `'${scopes.join(' ')}'` : caller.scopes;
}

function requestIdMapping(): JsonObject {
  return { [`integration.request.header.${TrustedHeader.REQUEST_ID}`]: 'context.requestId' };
}

function pathMappings(path: string): JsonObject {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
  return Object.fromEntries(names.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]));
}

/** API Gateway looks at a parameter's presence only. */
function renderParameter({ name, in: place, required }: Parameter): JsonObject {
  return { name, in: place, required: required ?? false, schema: { type: 'string' } };
}

function renderBody(schema: JsonObject): JsonObject {
  return { required: true, content: { 'application/json': { schema: reduceSchema(schema) } } };
}

/** `/v1/payments/{id}` → `/`, `/v1`, `/v1/payments` */
function ancestorsOf(path: string): string[] {
  const segments = path.split('/').slice(1, -1);
  return ['/', ...segments.map((_, i) => `/${segments.slice(0, i + 1).join('/')}`)];
}
