import { createPrivateKey } from 'node:crypto';

/** What is wrong with a private key that is to be of this type, where something is; never says anything of the key itself. */
export function keyFault(pem: string, type: 'ec' | 'rsa'): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    if (asymmetricKeyType !== type) return `is a key of the type ${asymmetricKeyType}, not ${type}`;
    if (type === 'ec' && asymmetricKeyDetails?.namedCurve !== 'prime256v1') return 'is not on the curve P-256';
    return undefined;
  } catch {
    return 'is not the whole text of a private key in PEM, with its line breaks (\\n in JSON)';
  }
}
