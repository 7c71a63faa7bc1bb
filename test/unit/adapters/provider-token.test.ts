import { decodeJwt, decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { KeyRefused, providerTokens } from '#adapters/apns/provider-token.ts';
import { type EpochMs, HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import { NOON } from '../../support/builders.ts';
import { ecKeys } from '../../support/pem-keys.ts';

const { privateKey, publicKey } = ecKeys();
const account = { key: privateKey, key_id: 'KEYID12345', team_id: 'TEAMID1234' };

/** Provider tokens, and the clock that they use. */
function tokensAt(start: EpochMs) {
  let now = start;
  const tokens = providerTokens(account, () => now);
  return {
    tokens,
    pass: (ms: number) => {
      now = later(now, ms);
    },
    now: () => now,
    async shownOn(connection: object): Promise<string> {
      await tokens.prepare();
      return tokens.on(connection);
    },
  };
}

const issuedAt = (token: string): number => (decodeJwt(token).iat ?? 0) * 1000;

describe('a provider token', () => {
  it('names the key and the team, and is signed with ES256', async () => {
    const { tokens, shownOn } = tokensAt(NOON);
    const token = await shownOn({});
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: account.key_id });
    expect(decodeJwt(token)).toEqual({ iss: account.team_id, iat: NOON / 1000 });
    await jwtVerify(token, await importSPKI(publicKey, 'ES256'));
    expect(tokens.on({})).toBe(token);
  });
  it('is issued at the last half hour, so that all processes change it at the same moments', async () => {
    expect(issuedAt(await tokensAt(later(NOON, 29 * MINUTE_MS)).shownOn({}))).toBe(NOON);
    expect(issuedAt(await tokensAt(later(NOON, 59 * MINUTE_MS)).shownOn({}))).toBe(NOON + 30 * MINUTE_MS);
  });
  it('is the same for all who ask at once', async () => {
    const { shownOn } = tokensAt(NOON);
    const shown = await Promise.all(Array.from({ length: 10 }, () => shownOn({})));
    expect(new Set(shown).size).toBe(1);
  });
  it('stays the same on a connection that has just used it, while new connections get the next one', async () => {
    const { shownOn, pass } = tokensAt(later(NOON, 29 * MINUTE_MS));
    const [early, late] = [{}, {}];
    const first = await shownOn(early);
    pass(2 * MINUTE_MS);
    const second = await shownOn(late);
    expect(second).not.toBe(first);
    expect(await shownOn(early)).toBe(first);
    pass(18 * MINUTE_MS);
    expect(await shownOn(early)).toBe(second);
  });
  it('is never older than an hour, and never changes within 20 minutes on one connection', async () => {
    const { shownOn, pass, now } = tokensAt(later(NOON, 7 * MINUTE_MS));
    const connections = new Map<object, { token: string; since: number }>();
    for (let minute = 0; minute < 300; minute += 1) {
      if (minute % 13 === 0) connections.set({}, { token: '', since: Number.NEGATIVE_INFINITY });
      for (const [connection, { token, since }] of connections) {
        const shown = await shownOn(connection);
        expect(now() - issuedAt(shown)).toBeLessThan(HOUR_MS);
        if (shown === token) continue;
        expect(now() - since).toBeGreaterThanOrEqual(20 * MINUTE_MS);
        connections.set(connection, { token: shown, since: now() });
      }
      pass(MINUTE_MS);
    }
  });
  it('is replaced on all connections, and only once, if APNs calls it expired', async () => {
    const { tokens, shownOn, pass } = tokensAt(NOON);
    const connection = {};
    const expired = await shownOn(connection);
    pass(5 * MINUTE_MS);
    expect(await Promise.all([tokens.replace(expired), tokens.replace(expired)])).toEqual([true, true]);
    const next = await shownOn(connection);
    expect(issuedAt(next)).toBe(NOON + 5 * MINUTE_MS);
    expect(tokens.on({})).toBe(next);
    expect(await tokens.replace(next)).toBe(false);
  });
  it('cannot be made with a malformed key', async () => {
    const { prepare } = providerTokens({ ...account, key: 'not a key' }, () => NOON);
    await expect(prepare()).rejects.toThrow(KeyRefused);
  });
});
