// The QR codec: payloads in and out of every format, pure but for the keyed hash of authenticity. Used by the handler,
// and by the constructs at synth; not part of the package's public API.

export { formatAmount, parseAmount } from './amount';
export {
  type Authenticity,
  type AuthenticityInput,
  type AuthenticPayment,
  authenticityGuid,
  type QrClaim,
  type QrKey,
  type QrKeys,
  qrKey,
  readClaim,
  signCode,
  verifyClaim,
} from './authenticity';
export { passesLuhn } from './card-data';
export { type Currency, currencies, currencyByAlpha, currencyByNumeric } from './currency';
export { decodeQr } from './decode';
export { encodeMerchantCode, type MerchantCodeInput, referenceFits } from './encode-merchant';
export { type IssueCode, issueCodes, type QrIssue } from './issues';
export {
  type MerchantProfile,
  type SchemeMember,
  schemeMembers,
  schemeNames,
  validateMerchantAccount,
  validateMerchantProfile,
} from './merchant';
export { encodeFields } from './mpm/encode';
export type { BharatQrAccount } from './schemes/bharatqr';
export type { DuitNowAccount } from './schemes/duitnow';
export type { EaspbvAccount } from './schemes/easpbv';
export type { EmvAccount } from './schemes/emv';
export type { FpsAccount } from './schemes/fps';
export type { JpqrAccount } from './schemes/jpqr';
export type { KhqrAccount } from './schemes/khqr';
export type { PayNowAccount } from './schemes/paynow';
export type { PixAccount } from './schemes/pix';
export type { PromptPayAccount } from './schemes/promptpay';
export type { QrisAccount } from './schemes/qris';
export type { QrPhAccount } from './schemes/qrph';
export type { MerchantAccount } from './schemes/scheme';
export type { SgqrAccount } from './schemes/sgqr';
export type { VietQrAccount } from './schemes/vietqr';
export type {
  DecodedQr,
  EncodeResult,
  QrAmount,
  QrDecodeResult,
  QrFields,
  QrInitiation,
  QrLocalName,
  QrMerchant,
  QrMode,
} from './types';
