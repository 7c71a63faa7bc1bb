import { generateKeyPairSync } from 'node:crypto';

/** A pair of keys in PEM. */
export interface PemKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;

/** Keys such as Apple gives out; on another curve, keys that APNs does not accept. */
export const ecKeys = (namedCurve = 'P-256'): PemKeys =>
  generateKeyPairSync('ec', { namedCurve, privateKeyEncoding, publicKeyEncoding });

/** Keys such as those of a Google service account. */
export const rsaKeys = (): PemKeys =>
  generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding });
