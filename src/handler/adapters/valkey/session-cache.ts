/** The session cache: whatever processes of one deployment and Region share beside the store, and can do without. */
import { createHmac, type KeyObject } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import type { Clock, SessionCache, WakeUps } from '../../app/ports';
import { CredentialsCache, defaultCredentials } from '../aws/credentials';
import type { CallerRates } from '../memory/rate-budgets';
import { Cache } from './cache';
import { connect } from './client';
import { IamCredentials } from './iam-credentials';
import { createValkeyPictures } from './pictures';
import { createValkeyRateBudgets } from './rate-budgets';
import { createValkeyWakeUps } from './wake-ups';

export interface SessionCacheOptions {
  /** `valkey:` or `redis:`; with an `s` over TLS. */
  readonly url: string;
  /** Those of ElastiCache's IAM authentication. @default none is asked for */
  readonly iam?: { readonly user: string; readonly cacheName: string; readonly region: string };
  /** @default Node's own roots */
  readonly ca?: ConnectionOptions['ca'];
  readonly callerRates: CallerRates;
  /** What is kept bears a name and a MAC by this key: what else may be in that cache has no effect. */
  readonly paymentIdKey: KeyObject;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
  onChange(isUp: boolean, reason?: unknown): void;
}

export function createValkeySessionCache(options: SessionCacheOptions): SessionCache {
  const { url, ca, clock, onChange, paymentIdKey } = options;
  const credentialsProvider = iamCredentials(options);
  const cache = new Cache({
    connect: () => connect({ url, ca, credentialsProvider }),
    clock,
    onChange,
  });
  const namespace = `qrp:${createHmac('sha256', paymentIdKey).update('namespace').digest('base64url').slice(0, 8)}:`;
  return {
    wakeUps: createValkeyWakeUps(cache, namespace, options.wakeUps),
    rateBudgets: createValkeyRateBudgets(cache, namespace, options.callerRates, clock),
    pictures: createValkeyPictures(cache, namespace, paymentIdKey),
    open: () => cache.open(),
    close: () => cache.close(),
  };
}

function iamCredentials({ url, iam }: SessionCacheOptions): IamCredentials | undefined {
  if (iam === undefined) return undefined;
  const credentials = new CredentialsCache(defaultCredentials(false));
  // A serverless cache signs another request than a cluster of nodes, and says in its address what it is.
  const identity = { ...iam, isServerless: new URL(url).hostname.includes('.serverless.') };
  return new IamCredentials(identity, () => credentials.get());
}
