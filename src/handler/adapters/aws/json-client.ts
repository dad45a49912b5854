/**
 * A thin client for AWS's JSON protocols, with credentials from AWS's own providers. The SDK's own clients were measured to take five to
 * eight times the CPU time a call, and their retries know nothing of our deadline.
 */
import { LIMITS } from '../../domain/limits';
import { AwsError, errorOfReply, hasStaleCredentials } from './aws-error';
import { backOff, backoffMs } from './backoff';
import { CredentialsCache, type CredentialsProvider, defaultCredentials } from './credentials';
import { isLoopback, serviceEndpoint } from './endpoint';
import { createSigner } from './signer';
import { NoReply, Transport } from './transport';

const PROTOCOLS = {
  dynamodb: { version: '1.0', target: 'DynamoDB_20120810' },
  secretsmanager: { version: '1.1', target: 'secretsmanager' },
} as const;

export interface AwsJsonClientOptions {
  readonly service: keyof typeof PROTOCOLS;
  readonly region: string;
  /** @default the service's own in that Region */
  readonly endpoint?: string;
  /** @default the environment's or the container's; cached and refreshed here, whichever */
  readonly credentials?: CredentialsProvider;
}

export interface AwsJsonClient {
  /**
   * Tries again within the deadline, after a lost answer too: only for calls whose repetition does no harm, as reads and conditional writes.
   * @throws AwsError
   */
  call<Output>(operation: string, input: object): Promise<Output>;
  close(): Promise<void>;
}

export function createAwsJsonClient(options: AwsJsonClientOptions): AwsJsonClient {
  const { service, region } = options;
  const endpoint = new URL(options.endpoint ?? serviceEndpoint(service, region));
  const credentials = new CredentialsCache(options.credentials ?? defaultCredentials(isLoopback(endpoint)));
  const { version, target } = PROTOCOLS[service];
  const sign = createSigner({ service, region, endpoint, contentType: `application/x-amz-json-${version}` });
  const transport = new Transport(endpoint);
  const budget = new RetryBudget();

  async function attempt<Output>(operation: string, body: string, endsAt: number): Promise<Output | AwsError> {
    const current = await credentials.get().catch(noCredentials);
    if (current instanceof AwsError) return current;
    const timeoutMs = Math.min(LIMITS.storeAttemptMs, endsAt - performance.now());
    const headers = sign(`${target}.${operation}`, body, current);
    const reply = await transport.post(headers, body, Math.max(1, timeoutMs)).catch(noReply);
    if (reply instanceof AwsError) return reply;
    return reply.status === 200 ? parseResult<Output>(reply.text) : errorOfReply(reply.status, reply.text);
  }

  return {
    async call<Output>(operation: string, input: object): Promise<Output> {
      const body = JSON.stringify(input);
      const endsAt = performance.now() + LIMITS.storeTotalMs;
      let unknown = false;
      for (let tries = 1; ; tries++) {
        const result = await attempt<Output>(operation, body, endsAt);
        if (!(result instanceof AwsError)) {
          budget.refill();
          return result;
        }
        unknown ||= result.effect === 'unknown';
        const late = performance.now() + backoffMs(tries) >= endsAt;
        if (!result.transient || late || tries === LIMITS.awsAttempts || !budget.take()) {
          throw unknown ? result.afterUnknown() : result;
        }
        if (hasStaleCredentials(result)) credentials.forget();
        await backOff(tries);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Retries help against single faults and harm a service that is down as a whole: they may be a small part of all calls, after a reserve
 * is used up.
 */
class RetryBudget {
  private left: number = LIMITS.awsRetryBudget.reserve;

  take(): boolean {
    const { cost } = LIMITS.awsRetryBudget;
    if (this.left < cost) return false;
    this.left -= cost;
    return true;
  }

  refill(): void {
    this.left = Math.min(LIMITS.awsRetryBudget.reserve, this.left + 1);
  }
}

function parseResult<Output>(text: string): Output | AwsError {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new AwsError('BadReply', 'the reply is not JSON', 'unknown', true, {}, error);
  }
}

function noReply(error: unknown): AwsError {
  const sent = !(error instanceof NoReply) || error.sent;
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('NoReply', message, sent ? 'unknown' : 'none', true, {}, error);
}

function noCredentials(error: unknown): AwsError {
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('NoCredentials', message, 'none', false, {}, error);
}
