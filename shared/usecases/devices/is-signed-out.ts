import { pushTokenKeyOf } from '#domain/call/call.ts';
import type { Principal } from '#domain/identity.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';

export interface IsSignedOutDeps {
  readonly pushTokens: PushTokenStore;
}

/** Whether the push token that a wake token was sent to is no longer its user's: then the wake token is refused. Other tokens cost no look-up. */
export const isSignedOut =
  ({ pushTokens }: IsSignedOutDeps) =>
  async ({ kind, userId, tokenFingerprint }: Principal): Promise<boolean> => {
    const key = kind === 'wake' ? pushTokenKeyOf(tokenFingerprint) : undefined;
    return key !== undefined && userId !== undefined && !(await pushTokens.isHeldBy(userId, key));
  };
