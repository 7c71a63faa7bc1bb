import { createHash } from 'node:crypto';
import { invalid, unauthenticated } from '#domain/errors.ts';
import { isSignedOutAt, type Principal } from '#domain/identity.ts';
import { byFreshness, normalToken, type PushToken, type Registration } from '#domain/push-token/token.ts';
import { isPushService } from '#domain/push-token/web-push-service.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import { type StopRemovedDeps, stopRemoved } from './stop-removed.ts';

export interface RegisterDeviceDeps extends StopRemovedDeps {
  readonly pushTokens: PushTokenStore;
  readonly signOuts: SignOutStore;
  /** The hosts of the push services that browsers use. */
  readonly webPushHosts: readonly string[];
}

/** What a client says of its push token. */
export type NewDevice = Omit<Registration, 'key' | 'refreshedAt'>;

const hashOf = (provider: string, token: string): string =>
  createHash('sha256').update(`${provider}:${token}`).digest('base64url');

/**
 * Registers a push token, or refreshes it; a token that another user had is theirs no longer. Whoever signs out meanwhile
 * either finds it, or is found here: then the token is registered again, as one of after the sign-out.
 */
export const registerDevice =
  (deps: RegisterDeviceDeps) =>
  async (
    wanted: NewDevice,
    by: Pick<Principal, 'kind' | 'issuedAt'>,
  ): Promise<{ pushToken: PushToken; created: boolean }> => {
    const token = normalToken(wanted.provider, wanted.token);
    if (wanted.provider === 'webpush' && !isPushService(token, deps.webPushHosts))
      throw invalid('id', 'must be at a push service of a browser that this deployment knows');
    const key = hashOf(wanted.provider, token);
    let known = await deps.signOuts.find(wanted.userId);
    let created = false;
    for (;;) {
      const registration = { ...wanted, token, key, refreshedAt: deps.clock() };
      const registered = await deps.pushTokens.register(registration, stopRemoved(deps), known);
      created ||= registered.created;
      const at = await deps.signOuts.findNow(wanted.userId);
      if (isSignedOutAt(by, at)) {
        await deps.pushTokens.removeIfUnchanged(registered.pushToken, 'signed_out');
        throw unauthenticated('signed_out');
      }
      if (at === known) return { ...registered, created };
      known = at;
    }
  };

/** A user's devices, the newest first. */
export const listDevices =
  ({ pushTokens }: Pick<RegisterDeviceDeps, 'pushTokens'>) =>
  async (userId: string): Promise<PushToken[]> =>
    (await pushTokens.list(userId)).toSorted(byFreshness);
