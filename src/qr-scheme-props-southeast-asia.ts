/**
 * Accounts of the schemes of South-East Asia, as `QrScheme` takes them. The other schemes are in `qr-scheme-props.ts`. The rules are
 * those of `src/qr/schemes`; a test holds the members here to them.
 */

/**
 * A PromptPay account: exactly one of `mobile`, `nationalId`, `eWalletId`, `bankAccount` and `billerId`.
 *
 * Source: Bank of Thailand, Thai QR Code Payment Standard.
 */
export interface PromptPayAccountProps {
  /**
   * Thai mobile number: `0812345678`, `+66812345678` or `0066812345678`.
   *
   * @default - none
   */
  readonly mobile?: string;

  /**
   * National ID or tax ID, 13 digits.
   *
   * @default - none
   */
  readonly nationalId?: string;

  /**
   * E-wallet ID, 15 digits.
   *
   * @default - none
   */
  readonly eWalletId?: string;

  /**
   * Bank code of three digits and the account number, 4 to 43 digits together.
   *
   * @default - none
   */
  readonly bankAccount?: string;

  /**
   * Biller ID, 15 digits: tax ID and a suffix of two digits. Makes it a bill payment.
   *
   * @default - none
   */
  readonly billerId?: string;

  /**
   * First reference of a bill payment, 1 to 20 letters and digits.
   *
   * @default - none
   */
  readonly reference1?: string;

  /**
   * Second reference of a bill payment, 1 to 20 letters and digits.
   *
   * @default - none
   */
  readonly reference2?: string;
}

/**
 * A PayNow account: exactly one of `uen` and `mobile`.
 *
 * Source: ABS, PayNow QR specification; MAS, SGQR specification.
 */
export interface PayNowAccountProps {
  /**
   * Unique entity number such as `201403121W`, with a suffix of three characters if there is one.
   *
   * @default - none
   */
  readonly uen?: string;

  /**
   * Mobile number, +65 and eight digits.
   *
   * @default - none
   */
  readonly mobile?: string;
}

/**
 * An SGQR label and its PayNow account: exactly one of `uen` and `mobile`.
 *
 * Source: MAS/IMDA, Singapore Quick Response Code (SGQR) specifications.
 */
export interface SgqrAccountProps {
  /** Label ID, 12 or 13 letters and digits. */
  readonly sgqrId: string;

  /** Version of the label, such as `01.0001`. */
  readonly version: string;

  /** Postal code, six digits. */
  readonly postalCode: string;

  /**
   * Floor, 1 to 3 characters.
   *
   * @default - none
   */
  readonly level?: string;

  /**
   * Unit, 1 to 5 characters.
   *
   * @default - none
   */
  readonly unit?: string;

  /**
   * Anything else about the place, 1 to 10 characters.
   *
   * @default - none
   */
  readonly miscellaneous?: string;

  /** Date of the version, `YYYYMMDD`. */
  readonly versionDate: string;

  /**
   * Unique entity number such as `201403121W`, with a suffix of three characters if there is one.
   *
   * @default - none
   */
  readonly uen?: string;

  /**
   * Mobile number, +65 and eight digits.
   *
   * @default - none
   */
  readonly mobile?: string;
}

/**
 * A QRIS account.
 *
 * Source: ASPI/Bank Indonesia, QRIS merchant-presented mode specification.
 */
export interface QrisAccountProps {
  /** Reverse domain of the acquirer, such as `ID.CO.EXAMPLE.WWW`: ends in `.WWW`, 32 characters at most. */
  readonly domain: string;

  /** Merchant PAN, 16 to 19 digits: 9360, the acquirer's number and the merchant's. */
  readonly merchantPan: string;

  /** Merchant ID at the acquirer, 1 to 15 characters. */
  readonly merchantId: string;

  /** Size of the merchant: `UMI`, `UKE`, `UME`, `UBE`, `URE`, `PSO` or `BLU`. */
  readonly criteria: string;

  /** National merchant ID: ID and 13 digits. */
  readonly nmid: string;

  /** Postal code, five digits. */
  readonly postalCode: string;

  /**
   * Terminal label, 1 to 25 printable ASCII characters.
   *
   * @default - none
   */
  readonly terminal?: string;
}

/**
 * A DuitNow QR account.
 *
 * Source: PayNet, DuitNow QR specification.
 */
export interface DuitNowAccountProps {
  /** Acquirer ID, six digits. */
  readonly acquirerId: string;

  /** QR or merchant ID given by the acquirer, 1 to 28 characters. */
  readonly merchantId: string;

  /**
   * Descriptor, 1 to 20 characters.
   *
   * @default - none
   */
  readonly descriptor?: string;

  /**
   * Mobile number, 1 to 15 characters.
   *
   * @default - none
   */
  readonly mobile?: string;
}

/**
 * A VietQR account: exactly one of `accountNumber` and `cardNumber`.
 *
 * Source: NAPAS, VietQR format specification 1.5.2.
 */
export interface VietQrAccountProps {
  /** BIN of the bank, six digits. */
  readonly bankBin: string;

  /**
   * Account number, 1 to 19 letters and digits.
   *
   * @default - none
   */
  readonly accountNumber?: string;

  /**
   * Number of the domestic card that stands for the account, 12 to 19 digits.
   *
   * @default - none
   */
  readonly cardNumber?: string;
}

/**
 * A Bakong account: of an individual, or with `merchantId` and `acquiringBank` of a merchant. 99 characters at most in all, with four
 * more for each member.
 *
 * Source: National Bank of Cambodia, KHQR content guideline.
 */
export interface KhqrAccountProps {
  /** Bakong account, `user@bank`, 32 characters at most. */
  readonly bakongId: string;

  /**
   * Account or telephone number of an individual at the bank, 1 to 32 characters.
   *
   * @default - none
   */
  readonly accountInformation?: string;

  /**
   * Merchant ID at the acquiring bank, 1 to 32 characters.
   *
   * @default - an account of an individual
   */
  readonly merchantId?: string;

  /**
   * Acquiring bank, 1 to 32 characters. Required with `merchantId`.
   *
   * @default - none
   */
  readonly acquiringBank?: string;
}

/**
 * A QR Ph account, person to merchant.
 *
 * Source: Philippine Payments Management Inc., QR Ph code specification.
 */
export interface QrPhAccountProps {
  /** BIC of the acquirer, 8 or 11 characters. */
  readonly acquirerBic: string;

  /** Merchant ID, 1 to 25 characters. */
  readonly merchantId: string;

  /**
   * Account to credit, 1 to 19 characters.
   *
   * @default - none
   */
  readonly creditAccount?: string;

  /**
   * Payment flags, three digits.
   *
   * @default - none
   */
  readonly flags?: string;

  /**
   * Terminal label, 1 to 25 printable ASCII characters.
   *
   * @default - none
   */
  readonly terminal?: string;
}
