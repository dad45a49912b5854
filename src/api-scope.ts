/** What a caller may be allowed to do. */

/** A right of a caller; each operation of the API needs one of some. */
export enum ApiScope {
  /** Read own payments, their events and QR codes, and merchants' profiles. */
  PAYMENTS_READ = 'payments:read',
  /** Create, capture and cancel payments. */
  PAYMENTS_WRITE = 'payments:write',
  /** Pay, as the payer's wallet. */
  PAYMENTS_AUTHORIZE = 'payments:authorize',
  /** Give money back. */
  PAYMENTS_REFUND = 'payments:refund',
  /** Set any merchant's profile, and with it where money goes. For the API's own account only. */
  MERCHANTS_ADMIN = 'merchants:admin',
  /** Write and read QR payloads of any origin. */
  QR_READ = 'qr:read',
}
