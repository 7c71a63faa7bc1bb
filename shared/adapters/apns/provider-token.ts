import { importPKCS8, SignJWT } from 'jose';
import { type Clock, type EpochMs, epochMs, later, MINUTE_MS, toEpochSeconds } from '#domain/time.ts';
import type { ApnsAccount } from './request.ts';

/** APNs takes a token for an hour. We make a new one every half hour, at the same moments in every process. */
const MINT_MS = 30 * MINUTE_MS;
/** APNs refuses a connection that changes its token before this time has passed. @see https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns */
const KEEP_MS = 20 * MINUTE_MS;

/** The key is malformed, so trying again does not help. */
export class KeyRefused extends Error {}

/** The provider tokens of one key. */
export interface ProviderTokens {
  /** Makes sure that there is a token for this half hour. */
  prepare(): Promise<void>;
  /** The token to send on `connection`: the newest one, or the one that this connection may not change yet. */
  on(connection: object): string;
  /** Replaces a token that APNs calls expired; false if that was tried in vain just before. */
  replace(expired: string): Promise<boolean>;
}

interface Token {
  readonly text: string;
  readonly issuedAt: EpochMs;
}

/** Starts without a token. */
export function providerTokens(account: Pick<ApnsAccount, 'key' | 'key_id' | 'team_id'>, clock: Clock): ProviderTokens {
  const shown = new WeakMap<object, { readonly text: string; readonly since: EpochMs }>();
  const expired = new Set<string>();
  let newest: Token | undefined;
  let minting: Promise<void> | undefined;
  let replacedAt = epochMs(0);

  const mint = (issuedAt: EpochMs): Promise<void> => {
    minting ??= sign(account, issuedAt)
      .then((text) => {
        newest = { text, issuedAt };
      })
      .finally(() => {
        minting = undefined;
      });
    return minting;
  };
  return {
    async prepare() {
      const now = clock();
      const age = newest ? now - newest.issuedAt : MINT_MS;
      if (minting || age < 0 || age >= MINT_MS) await mint(epochMs(now - (now % MINT_MS)));
    },
    on(connection) {
      const now = clock();
      const last = shown.get(connection);
      if (last && !expired.has(last.text) && now < later(last.since, KEEP_MS)) return last.text;
      const text = newest?.text ?? '';
      if (text !== last?.text) shown.set(connection, { text, since: now });
      return text;
    },
    async replace(text) {
      expired.add(text);
      if (newest?.text !== text) return true;
      const now = clock();
      if (!minting && now < later(replacedAt, KEEP_MS)) return false;
      replacedAt = now;
      await mint(now);
      return true;
    },
  };
}

const sign = async ({ key, key_id, team_id }: Pick<ApnsAccount, 'key' | 'key_id' | 'team_id'>, issuedAt: EpochMs) => {
  const signingKey = await importPKCS8(key, 'ES256').catch(() => {
    throw new KeyRefused('the APNs key is malformed');
  });
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key_id })
    .setIssuer(team_id)
    .setIssuedAt(toEpochSeconds(issuedAt))
    .sign(signingKey);
};
