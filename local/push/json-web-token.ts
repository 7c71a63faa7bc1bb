import { type KeyObject, verify } from 'node:crypto';
import { isObject } from '../json.ts';

/** A JWT that has been parsed but not verified. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** True if `key` has signed the token with `algorithm`, which its header must name. */
  isSignedBy(key: KeyObject, algorithm: 'RS256' | 'ES256'): boolean;
}

/** Parses a compact JWT; undefined if the text is not one. */
export function readJsonWebToken(text: string): JsonWebToken | undefined {
  const [head, body, signature, ...rest] = text.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined;
  const header = readPart(head);
  const claims = readPart(body);
  if (!(header && claims)) return undefined;
  return {
    header,
    claims,
    isSignedBy: (key, algorithm) =>
      header['alg'] === algorithm &&
      verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      ),
  };
}

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
