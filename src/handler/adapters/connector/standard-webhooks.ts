/** Signs requests as Standard Webhooks does (standardwebhooks.com, version 1): HMAC-SHA256 of `id.timestamp.body`. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A secret as the libraries of Standard Webhooks take it: base64, with `whsec_` before it or without. A text that is no base64 counts by
 * its own bytes. The key object is made once: importing a key costs more than a signature.
 */
export function signingKey(secret: string): KeyObject {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  return createSecretKey(BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.from(text));
}

export function signRequest(key: KeyObject, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000).toString();
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
