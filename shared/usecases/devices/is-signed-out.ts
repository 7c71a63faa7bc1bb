import { pushTokenKeyOf } from '#domain/call/call.ts';
import { isOfTheApp, isSignedOutAt, type Principal } from '#domain/identity.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';

export interface IsSignedOutDeps {
  readonly pushTokens: PushTokenStore;
  readonly signOuts: SignOutStore;
}

/** Whether a token is refused although it is good: its user has signed out everywhere since, or the push token that a wake token was sent to is no longer its user's. */
export const isSignedOut =
  ({ pushTokens, signOuts }: IsSignedOutDeps) =>
  async (principal: Principal): Promise<boolean> => {
    const { kind, userId, tokenFingerprint } = principal;
    if (userId === undefined || isOfTheApp(principal)) return false;
    const key = kind === 'wake' ? pushTokenKeyOf(tokenFingerprint) : undefined;
    if (key === undefined) return isSignedOutAt(principal, await signOuts.find(userId));
    // A sign-out takes the push token away. Whoever registers it again says when that was: one read does for both.
    const held = await pushTokens.held(userId, key);
    return !held || isSignedOutAt(principal, held.signedOutAt);
  };
