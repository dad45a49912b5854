/** What the demo prints once it runs: the code to scan, where to look, and what to try next. */
import { currencyByAlpha, formatAmount } from '../../qr';
import { QUIET_ZONE, qrMatrix } from '../pictures/matrix';
import { renderTerminal } from '../pictures/terminal';
import type { DemoPayment } from './first-payment';

export interface WelcomeOptions {
  readonly url: string;
  readonly payment: DemoPayment;
  readonly merchant: { readonly name: string; readonly city: string };
  /** Whether the terminal takes ANSI escape sequences. */
  readonly color: boolean;
  /** Characters a line of the terminal has; unknown where nobody is at one. */
  readonly columns?: number;
}

export function welcome(options: WelcomeOptions): string {
  const { url, payment, merchant } = options;
  return [
    '',
    `${merchant.name}, ${merchant.city}: ${amountText(payment.amount)}`,
    '',
    code(options),
    `Open    ${url}/demo/${payment.id}`,
    'Pay     with the button there: a wallet that scans the code has no bank behind it here',
    'End     Ctrl-C',
    '',
    ...tryNext(url, payment),
    '',
  ].join('\n');
}

function amountText({ currency, value }: DemoPayment['amount']): string {
  const known = currencyByAlpha(currency);
  return known === undefined ? `${currency} ${value} minor units` : `${currency} ${formatAmount(value, known)}`;
}

/** A code whose lines wrap is of no use to anybody. */
function code({ payment, color, columns }: WelcomeOptions): string {
  const matrix = qrMatrix(payment.qr.payload);
  const width = matrix.size + 2 * QUIET_ZONE;
  if (columns !== undefined && columns < width) return `(The QR code needs a terminal of ${width} columns.)\n`;
  return renderTerminal(matrix, { color });
}

/** Commands for any POSIX shell; the key is a new one at each paste. */
function tryNext(url: string, { id, amount, version }: DemoPayment): string[] {
  const curl = "curl -s -w ' %{http_code}\\n'";
  const json = "-H 'content-type: application/json'";
  const key = (action: string) => `-H "idempotency-key: try-${action}-$(date +%s)"`;
  const order = JSON.stringify({ amount: { ...amount, value: 1250 }, reference: 'order-1' });
  return [
    'Make a payment of your own:',
    `  ${curl} ${url}/v1/payments ${json} ${key('create')} -d '${order}'`,
    'Wait up to 25 s for this one to change, and pay it in the browser meanwhile:',
    `  ${curl} '${url}/v1/payments/${id}?wait=25' -H 'if-none-match: "${version}"'`,
    'Give its money back once it is paid:',
    `  ${curl} ${url}/v1/payments/${id}/refunds ${json} ${key('refund')} -d '{}'`,
  ];
}
