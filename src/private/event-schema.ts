/**
 * What an event looks like, and which changes of the table are one. `docs/events.md` has the same for its readers; a test holds the
 * two together, and runs the filter and the template over items as the handler stores them.
 */
import type { Stack } from 'aws-cdk-lib';

export const EVENT_SOURCE = 'cdk-qr-payments';
export const EVENT_DETAIL_TYPE = 'Payment State Change';

const IMAGE = '$.dynamodb.NewImage';

/**
 * Where each member of `detail` stands in the record of the stream. Amounts and the version are texts of digits, as DynamoDB
 * writes numbers. Nothing that may be personal is among them: no reference, description or metadata.
 */
export const EVENT_DETAIL: Readonly<Record<string, string>> = {
  id: `${IMAGE}.lastEvent.M.id.S`,
  type: `${IMAGE}.lastEvent.M.type.S`,
  region: `${IMAGE}.lastEvent.M.region.S`,
  paymentId: `${IMAGE}.pk.S`,
  merchantId: `${IMAGE}.merchantId.S`,
  status: `${IMAGE}.status.S`,
  version: `${IMAGE}.version.N`,
  currency: `${IMAGE}.amount.M.currency.S`,
  amount: `${IMAGE}.amount.M.value.N`,
  authorized: `${IMAGE}.authorized.N`,
  captured: `${IMAGE}.captured.N`,
  refunded: `${IMAGE}.refunded.N`,
};

/** Writes that changed a state, by this Region: a replica's stream has what every Region wrote. */
export function eventFilter(stack: Stack): string {
  const lastEvent = { M: { region: { S: [stack.region] } } };
  return stack.toJsonString({ eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { lastEvent } } });
}

export function eventTemplate(): string {
  const members = Object.entries(EVENT_DETAIL).map(([name, path]) => `"${name}": "<${path}>"`);
  return `{${members.join(', ')}}`;
}
