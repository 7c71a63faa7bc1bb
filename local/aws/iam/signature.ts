import { createHash, timingSafeEqual } from 'node:crypto';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** A key that AWS has given to somebody. */
export interface AwsKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Comes with the keys of a role. */
  readonly sessionToken?: string | undefined;
  /** Who signs with it. */
  readonly arn: string;
  /** The function that signs with it; absent for the key of an operator, who may do everything. */
  readonly functionName?: string;
}

/** A request that may be signed. Header names are in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** Whose signature a request has, or why it has none that counts, in AWS's words. */
export type Signer =
  | { readonly key: AwsKey; readonly service: string }
  | { readonly code: string; readonly message: string };

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** How far the signer's clock may be off. */
const SKEW_MS = 15 * 60_000;

/** Checks the signature of a request (Signature Version 4) by signing it once more with the key that it names. */
export async function signerOf(
  request: SignedRequest,
  keyOf: (accessKeyId: string) => AwsKey | undefined,
): Promise<Signer> {
  const { headers } = request;
  const authorization = headers['authorization'];
  if (authorization === undefined)
    return refused('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [, keyId = '', day = '', region = '', service = '', names = '', signature = ''] =
    AUTHORIZATION.exec(String(authorization)) ?? [];
  if (signature === '') return refused('IncompleteSignatureException', 'The authorization header is not readable.');
  const key = keyOf(keyId);
  if (!key || headers['x-amz-security-token'] !== key.sessionToken)
    return refused('UnrecognizedClientException', 'The security token included in the request is invalid.');
  const date = dateOf(String(headers['x-amz-date']));
  if (!date.toISOString().replaceAll('-', '').startsWith(day) || Math.abs(Date.now() - date.getTime()) > SKEW_MS)
    return refused('InvalidSignatureException', `Signature expired: ${String(headers['x-amz-date'])}`);
  const { 'x-amz-content-sha256': hash } = headers;
  if (hash !== undefined && hash !== createHash('sha256').update(request.body).digest('hex'))
    return refused('InvalidSignatureException', 'The x-amz-content-sha256 header is not that of the body.');
  const signed = await signerFor(key, region, service).sign(copyOf(request, names.split(';')), {
    signingDate: date,
    signableHeaders: new Set(names.split(';')),
  });
  const ours = AUTHORIZATION.exec(signed.headers['authorization'] ?? '')?.[6] ?? '';
  if (ours.length === signature.length && timingSafeEqual(Buffer.from(ours), Buffer.from(signature)))
    return { key, service };
  return refused(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  );
}

const refused = (code: string, message: string): Signer => ({ code, message });

/** `20261129T220000Z` as a date; one that no signature has if it is none. */
function dateOf(text: string): Date {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const ms = y === undefined ? 0 : Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return new Date(Number.isNaN(ms) ? 0 : ms);
}

/** The request with its signed headers alone. The signer adds the date and the session token. */
function copyOf({ method, path, headers, body }: SignedRequest, names: readonly string[]) {
  const { pathname, searchParams } = new URL(path, 'http://unused');
  return {
    method,
    protocol: 'https:',
    hostname: 'unused',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
    body,
  };
}

function signerFor({ accessKeyId, secretAccessKey, sessionToken }: AwsKey, region: string, service: string) {
  return new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    region,
    service,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
}
