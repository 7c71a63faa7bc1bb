import { normalToken } from '#domain/push-token/token.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';

export interface RemoveDeviceDeps {
  readonly pushTokens: PushTokenStore;
}

/** Removes every device of a user with this token, however the token is written. */
export const removeDevice =
  ({ pushTokens }: RemoveDeviceDeps) =>
  async (userId: string, token: string): Promise<void> => {
    const devices = await pushTokens.list(userId);
    const leaving = devices.filter((device) => device.token === normalToken(device.provider, token));
    await Promise.all(leaving.map(pushTokens.remove));
  };
