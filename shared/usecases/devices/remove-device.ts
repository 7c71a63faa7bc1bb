import { normalToken } from '#domain/push-token/token.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import { type StopRemovedDeps, stopRemoved } from './stop-removed.ts';

export interface RemoveDeviceDeps extends StopRemovedDeps {
  readonly pushTokens: PushTokenStore;
}

/** Removes every device of a user with this token, however the token is written. */
export const removeDevice =
  (deps: RemoveDeviceDeps) =>
  async (userId: string, token: string): Promise<void> => {
    const devices = await deps.pushTokens.list(userId);
    const leaving = devices.filter((device) => device.token === normalToken(device.provider, token));
    await stopRemoved(deps)(leaving, 'removed');
    await Promise.all(leaving.map((device) => deps.pushTokens.removeIfUnchanged(device, 'removed')));
  };
