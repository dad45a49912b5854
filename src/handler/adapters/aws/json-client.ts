/**
 * A thin client for AWS's JSON protocols, of AWS's own parts for credentials and signing. The SDK's own clients were
 * measured to take five to eight times the CPU time a call, and their retries know nothing of our deadline.
 */
import { LIMITS } from '../../domain/limits';
import { AwsError, errorOfReply, hasStaleCredentials } from './aws-error';
import { backOff, backoffMs } from './backoff';
import { CredentialsCache, type CredentialsProvider, defaultCredentials } from './credentials';
import { isLoopback, serviceEndpoint } from './endpoint';
import { createSigner, type Headers } from './signer';
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

/** Attempts of one call; the deadline usually ends it first. */
const ATTEMPTS = 6;

export function createAwsJsonClient(options: AwsJsonClientOptions): AwsJsonClient {
  const { service, region } = options;
  const endpoint = new URL(options.endpoint ?? serviceEndpoint(service, region));
  const credentials = new CredentialsCache(options.credentials ?? defaultCredentials(isLoopback(endpoint)));
  const sign = createSigner({ service, region, endpoint, credentials });
  const transport = new Transport(endpoint);
  const budget = new RetryBudget();
  const { version, target } = PROTOCOLS[service];

  async function attempt<Output>(headers: Headers, body: Buffer, endsAt: number): Promise<Output | AwsError> {
    const signed = await sign(headers, body).catch(noCredentials);
    if (signed instanceof AwsError) return signed;
    const timeoutMs = Math.min(LIMITS.storeAttemptMs, endsAt - performance.now());
    const reply = await transport.post(signed, body, Math.max(1, timeoutMs)).catch(noReply);
    if (reply instanceof AwsError) return reply;
    return reply.status === 200 ? parseResult<Output>(reply.text) : errorOfReply(reply.status, reply.text);
  }

  return {
    async call<Output>(operation: string, input: object): Promise<Output> {
      const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` };
      const body = Buffer.from(JSON.stringify(input));
      const endsAt = performance.now() + LIMITS.storeTotalMs;
      let unknown = false;
      for (let tries = 1; ; tries++) {
        const result = await attempt<Output>(headers, body, endsAt);
        if (!(result instanceof AwsError)) {
          budget.refill();
          return result;
        }
        unknown ||= result.effect === 'unknown';
        const late = performance.now() + backoffMs(tries) >= endsAt;
        if (!result.transient || late || tries === ATTEMPTS || !budget.take()) {
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
 * is used up. The figures are those of AWS's SDKs.
 */
class RetryBudget {
  private static readonly RESERVE = 500;
  private static readonly COST = 5;
  private left = RetryBudget.RESERVE;

  take(): boolean {
    if (this.left < RetryBudget.COST) return false;
    this.left -= RetryBudget.COST;
    return true;
  }

  refill(): void {
    this.left = Math.min(RetryBudget.RESERVE, this.left + 1);
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
