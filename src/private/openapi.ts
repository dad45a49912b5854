/** The part of OpenAPI 3.0 that the bundled document uses and the gateway document is made from. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Asset } from '../contract';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

export interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: JsonObject;
}

export interface Operation {
  readonly operationId: string;
  /** Any of these is enough; none where nobody is asked who calls. */
  readonly 'x-required-scopes': readonly string[];
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: JsonObject } };
  };
  readonly responses: { readonly [status: string]: unknown };
}

export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: {
    readonly parameters: { readonly [name: string]: Parameter };
    readonly schemas: { readonly [name: string]: JsonObject };
  };
}

/** One method of one path, its parameters resolved. */
export interface Endpoint {
  /** As in the document: `/v1/payments/{id}`. */
  readonly path: string;
  /** In lower case. */
  readonly method: string;
  readonly operation: Operation;
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** The document in the package, which the handler serves and validates with too. */
export function bundledDocument(): OpenApiDocument {
  const file = path.join(__dirname, '..', '..', 'assets', Asset.OPENAPI_DOCUMENT);
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

export function endpointsOf({ paths, components }: OpenApiDocument): Endpoint[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method,
      operation,
      scopes: operation['x-required-scopes'],
      parameters: (operation.parameters ?? []).map((parameter) =>
        '$ref' in parameter ? components.parameters[nameOf(parameter.$ref)]! : parameter,
      ),
    })),
  );
}

/** The last part of `#/components/schemas/Amount`. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
