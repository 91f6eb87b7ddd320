// A key and a self-signed certificate for the loopback addresses, made anew for each cluster.

import { type GenerateResult, generate } from 'selfsigned';

export interface Certificate {
  /** Both PEM. */
  readonly key: string;
  readonly certificate: string;
}

export async function makeCertificate(): Promise<Certificate> {
  const made: GenerateResult = await generate([{ name: 'commonName', value: 'practice cluster' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}
