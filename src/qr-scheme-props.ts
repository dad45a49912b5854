/**
 * Accounts of generic EMV codes and of the schemes outside South-East Asia, as `QrScheme` takes them. Those of South-East Asia are in
 * `qr-scheme-props-southeast-asia.ts`. The rules are those of `src/qr/schemes`; a test holds the members here to them.
 */

/**
 * An account of EMVCo merchant-presented mode: `fields` for templates 26 to 51, `value` for the card networks' 02 to 25.
 *
 * Source: EMVCo, Merchant-Presented Mode specification, sections 4.7.4 to 4.7.8.
 */
export interface EmvAccountProps {
  /** ID of the data object, `02` to `51`. */
  readonly template: string;

  /**
   * Data objects of templates 26 to 51 by their two-digit IDs, printable ASCII. `00` is the GUID: a reverse domain or an AID of 1 to 32
   * characters. 99 characters at most in all, with four more for each object.
   *
   * @default - none
   */
  readonly fields?: { readonly [id: string]: string };

  /**
   * Account number for IDs 02 to 25, 1 to 99 printable ASCII characters.
   *
   * @default - none
   */
  readonly value?: string;
}

/**
 * A Pix account: exactly one of `key` and `url`.
 *
 * Source: Banco Central do Brasil, Manual de Padrões para Iniciação do Pix (BR Code).
 */
export interface PixAccountProps {
  /**
   * Pix key: a CPF, CNPJ, telephone number (+55...), e-mail address or random key (UUID). With `information` 73 characters at most.
   *
   * @default - none
   */
  readonly key?: string;

  /**
   * Address of a charge at the payee's institution, host/path of at most 77 characters, without `https://`.
   *
   * @default - none
   */
  readonly url?: string;

  /**
   * Free text for the payer, 1 to 72 printable ASCII characters.
   *
   * @default - none
   */
  readonly information?: string;

  /**
   * ISPB of the withdrawal facilitator, eight digits.
   *
   * @default - none
   */
  readonly withdrawalIspb?: string;

  /**
   * CEP, eight digits.
   *
   * @default - none
   */
  readonly postalCode?: string;
}

/**
 * An FPS account: exactly one of `fpsId`, `mobile` and `email`.
 *
 * Source: HKICL/HKMA, Common QR Code Specification for Retail Payments in Hong Kong.
 */
export interface FpsAccountProps {
  /**
   * FPS ID, seven to nine digits.
   *
   * @default - none
   */
  readonly fpsId?: string;

  /**
   * Country code and mobile number, such as `+852-91234567`.
   *
   * @default - none
   */
  readonly mobile?: string;

  /**
   * E-mail address, 60 characters at most.
   *
   * @default - none
   */
  readonly email?: string;

  /**
   * Clearing code of the receiving bank, three digits.
   *
   * @default - the payee's own default bank
   */
  readonly clearingCode?: string;
}

/**
 * A JPQR account: the merchant identifier in its four levels.
 *
 * Source: Payments Japan Association, MPM guideline of the code payment technical specification.
 */
export interface JpqrAccountProps {
  /** First level of the identifier, 13 letters and digits. */
  readonly level1: string;

  /** Second level, 4 letters and digits. */
  readonly level2: string;

  /** Third level, 6 letters and digits. */
  readonly level3: string;

  /** Fourth level, 6 letters and digits. */
  readonly level4: string;

  /** Postal code, seven digits. */
  readonly postalCode: string;
}

/**
 * BharatQR accounts of one merchant: at least one besides the postal code.
 *
 * Source: NPCI/Visa/Mastercard, Bharat QR code specification.
 */
export interface BharatQrAccountProps {
  /**
   * The merchant's own number at Visa, 15 or 16 digits.
   *
   * @default - none
   */
  readonly visa?: string;

  /**
   * The merchant's own number at Mastercard, 15 or 16 digits.
   *
   * @default - none
   */
  readonly mastercard?: string;

  /**
   * The merchant's own number at RuPay, 15 or 16 digits.
   *
   * @default - none
   */
  readonly rupay?: string;

  /**
   * The merchant's own number at American Express, 15 digits.
   *
   * @default - none
   */
  readonly amex?: string;

  /**
   * IFSC of 11 characters and the account number.
   *
   * @default - none
   */
  readonly ifscAccount?: string;

  /**
   * UPI address, `user@handle`.
   *
   * @default - none
   */
  readonly vpa?: string;

  /** PIN code, six digits. */
  readonly postalCode: string;
}

/**
 * A Bre-B account: exactly one of `identification`, `mobile`, `email`, `alias` and `merchantId` as the payee's key.
 *
 * Source: EASPBV, Campos QR Code EMVCo Industria 1.4 (2025).
 */
export interface EaspbvAccountProps {
  /** The acquirer's network: `RBM`, `CRB`, `ACH`, `BRC`, `MCCA`, `SVB`, `VCSS` or `VISI`. */
  readonly network: string;

  /**
   * Number of the payee's identity document, 1 to 25 letters and digits.
   *
   * @default - none
   */
  readonly identification?: string;

  /**
   * Mobile number, ten digits, with or without +57.
   *
   * @default - none
   */
  readonly mobile?: string;

  /**
   * E-mail address, 60 characters at most.
   *
   * @default - none
   */
  readonly email?: string;

  /**
   * Alias: @ and 1 to 24 letters, digits and `. _ -`.
   *
   * @default - none
   */
  readonly alias?: string;

  /**
   * Merchant ID as key, 1 to 25 characters.
   *
   * @default - none
   */
  readonly merchantId?: string;

  /** Merchant code at the acquirer, 1 to 25 characters. */
  readonly merchantCode: string;

  /**
   * Code of the aggregator, 1 to 25 characters.
   *
   * @default 0
   */
  readonly aggregatorCode?: string;

  /** Terminal label, 1 to 25 characters. */
  readonly terminal: string;

  /** Postal code, 1 to 10 digits. */
  readonly postalCode: string;
}
