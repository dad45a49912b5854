/**
 * A merchant's account in a QR scheme: a choice object. What an account must look like is known to `src/qr` alone; the handler
 * checks what comes by the API with the same rules.
 */
import { checkAccount } from './private/merchant-rules';
import type { MerchantAccount } from './qr';
import type {
  BharatQrAccountProps,
  EaspbvAccountProps,
  EmvAccountProps,
  FpsAccountProps,
  JpqrAccountProps,
  PixAccountProps,
} from './qr-scheme-props';
import type {
  DuitNowAccountProps,
  KhqrAccountProps,
  PayNowAccountProps,
  PromptPayAccountProps,
  QrisAccountProps,
  QrPhAccountProps,
  SgqrAccountProps,
  VietQrAccountProps,
} from './qr-scheme-props-southeast-asia';

/** An account that a merchant is paid into, in the terms of its QR scheme. */
export class QrScheme {
  /** Any EMVCo merchant account, given as it stands in the code: for what no other scheme here describes. */
  public static emv(props: EmvAccountProps): QrScheme {
    return new QrScheme('emv', { scheme: 'emv', ...props });
  }

  /** Pix, Brazil. */
  public static pix(props: PixAccountProps): QrScheme {
    return new QrScheme('pix', { scheme: 'pix', ...props });
  }

  /** PromptPay and Thai QR Payment, Thailand. */
  public static promptPay(props: PromptPayAccountProps): QrScheme {
    return new QrScheme('promptPay', { scheme: 'promptpay', ...props });
  }

  /** PayNow, Singapore. */
  public static payNow(props: PayNowAccountProps): QrScheme {
    return new QrScheme('payNow', { scheme: 'paynow', ...props });
  }

  /** SGQR, Singapore: a printed label with a PayNow account. Its codes are static; add `payNow` for payments' own codes. */
  public static sgqr(props: SgqrAccountProps): QrScheme {
    return new QrScheme('sgqr', { scheme: 'sgqr', ...props });
  }

  /** QRIS, Indonesia. */
  public static qris(props: QrisAccountProps): QrScheme {
    return new QrScheme('qris', { scheme: 'qris', ...props });
  }

  /** DuitNow QR, Malaysia. Static codes only: the acquirer alone can make dynamic ones. */
  public static duitNow(props: DuitNowAccountProps): QrScheme {
    return new QrScheme('duitNow', { scheme: 'duitnow', ...props });
  }

  /** VietQR (NAPAS), Vietnam. */
  public static vietQr(props: VietQrAccountProps): QrScheme {
    return new QrScheme('vietQr', { scheme: 'vietqr', ...props });
  }

  /** KHQR (Bakong), Cambodia. */
  public static khqr(props: KhqrAccountProps): QrScheme {
    return new QrScheme('khqr', { scheme: 'khqr', ...props });
  }

  /** FPS, Hong Kong. */
  public static fps(props: FpsAccountProps): QrScheme {
    return new QrScheme('fps', { scheme: 'fps', ...props });
  }

  /** QR Ph, Philippines. */
  public static qrPh(props: QrPhAccountProps): QrScheme {
    return new QrScheme('qrPh', { scheme: 'qrph', ...props });
  }

  /** JPQR, Japan. Its codes carry the merchant's name in Japanese: give the profile `local`. */
  public static jpqr(props: JpqrAccountProps): QrScheme {
    return new QrScheme('jpqr', { scheme: 'jpqr', ...props });
  }

  /** BharatQR, India. */
  public static bharatQr(props: BharatQrAccountProps): QrScheme {
    return new QrScheme('bharatQr', { scheme: 'bharatqr', ...props });
  }

  /** EASPBV and Bre-B, Colombia. Static codes only: the acquirer's network alone can make dynamic ones. */
  public static easpbv(props: EaspbvAccountProps): QrScheme {
    return new QrScheme('easpbv', { scheme: 'easpbv', ...props });
  }

  /** Name of the scheme in the API, such as `promptpay`. */
  public readonly schemeName: string;

  private constructor(
    factory: string,
    /**
     * As the API takes it.
     * @internal
     */
    public readonly _account: MerchantAccount,
  ) {
    checkAccount(`QrScheme.${factory}`, _account);
    this.schemeName = _account.scheme;
  }
}
