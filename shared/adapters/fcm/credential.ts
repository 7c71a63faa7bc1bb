import { type Agent, request } from 'node:https';
import { importPKCS8, SignJWT } from 'jose';
import * as z from 'zod';

/** Who pushes: the part of a Firebase service account that we need. */
export interface Account {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key_id?: string | undefined;
  readonly private_key: string;
}

/** @see https://developers.google.com/identity/protocols/oauth2/service-account */
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const TIMEOUT_MS = 3000;

/** Google will not have this account: its key is revoked or malformed, and trying again does not help. */
export class AccountRefused extends Error {}

const answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Access tokens for `account`, fetched through `agent`. firebase-admin caches and renews them; its own `cert()` leaves
 * the agent out of the exchange, so it could not be pointed elsewhere.
 */
export const serviceAccountCredential = (account: Account, agent: Agent) => ({
  async getAccessToken(): Promise<z.infer<typeof answer>> {
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(account.private_key_id && { kid: account.private_key_id }) })
      .setIssuer(account.client_email)
      .setAudience(TOKEN_URL)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await signingKey(account));
    const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    return answer.parse(JSON.parse(await post(form.toString(), agent)));
  },
});

const signingKey = (account: Account) =>
  importPKCS8(account.private_key, 'RS256').catch(() => {
    throw new AccountRefused('the private key of the service account is malformed');
  });

const exchangeError = (status: number): Error => {
  const message = `the token exchange answered ${status}`;
  return status >= 400 && status < 500 && status !== 429 ? new AccountRefused(message) : new Error(message);
};

const post = (body: string, agent: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const exchange = request(TOKEN_URL, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString());
        else reject(exchangeError(response.statusCode ?? 0));
      });
    });
    exchange.on('timeout', () => exchange.destroy(new Error('the token exchange timed out')));
    exchange.on('error', reject);
    exchange.end(body);
  });
