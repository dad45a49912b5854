/** What each bank's requests are signed with, and the certificate that says to it who calls. */
import type { KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ConnectorKeys } from './adapters/connector/http';
import { signingKey } from './adapters/connector/standard-webhooks';
import type { SecretSource } from './config';
import type { BankConfig } from './connectors-from-environment';
import { Rotating } from './rotating';

export class BankKeys {
  private constructor(
    private readonly signing: Rotating<KeyObject>,
    private readonly clientCertificate: Rotating<string> | undefined,
    /** What may have another value the next time it is read. */
    readonly rotating: readonly { refresh(): Promise<void> }[],
  ) {}

  static async open(
    name: string,
    { secret, clientCertificate: source }: BankConfig,
    read: (source: SecretSource) => Promise<string>,
  ): Promise<BankKeys> {
    const [signing, clientCertificate] = await Promise.all([
      Rotating.open(async () => signingKey(await read(secret))),
      source && Rotating.open(async () => checkedCertificate(name, await read(source))),
    ]);
    return new BankKeys(signing, clientCertificate, [
      ...(secret.kind === 'secret' ? [signing] : []),
      ...(clientCertificate !== undefined && source?.kind === 'secret' ? [clientCertificate] : []),
    ]);
  }

  get current(): ConnectorKeys {
    return { signing: this.signing.current, clientCertificate: this.clientCertificate?.current };
  }
}

/** A pair that does not fit would be found out at the first payment, and after a rotation take the place of one that does. */
function checkedCertificate(name: string, pem: string): string {
  try {
    createSecureContext({ cert: pem, key: pem });
    return pem;
  } catch (cause) {
    const needed = 'PEM of a certificate, its chain and its private key';
    throw new Error(`the client certificate of connector ${name} is not ${needed}`, { cause });
  }
}
