/**
 * ElastiCache's IAM authentication: the password is a presigned request to connect. It is good for 15 minutes, and a connection for 12 hours
 * after it was last shown one; so every new connection gets a fresh one, and so does every open one in time.
 */
import { createHash, createHmac } from 'node:crypto';
import { LIMITS } from '../../domain/limits';
import type { AwsCredentials, CredentialsProvider } from '../aws/credentials';

export interface IamIdentity {
  readonly user: string;
  /** Of the serverless cache or the replication group, which stands for the host. */
  readonly cacheName: string;
  readonly isServerless: boolean;
  readonly region: string;
}

const EXPIRES_SECONDS = 900;
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Signature Version 4 in the query of `GET http://<cache name>/`, without the scheme. */
export function connectToken(identity: IamIdentity, credentials: AwsCredentials, at: Date): string {
  const { user, isServerless, region } = identity;
  const host = identity.cacheName.toLowerCase();
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/elasticache/aws4_request`;
  const query = queryOf({
    Action: 'connect',
    User: user,
    ...(isServerless && { ResourceType: 'ServerlessCache' }),
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(EXPIRES_SECONDS),
    'X-Amz-SignedHeaders': 'host',
    ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
  });
  const request = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, time, scope, sha256(request)].join('\n')).toString('hex');
  return `${host}/?${query}&X-Amz-Signature=${signature}`;
}

/** Sorted and encoded as RFC 3986 says, since that is what is signed. */
function queryOf(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll(/[!'()*]/g, percent)}`)
    .join('&');
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

interface Login {
  readonly username: string;
  readonly password: string;
}

interface LoginListener {
  onNext(login: Login): void;
}

/** In the form in which `@redis/client` takes credentials that change: each open connection listens for the next ones. */
export class IamCredentials {
  readonly type = 'streaming-credentials-provider';

  constructor(
    private readonly identity: IamIdentity,
    private readonly credentials: CredentialsProvider,
    private readonly everyMs: number = LIMITS.cacheReauthenticateMs,
  ) {}

  async subscribe(listener: LoginListener): Promise<[Login, { dispose(): void }]> {
    const login = await this.login();
    const timer = setInterval(() => {
      this.login().then((next) => listener.onNext(next), this.onReAuthenticationError);
    }, this.everyMs * jitter());
    timer.unref();
    return [login, { dispose: () => clearInterval(timer) }];
  }

  /** There is time for another try or two. After that the cache closes the connection, and the next one begins with a fresh token. */
  readonly onReAuthenticationError = (): void => undefined;

  private async login(): Promise<Login> {
    const password = connectToken(this.identity, await this.credentials(), new Date());
    return { username: this.identity.user, password };
  }
}

/** So that processes which started together do not come together. */
function jitter(): number {
  return 0.9 + Math.random() * 0.1;
}
