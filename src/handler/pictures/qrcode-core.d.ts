/**
 * The encoder of npm `qrcode` without its renderers: the package's entry point would bring pngjs into the bundle
 * (38 KB and 4 ms of every start), which nothing here calls.
 */
declare module 'qrcode/lib/core/qrcode.js' {
  import type { GeneratedQRCodeSegment, QRCode, QRCodeErrorCorrectionLevel, QRCodeMaskPattern } from 'qrcode';

  export function create(
    data: string | GeneratedQRCodeSegment[],
    options: { errorCorrectionLevel: QRCodeErrorCorrectionLevel; maskPattern: QRCodeMaskPattern },
  ): QRCode;
}
