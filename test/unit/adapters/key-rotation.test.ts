import { decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { epochMs, HOUR_MS, later } from '#domain/time.ts';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';
import { openSecrets, type Secrets } from '#local/aws/secrets/secrets.ts';
import { secretsApi } from '#local/aws/secrets/secrets-api.ts';

// What a function knows of the token keys as time goes by, while an operator changes them in Secrets Manager.

const K1 = 'k1-secret-that-is-long-enough-to-sign';
const K2 = 'k2-secret-that-is-long-enough-to-sign';
const clock = () => epochMs(Date.now());
const ring = keyRing((options) => readSecret('TokenKeys', options), clock);
const { verify } = tokenVerifier(ring, clock);
const mint = tokenMint(ring, clock);

let internal: InternalServer;
let secrets: Secrets;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const value = JSON.stringify({ current: 'k1', k1: K1 });
  secrets = await openSecrets([{ name: 'TokenKeys', arn: 'arn', value, generated: true }], undefined);
  internal = await startInternalServer(() => {});
  internal.serve(secretsApi(secrets));
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: internal.url,
  });
});
afterAll(() => {
  vi.useRealTimers();
  internal.stop();
});

async function put(keys: object): Promise<void> {
  const secret = secrets.find('TokenKeys');
  if (secret) await secrets.put(secret, JSON.stringify(keys));
}

const advance = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const tokenBy = (kid: string, key: string) =>
  new SignJWT({ user_id: 'alice' })
    .setProtectedHeader({ alg: 'HS256', kid })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(key));
const kidOfNewToken = async () =>
  decodeProtectedHeader(await mint.login({ userId: 'alice' }, later(clock(), HOUR_MS))).kid;

it('follows a change of the secret within five minutes, and finds a new kid at once', async () => {
  const [old, renewed] = [await tokenBy('k1', K1), await tokenBy('k2', K2)];
  expect(await verify(old)).toBeDefined();
  expect(await verify(renewed)).toBeUndefined();

  await put({ current: 'k2', k1: K1, k2: K2 });
  expect(await kidOfNewToken()).toBe('k1');
  advance(10);
  expect(await verify(renewed)).toBeDefined();
  expect(await kidOfNewToken()).toBe('k2');

  await put({ current: 'k2', k2: K2 });
  advance(299);
  expect(await verify(old)).toBeDefined();
  advance(2);
  expect(await verify(old)).toBeUndefined();
  expect(await verify(renewed)).toBeDefined();
});
