// What hostile requests are made of. A case is a name, the bytes, and the statuses that are right for it; all else is a fault.

/** Any refusal that blames the client. */
export const REFUSED = [400, 401, 403, 404, 405, 406, 408, 410, 411, 412, 413, 414, 415, 417, 421, 422, 428, 429, 431];
export const ORDER = '{"amount":{"currency":"SGD","value":1250},"reference":"order-1"}';

let keys = 0;
export const newKey = () => `bad-input-key-${String(keys++).padStart(8, '0')}`;

/**
 * @param {string} name
 * @param {Buffer|string} bytes
 * @param {{statuses?: number[], silent?: boolean}} options silent: the request is not complete, so no answer at all is right, too
 */
export const raw = (name, bytes, { statuses = REFUSED, silent = false } = {}) => ({
  name,
  bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1'),
  statuses,
  silent,
});

export const HEAD = (key = newKey()) => [
  'POST /v1/payments HTTP/1.1',
  'Host: h',
  'Connection: close',
  'Content-Type: application/json',
  `Idempotency-Key: ${key}`,
];

/** A create with that body, as JSON or not. */
export function create(name, body, options = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return request(name, [...HEAD(), ...(options.headers ?? [])], bytes, options);
}

/** Lines of a head, a length that is right, and a body. */
export function request(name, lines, body = Buffer.alloc(0), options = {}) {
  const bytes = Buffer.from(body);
  const head = [...lines, ...(bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : []), '', ''].join('\r\n');
  return raw(name, Buffer.concat([Buffer.from(head, 'latin1'), bytes]), options);
}

export const get = (name, path, options = {}) =>
  request(
    name,
    [`GET ${path} HTTP/1.1`, 'Host: h', 'Connection: close', ...(options.headers ?? [])],
    undefined,
    options,
  );
