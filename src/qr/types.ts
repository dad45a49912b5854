// The shapes that the rest of the project shares with the codec.

import type { QrIssue } from './issues';

/** Data objects by ID; a template is an object of its own. */
export type QrFields = { [id: string]: string | QrFields };

export interface QrAmount {
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Integer in minor units. */
  readonly value: number;
}

export type QrMode = 'merchant-presented' | 'consumer-presented' | 'epc' | 'swiss' | 'upi';
export type QrInitiation = 'static' | 'dynamic';

/** The merchant's name and city in its own script (EMV template 64). */
export interface QrLocalName {
  /** ISO 639 alphabetic code of two letters. */
  readonly language: string;
  readonly name: string;
  readonly city?: string;
}

export interface QrMerchant {
  readonly name: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly categoryCode: string | null;
  readonly local?: QrLocalName;
}

/** What POST /v1/qr/decode answers with 200. */
export interface DecodedQr {
  readonly mode: QrMode;
  readonly initiation: QrInitiation | null;
  readonly scheme: string | null;
  readonly fields: QrFields;
  readonly merchant: QrMerchant;
  readonly amount: QrAmount | null;
  readonly paymentId: string | null;
  readonly warnings: QrIssue[];
}

export type QrDecodeResult =
  | { readonly ok: true; readonly qr: DecodedQr }
  | { readonly ok: false; readonly issues: QrIssue[] };

export type EncodeResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly issues: QrIssue[] };
