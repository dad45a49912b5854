/** A payment's picture, and `/v1/qr`: any payment QR code read or written. */
import { createHash } from 'node:crypto';
import {
  decodeQr,
  type EncodeResult,
  encodeFields,
  encodeMerchantCode,
  type MerchantProfile,
  type QrAmount,
  type QrFields,
} from '../../../qr';
import { authenticateCode } from '../../app/authenticate-code';
import { nowIso } from '../../app/context';
import { readPayment } from '../../app/read-payment';
import { type FieldError, Problem } from '../../domain/errors';
import { LIMITS } from '../../domain/limits';
import { isPayable } from '../../domain/payment';
import { qrMatrix } from '../../pictures/matrix';
import { renderPng } from '../../pictures/png';
import { renderSvg } from '../../pictures/svg';
import { matchesNone } from '../conditional';
import type { Route, Routes } from '../route';

type Picture = (payload: string, title: string) => string | Buffer;

const svg: Picture = (payload, title) => renderSvg(qrMatrix(payload), { title });

const PICTURES: Readonly<Record<string, Picture>> = {
  'image/svg+xml': svg,
  'image/png': (payload) => renderPng(qrMatrix(payload)),
  'text/plain': (payload) => payload,
};

/** What a range means where it leaves the choice to us. */
const DEFAULTS: Readonly<Record<string, string>> = {
  '*/*': 'image/svg+xml',
  'image/*': 'image/svg+xml',
  'text/*': 'text/plain',
};

const picture: Route = async ({ caller, params, headers }, { deps, sessionCache }) => {
  const mediaType = negotiate(headers.accept);
  const payment = await readPayment(deps, caller, params.id);
  const now = nowIso(deps.clock);
  if (!isPayable(payment, now)) {
    throw new Problem('payment-not-payable', `The payment is ${payment.state.status}; its code is no longer shown.`);
  }
  const { id, qrPayload, expiresAt } = payment.facts;
  const leftMs = Date.parse(expiresAt) - Date.parse(now);
  const name = createHash('sha256').update(`${mediaType}\n${id}\n${qrPayload}`).digest('base64url').slice(0, 22);
  const cache = {
    etag: `"${name}"`,
    'cache-control': `private, max-age=${Math.min(Math.floor(leftMs / 1000), LIMITS.pictureMaxAgeSeconds)}`,
    vary: 'accept',
  };
  if (matchesNone(headers['if-none-match'], cache.etag)) return { status: 304, headers: cache };
  if (mediaType === 'text/plain') {
    return { status: 200, headers: { ...cache, 'content-type': 'text/plain; charset=utf-8' }, body: qrPayload };
  }
  const draw = () => Buffer.from(PICTURES[mediaType](qrPayload, `Payment ${id}`));
  const body = await sessionCache.pictures.get(name, leftMs, draw);
  return { status: 200, headers: { ...cache, 'content-type': mediaType }, body };
};

/**
 * The first media range decides, and it alone may ask for PNG: API Gateway looks no further to tell binary from text. Where nobody
 * can serve the first one, as with the list that a browser's image begins with, a later one gets what is text.
 */
function negotiate(accept = '*/*'): string {
  const [first, ...later] = accept.split(',').map((range) => range.split(';')[0].trim().toLowerCase());
  const mediaTypes = [first, ...later.filter((range) => range !== 'image/png')].map(
    (range) => DEFAULTS[range] ?? range,
  );
  const mediaType = mediaTypes.find((each) => each in PICTURES);
  if (mediaType !== undefined) return mediaType;
  throw new Problem('not-acceptable', `Accept names nothing that there is: ${Object.keys(PICTURES).join(', ')}.`);
}

interface EncodeRequest {
  readonly fields?: QrFields;
  readonly merchant?: MerchantProfile;
  readonly scheme?: string;
  readonly amount?: QrAmount;
}

const encode: Route = ({ body }) => {
  const encoded = encodeRequest(body as EncodeRequest);
  if (!encoded.ok) throw new Problem('qr-invalid', 'No valid code can be made of this.', { errors: encoded.issues });
  return { status: 200, body: { payload: encoded.payload, svg: svg(encoded.payload, 'QR code') } };
};

function encodeRequest({ fields, merchant, scheme, amount }: EncodeRequest): EncodeResult {
  if ((fields === undefined) === (merchant === undefined)) {
    throw new Problem('invalid-request', 'Give either fields, or merchant with scheme and amount.', {
      errors: oneOf('/fields', '/merchant'),
    });
  }
  if (merchant !== undefined) return encodeMerchantCode({ profile: merchant, scheme, amount, initiation: 'static' });
  if (scheme !== undefined || amount !== undefined) {
    throw new Problem('invalid-request', 'scheme and amount go with merchant; with fields they are data objects.', {
      errors: oneOf('/scheme', '/amount'),
    });
  }
  return encodeFields(fields!);
}

function oneOf(...pointers: string[]): FieldError[] {
  return pointers.map((pointer) => ({ pointer, message: 'must be given in one form only' }));
}

const decode: Route = async ({ body }, { deps }) => {
  const { payload } = body as { payload: string };
  const decoded = decodeQr(payload);
  if (!decoded.ok) throw new Problem('qr-invalid', 'The payload cannot be read safely.', { errors: decoded.issues });
  const authenticity = await authenticateCode(deps, payload, decoded.qr.fields);
  return { status: 200, body: { ...decoded.qr, authenticity } };
};

export const qrRoutes: Routes = { getPaymentQr: picture, encodeQr: encode, decodeQr: decode };
