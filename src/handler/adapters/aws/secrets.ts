/** Secrets Manager, as far as keys that rotate need it. */
import { AwsError } from './aws-error';
import type { AwsJsonClient } from './json-client';

export interface SecretVersions {
  readonly current: string;
  /** The version before the last rotation. */
  readonly previous?: string;
}

/** @throws AwsError, and Error where the secret holds bytes instead of text */
export async function readSecretVersions(client: AwsJsonClient, arn: string): Promise<SecretVersions> {
  const [current, previous] = await Promise.all([
    readVersion(client, arn, 'AWSCURRENT'),
    readVersion(client, arn, 'AWSPREVIOUS').catch(absentIfNotFound),
  ]);
  return { current, ...(previous !== undefined && { previous }) };
}

async function readVersion(client: AwsJsonClient, arn: string, stage: string): Promise<string> {
  const output = await client.call<{ SecretString?: string }>('GetSecretValue', { SecretId: arn, VersionStage: stage });
  if (output.SecretString === undefined) throw new Error(`${arn} holds bytes; store the key as text (SecretString).`);
  return output.SecretString;
}

function absentIfNotFound(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
  throw error;
}
