import { createHash } from 'node:crypto';
import { byFreshness, normalToken, type PushToken, type Registration } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';

export interface DeviceDeps {
  readonly pushTokens: PushTokenStore;
  readonly clock: Clock;
}

/** What a client says of its push token. */
export type NewDevice = Omit<Registration, 'key' | 'refreshedAt'>;

const hashOf = (provider: string, token: string): string =>
  createHash('sha256').update(`${provider}:${token}`).digest('base64url');

/** Registers a push token, or refreshes it; a token that another user had is theirs no longer. */
export const registerDevice =
  ({ pushTokens, clock }: DeviceDeps) =>
  async (wanted: NewDevice): Promise<{ pushToken: PushToken; created: boolean }> => {
    const token = normalToken(wanted.provider, wanted.token);
    return pushTokens.register({ ...wanted, token, key: hashOf(wanted.provider, token), refreshedAt: clock() });
  };

/** A user's devices, the newest first. */
export const listDevices =
  ({ pushTokens }: DeviceDeps) =>
  async (userId: string): Promise<PushToken[]> =>
    (await pushTokens.list(userId)).toSorted(byFreshness);
