import { importPKCS8, SignJWT } from 'jose';
import * as z from 'zod';
import { type Clock, type EpochMs, epochMs, later, MINUTE_MS, SECOND_MS, toEpochSeconds } from '#domain/time.ts';
import type { Channel } from '../http2/channel.ts';
import type { Granted, ServiceAccount } from './account.ts';
import { AccountRefused, GRANT_MS, NoAccessToken, refusedGrant } from './grant.ts';

/** @see https://developers.google.com/identity/protocols/oauth2/service-account */
export const GOOGLE_OAUTH = 'https://oauth2.googleapis.com';
const TOKEN_PATH = '/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** A token that is this close to its end may have expired when it arrives. */
const MARGIN_MS = 30 * SECOND_MS;
/** If the token before was refused less than this time ago, age is not the reason for the refusal. */
const REPLACE_MS = MINUTE_MS;

/** The access tokens of one account. */
export interface AccessTokens {
  /** A valid token, at once if there is one. In the last quarter of its life a new one is fetched in the background. */
  current(): Promise<string>;
  /** Drops a token that was refused; false if that was tried in vain just before. */
  drop(refused: string): boolean;
}

interface Token {
  readonly text: string;
  readonly renewAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** The access tokens that `grant` fetches; there is none at first. */
export function accessTokens(grant: () => Promise<Granted>, clock: Clock): AccessTokens {
  let held: Token | undefined;
  let exchanging: Promise<Token> | undefined;
  let droppedAt = epochMs(0);
  const renew = (): Promise<Token> => {
    const at = clock();
    exchanging ??= grant()
      .then(({ access_token, expires_in }) => {
        const lifeMs = expires_in * SECOND_MS;
        held = { text: access_token, renewAt: later(at, lifeMs * 0.75), expiresAt: later(at, lifeMs) };
        return held;
      })
      .finally(() => {
        exchanging = undefined;
      });
    return exchanging;
  };
  return {
    async current() {
      const now = clock();
      if (held && now < held.expiresAt - MARGIN_MS) {
        // If it fails, the next push tries again: there is time.
        if (now >= held.renewAt) renew().catch(() => undefined);
        return held.text;
      }
      // An exchange that was under way before a freeze may fail now, so a failed one is repeated.
      const token = exchanging ? exchanging.catch(renew) : renew();
      return (await token).text;
    },
    drop(refused) {
      if (held?.text !== refused) return true;
      const now = clock();
      if (now < later(droppedAt, REPLACE_MS)) return false;
      droppedAt = now;
      held = undefined;
      return true;
    },
  };
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** A token for a service account, which signs an assertion for it. `channel` leads to Google's OAuth. */
export async function grantToServiceAccount(account: ServiceAccount, channel: Channel, clock: Clock): Promise<Granted> {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: await assertionOf(account, clock()),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, text } = await channel.send({ path: TOKEN_PATH, headers, body: form.toString() }, GRANT_MS);
  if (status === 0) throw new NoAccessToken(`no access token: ${text}`);
  if (status !== 200) throw refusedGrant(status);
  return granted.parse(JSON.parse(text));
}

async function assertionOf(account: ServiceAccount, at: EpochMs): Promise<string> {
  const key = await importPKCS8(account.private_key, 'RS256').catch(() => {
    throw new AccountRefused('the private key of the service account is malformed');
  });
  return new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(account.private_key_id && { kid: account.private_key_id }) })
    .setIssuer(account.client_email)
    .setAudience(GOOGLE_OAUTH + TOKEN_PATH)
    .setIssuedAt(toEpochSeconds(at))
    .setExpirationTime(toEpochSeconds(later(at, 60 * MINUTE_MS)))
    .sign(key);
}
