// Ed25519 keys (RFC 8032) as raw 32 bytes, which is how a signed note's verifier key spells them.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** DER heads of a raw key: RFC 8410, section 7 and 4. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

export interface SigningKey {
  /** 32 bytes; never written below an evidence root. */
  readonly seed: Buffer;
  readonly publicKey: Buffer;
  sign(message: Uint8Array): Buffer;
}

/** Of a seed of 32 bytes, or a fresh one. */
export function signingKey(seed?: Uint8Array): SigningKey {
  const key: KeyObject = seed
    ? createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' })
    : generateKeyPairSync('ed25519').privateKey;
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    seed: key.export({ format: 'der', type: 'pkcs8' }).subarray(-32),
    publicKey,
    sign: (message) => sign(null, message, key),
  };
}

/** False for a bad signature and for anything that is no key. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([publicHead, publicKey]), format: 'der', type: 'spki' });
    return signature.length === 64 && verify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** What people compare aloud: the SHA-256 of the raw key, as ssh-keygen writes it. */
export function fingerprint(publicKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}
