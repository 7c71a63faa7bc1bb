import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Clock, HOUR_MS, later, toEpochSeconds } from '#domain/time.ts';
import type { IceServers } from '#ports/ice-servers.ts';

/** The secret `turn`: empty where there is no TURN server. The first of the shared secrets signs. */
const turnSecret = z.object({ urls: z.array(z.string()).default([]), secrets: z.array(z.string().min(1)).default([]) });

const CREDENTIAL_MS = HOUR_MS;

/**
 * STUN servers, and TURN credentials by the shared-secret scheme of coturn: the user name carries its expiry.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
 */
export const sharedSecretIceServers =
  (readTurnSecret: () => Promise<string>, stunUrls: readonly string[], clock: Clock): IceServers =>
  async (userId) => {
    const { urls, secrets } = turnSecret.parse(JSON.parse(await readTurnSecret()));
    const stun = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
    const secret = secrets[0];
    if (urls.length === 0 || secret === undefined) return stun;
    const username = `${toEpochSeconds(later(clock(), CREDENTIAL_MS))}:${userId}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return [...stun, { urls, username, credential }];
  };
