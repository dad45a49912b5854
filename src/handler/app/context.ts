/** What every use case gets: the ports, the deployment's keys, and who calls. */
import type { KeyObject } from 'node:crypto';
import type { QrKeys } from '../../qr';
import type { Clock, Connectors, Observer, PaymentStore, TraceContext, WakeUps } from './ports';
import type { InFlight } from './settle';

export interface Deps {
  readonly store: PaymentStore;
  readonly connectors: Connectors;
  readonly observer: Observer;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
  /** Never rotates. */
  readonly paymentIdKey: KeyObject;
  /** The first signs, all verify. Read anew each time, for they rotate while the process runs. */
  readonly qrKeys: () => QrKeys;
  /** Code of the Region that new payments belong to. */
  readonly homeRegion: string;
  readonly inFlight: InFlight;
}

export interface Caller {
  /** A merchant's or a wallet's own account. */
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  readonly requestId: string;
  readonly trace?: TraceContext;
}

/** On whose behalf something is asked of the bank. */
export type Principal = Pick<Caller, 'id' | 'trace'>;

/** Who does what no request asks for. */
export const SYSTEM: Principal = { id: 'system' };

/** A wallet may authorize any payment whose id it holds, but reads nothing of the merchant's own. */
export function isWallet({ scopes }: Caller): boolean {
  return scopes.has('payments:authorize') && !scopes.has('payments:read');
}

export function nowIso(clock: Clock): string {
  return clock.now().toISOString();
}
