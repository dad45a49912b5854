// One payload of any kind to one answer: tells the formats apart by how each begins.

import { claimedPaymentId } from './authenticity';
import { characterCount } from './characters';
import { cpmPrefix, decodeCpm } from './cpm';
import { decodeEpc, isEpc } from './epc';
import { issue } from './issues';
import { maxPayloadCharacters } from './limits';
import { amountOf, decodeMpm, initiationOf, merchantOf } from './mpm/decode';
import { decodeSwiss, isSwiss } from './swiss';
import type { QrDecodeResult } from './types';
import { decodeUpi, isUpi } from './upi';

/** Reads a payload. Pure and keyless: whether the code is authentic is what readClaim and verifyClaim tell. */
export function decodeQr(payload: string): QrDecodeResult {
  if (payload.length > maxPayloadCharacters && isTooLong(payload)) {
    const message = `is longer than ${maxPayloadCharacters} characters; no QR code holds that much text`;
    return { ok: false, issues: [issue('', 'length_invalid', message)] };
  }
  if (payload.startsWith(cpmPrefix)) return decodeCpm(payload);
  if (isEpc(payload)) return decodeEpc(payload);
  if (isSwiss(payload)) return decodeSwiss(payload);
  if (isUpi(payload)) return decodeUpi(payload);
  return decodeMerchantPresented(payload);
}

function isTooLong(payload: string): boolean {
  return payload.length > 2 * maxPayloadCharacters || characterCount(payload) > maxPayloadCharacters;
}

function decodeMerchantPresented(payload: string): QrDecodeResult {
  const result = decodeMpm(payload);
  if (!result.ok) return result;
  const { code, warnings } = result;
  return {
    ok: true,
    qr: {
      mode: 'merchant-presented',
      initiation: initiationOf(code.fields),
      scheme: code.schemes.length > 0 ? code.schemes[0].scheme.name : 'emv',
      fields: code.fields,
      merchant: merchantOf(code.fields),
      amount: amountOf(code.fields),
      paymentId: claimedPaymentId(code.fields, code.ids),
      warnings,
    },
  };
}
