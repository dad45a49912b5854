/** DynamoDB's failures in the words of the catalogue. Nothing of what DynamoDB said reaches a client; it is in the cause. */
import { Problem } from '../../domain/errors';
import { AwsError } from '../aws/aws-error';

/** Our own mistakes: a repetition of the same call fails in the same way. */
const OURS = new Set(['ValidationException', 'SerializationException', 'ItemCollectionSizeLimitExceededException']);

export function storeUnavailable(cause?: unknown): Problem {
  return new Problem('store-unavailable', 'The payments table does not answer in time; retry after the time given.', {
    retryAfterSeconds: 1,
    cause,
  });
}

export function readProblem(error: unknown): unknown {
  return isOurs(error) ? error : storeUnavailable(error);
}

/** `store-unavailable` promises that nothing was written. Where that is not certain, only the same request can find out. */
export function writeProblem(error: unknown): unknown {
  if (isOurs(error)) return error;
  if (!(error instanceof AwsError) || error.effect === 'none') return readProblem(error);
  return new Problem(
    'internal',
    'Whether the write took effect is not known; send the same request with the same Idempotency-Key again.',
    { cause: error },
  );
}

export function isConditionFailure(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
}

function isOurs(error: unknown): boolean {
  return !(error instanceof AwsError) || OURS.has(error.code);
}
