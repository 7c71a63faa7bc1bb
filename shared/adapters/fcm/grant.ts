import { SECOND_MS } from '#domain/time.ts';
import type { ExternalAccount, Granted } from './account.ts';

/** Google refuses this account: its key is revoked or malformed, or it may not act as whom it wants, so trying again does not help. */
export class AccountRefused extends Error {}

/** Google gives no token at the moment. */
export class NoAccessToken extends Error {}

/** How long Google may take. It leaves one second for the push that waits for the token. */
export const GRANT_MS = 2 * SECOND_MS;

/** What an answer of Google's without a token means. */
export function refusedGrant(status: number): Error {
  const message = `the token exchange answered ${status}`;
  return status < 500 && status !== 429 ? new AccountRefused(message) : new NoAccessToken(message);
}

/** A token for an account without a key, through Google's own package. `endpoint` takes the place of Google's hosts. */
export const grantToExternalAccount = (credential: ExternalAccount, endpoint: string | undefined): Promise<Granted> =>
  byLibrary(async () => {
    const { tokenOfExternalAccount } = await import('#adapters/fcm/google-auth.ts');
    return tokenOfExternalAccount(credential, endpoint);
  });

/** A token that Google's package fetches. Its errors become ours, and it has no more time than we have. */
export async function byLibrary(fetchToken: () => Promise<Granted>): Promise<Granted> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => reject(new NoAccessToken('no access token: timeout')), GRANT_MS);
  try {
    return await Promise.race([fetchToken(), tooLate]);
  } catch (error) {
    if (error instanceof NoAccessToken) throw error;
    const { response, code, name } = Object(error);
    const { status } = Object(response);
    if (typeof status === 'number') throw refusedGrant(status);
    if (String(code).startsWith('ERR_OSSL')) throw new AccountRefused('the private key is malformed');
    throw new NoAccessToken(`no access token: ${code ?? name}`);
  } finally {
    clearTimeout(limit);
  }
}
