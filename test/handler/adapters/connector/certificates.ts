/** An authority of the bank's own, and what it certifies: the bank's server and us as its client. */
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

/** @param above the authority that certifies it, if it is not the root */
export function createAuthority(name: string, above?: Certificate): Promise<Certificate> {
  return issue(name, above, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
}

/** Good for TLS on either side, of a server at that address. */
export function certify(authority: Certificate, name: string, ip = '127.0.0.1'): Promise<Certificate> {
  return issue(name, authority, [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
  ]);
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

async function issue(name: string, ca: Certificate | undefined, extensions: Extensions): Promise<Certificate> {
  const options = { keyType: 'ec', algorithm: 'sha256', extensions, ...(ca !== undefined && { ca }) } as const;
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], options);
  return { cert, key };
}
