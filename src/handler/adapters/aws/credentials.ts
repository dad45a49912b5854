/** Credentials from where AWS puts them, by AWS's own providers: the environment, or the container's endpoint on ECS and EKS. */
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { LIMITS } from '../../domain/limits';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type CredentialsProvider = () => Promise<AwsCredentials>;

/** With `local` nothing is looked for where nobody checks: a stand-in on this machine. */
export function defaultCredentials(local: boolean): CredentialsProvider {
  const env = process.env;
  if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
    return firstOf(fromEnv(), fromHttp({ timeout: LIMITS.storeAttemptMs, maxRetries: 1 }));
  }
  if (local) return firstOf(fromEnv(), async () => ({ accessKeyId: 'local', secretAccessKey: 'local' }));
  return firstOf(fromEnv(), async () => {
    throw new Error(
      'No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a task role, which sets AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.',
    );
  });
}

function firstOf(first: CredentialsProvider, second: CredentialsProvider): CredentialsProvider {
  return () => first().catch(second);
}

/** Holds credentials for as long as they last; however many ask, one fetch runs at a time. */
export class CredentialsCache {
  private current: AwsCredentials | undefined;
  private fetching: Promise<AwsCredentials> | undefined;

  constructor(
    private readonly provider: CredentialsProvider,
    private readonly now: () => number = Date.now,
  ) {}

  async get(): Promise<AwsCredentials> {
    const { current } = this;
    if (current === undefined) return this.fetch();
    const leftMs = (current.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - this.now();
    if (leftMs < LIMITS.credentialsTooLateMs) return this.fetch();
    if (leftMs < LIMITS.credentialsRefreshAheadMs) this.fetch().catch(() => undefined); // the old ones still serve, and the next call tries again
    return current;
  }

  /** After AWS has refused them. */
  forget(): void {
    this.current = undefined;
  }

  private fetch(): Promise<AwsCredentials> {
    this.fetching ??= this.provider()
      .then((credentials) => {
        this.current = credentials;
        return credentials;
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
