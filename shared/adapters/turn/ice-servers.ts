import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { once } from '#domain/once.ts';
import { type Clock, later, toEpochSeconds } from '#domain/time.ts';
import type { IceServers } from '#ports/ice-servers.ts';

/** The secret `turn`. It is empty if there is no TURN server. The first of the shared secrets signs. */
const turnSecret = /* @__PURE__ */ once(() =>
  z.object({ urls: z.array(z.string()).default([]), secrets: z.array(z.string().min(1)).default([]) }),
);

const parse = (text: string) => turnSecret().parse(JSON.parse(text));
const NO_TURN = { urls: [], secrets: [] };

export interface IceServerOptions {
  readonly readTurnSecret: () => Promise<string>;
  readonly stunUrls: readonly string[];
  /** How long credentials are good. */
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Gets the error if the secret cannot be used and clients get no TURN server. */
  readonly onFault: (error: unknown) => void;
}

/**
 * STUN servers, and TURN credentials by coturn's shared-secret scheme, in which the user name holds the expiry.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
 */
export const sharedSecretIceServers =
  ({ readTurnSecret, stunUrls, ttlMs, clock, onFault }: IceServerOptions): IceServers =>
  async (userId) => {
    const { urls, secrets } = await readTurnSecret()
      .then(parse)
      .catch((error: unknown) => {
        // A phone that rings without TURN is better than one that does not ring.
        onFault(error);
        return NO_TURN;
      });
    const stun = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
    const secret = secrets[0];
    if (urls.length === 0 || secret === undefined) return stun;
    const username = `${toEpochSeconds(later(clock(), ttlMs))}:${userId}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return [...stun, { urls, username, credential }];
  };
