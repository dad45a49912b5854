/** The OpenAPI document as the handler uses it: the operations it serves and the schemas it validates with. */
import json from '../../../assets/openapi.json';

export interface OpenApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly method: string;
  /** As in the document: `/v1/payments/{id}`. */
  readonly path: string;
  /** One of these is enough; none for the open operations. */
  readonly scopes: readonly string[];
  readonly parameters: readonly OpenApiParameter[];
  readonly bodySchema?: object;
  readonly bodyRequired: boolean;
}

interface DocumentOperation {
  readonly operationId: string;
  readonly 'x-required-scopes': readonly string[];
  readonly parameters?: readonly (OpenApiParameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: object } };
  };
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, OpenApiParameter>>; readonly schemas: object };
}

/** The bundle step has linted it; its own type, with every example in it, is of no use. */
export const document = json as unknown as OpenApiDocument;

export function operationsOf({ paths, components }: OpenApiDocument): OpenApiOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path,
      scopes: operation['x-required-scopes'],
      parameters: (operation.parameters ?? []).map((parameter) =>
        '$ref' in parameter ? components.parameters[nameOf(parameter.$ref)] : parameter,
      ),
      bodySchema: operation.requestBody?.content['application/json'].schema,
      bodyRequired: operation.requestBody?.required ?? false,
    })),
  );
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
