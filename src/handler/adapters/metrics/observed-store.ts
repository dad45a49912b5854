/** A client of the store's service whose calls are measured: each answer, and each failure that was no answer to a condition. */
import { AwsError } from '../aws/aws-error';
import type { AwsJsonClient } from '../aws/json-client';
import type { Metrics } from './metrics';

export function observeStore(client: AwsJsonClient, metrics: Metrics | undefined): AwsJsonClient {
  if (metrics === undefined) return client;
  return {
    async call(operation, input) {
      const begunAt = performance.now();
      let failed = false;
      try {
        return await client.call(operation, input);
      } catch (error) {
        failed = !(error instanceof AwsError && error.code === 'ConditionalCheckFailedException');
        throw error;
      } finally {
        metrics.storeCall(failed, performance.now() - begunAt);
      }
    },
    close: () => client.close(),
  };
}
