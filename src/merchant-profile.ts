/** What a merchant's QR codes say: the profile that a service starts with. The same as the body of `PUT /v1/merchants/{merchantId}`. */
import type { QrScheme } from './qr-scheme';

/** A merchant's name in its own script. */
export interface MerchantLocalNameProps {
  /** ISO 639-1 code of the language, two letters such as `ja`. */
  readonly language: string;

  /** Name, 1 to 25 characters of any script. */
  readonly name: string;

  /**
   * City, 1 to 15 characters of any script.
   *
   * @default - none
   */
  readonly city?: string;
}

/** A merchant, and the accounts that it is paid into. */
export interface MerchantProfileProps {
  /**
   * Account of the merchant, as the API knows its callers: with IAM authorization the AWS account that signs. 1 to 64 letters,
   * digits and `_ . : -`.
   */
  readonly merchantId: string;

  /** Trading name, 1 to 25 printable ASCII characters. */
  readonly name: string;

  /** City, 1 to 15 printable ASCII characters. */
  readonly city: string;

  /** ISO 3166-1 code of the country, two upper-case letters. */
  readonly country: string;

  /** ISO 18245 merchant category code, four digits; `0000` where there is none. */
  readonly mcc: string;

  /** ISO 4217 code of the currency, three upper-case letters. */
  readonly currency: string;

  /** 1 to 20 accounts in order of preference: a payment that names no scheme is paid into the first one. */
  readonly accounts: QrScheme[];

  /**
   * Name and city in the merchant's own script. JPQR requires it, in Japanese and without a city.
   *
   * @default - none
   */
  readonly local?: MerchantLocalNameProps;
}
