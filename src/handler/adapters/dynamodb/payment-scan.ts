/** A table from end to end, page by page. The task's role does not allow it: only whoever reconciles a restored table has that right. */
import { Table } from '../../../contract';
import type { PaymentScan } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Payment } from '../../domain/payment';
import { isPaymentId } from '../../domain/payment-id';
import type { AwsJsonClient } from '../aws/json-client';
import { fromItem } from '../stored-payment';
import { type Attributes, fromAttributes } from './attributes';
import { readProblem } from './problems';

export function createDynamoDbScan(client: AwsJsonClient, tableName: string): PaymentScan {
  const pageFrom = (key: Attributes | undefined): Promise<ScanOutput> =>
    client
      .call<ScanOutput>('Scan', {
        TableName: tableName,
        ConsistentRead: true,
        Limit: LIMITS.scanPage,
        ...(key !== undefined && { ExclusiveStartKey: key }),
      })
      .catch((error: unknown) => {
        throw readProblem(error);
      });

  return {
    async *pages() {
      let next: Attributes | undefined;
      do {
        const { Items: items = [], LastEvaluatedKey: last } = await pageFrom(next);
        yield items.flatMap(readIfPayment);
        next = last;
      } while (next !== undefined);
    },
  };
}

interface ScanOutput {
  readonly Items?: readonly Attributes[];
  readonly LastEvaluatedKey?: Attributes;
}

function readIfPayment(item: Attributes): { readonly id: string; readonly payment?: Payment }[] {
  const key = item[Table.PARTITION_KEY];
  const id = key !== undefined && 'S' in key ? key.S : '';
  if (!isPaymentId(id)) return [];
  try {
    return [{ id, payment: fromItem(fromAttributes(item)) }];
  } catch {
    return [{ id }];
  }
}
