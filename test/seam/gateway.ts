/** API Gateway as far as the rendered document says: finds the method, and maps the client's request onto the handler's. */
import { randomUUID } from 'node:crypto';

export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

// biome-ignore lint/suspicious/noExplicitAny: the document is whatever the construct rendered
type Document = any;

/** @param accountId of the caller who signed the request */
export async function callThroughGateway(
  document: Document,
  handlerUrl: string,
  accountId: string,
  client: ClientRequest,
): Promise<Response> {
  const { method, path, parameters } = findMethod(document, client);
  const integration = method['x-amazon-apigateway-integration'];
  if (integration.type !== 'http_proxy') throw new Error(`${client.method} ${path} does not reach the handler`);

  const context: Record<string, string> = {
    'context.identity.accountId': accountId,
    'context.requestId': randomUUID(),
  };
  const headers = new Headers(client.headers);
  if (client.body !== undefined) headers.set('content-type', 'application/json');
  let target: string = integration.uri.replace('http://load-balancer.internal', handlerUrl);
  for (const [to, from] of Object.entries<string>(integration.requestParameters)) {
    const value = from.startsWith("'")
      ? from.slice(1, -1)
      : (context[from] ?? parameters[from.replace('method.request.path.', '')]);
    if (value === undefined) throw new Error(`where does ${from} come from?`);
    const [, place, name] = to.match(/^integration\.request\.(header|path)\.(.+)$/) ?? [];
    if (place === 'header') headers.set(name, value);
    else target = target.replace(`{${name}}`, encodeURIComponent(value));
  }
  const query = client.path.split('?')[1];
  return fetch(query === undefined ? target : `${target}?${query}`, {
    method: client.method,
    headers,
    body: client.body && JSON.stringify(client.body),
  });
}

function findMethod(document: Document, { method, path }: ClientRequest) {
  const [bare] = path.split('?');
  for (const [template, item] of Object.entries<Document>(document.paths)) {
    if (template.includes('{proxy+}')) continue;
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const match = bare.match(new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`));
    const found = item[method.toLowerCase()];
    if (match === null || found === undefined) continue;
    const parameters = Object.fromEntries(names.map((name, i) => [name, match[i + 1]]));
    return { method: found, path: template, parameters };
  }
  throw new Error(`no method for ${method} ${bare}`);
}
