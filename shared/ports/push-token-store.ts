import type { PushToken, Registration, Removal } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** Is told of push tokens of one user that are about to leave that user. */
export type BeforeRemoval = (leaving: readonly PushToken[], reason: Removal) => Promise<void>;

/** Push tokens. One token belongs to one user. */
export interface PushTokenStore {
  /**
   * Registers or refreshes a device, taking its token from whoever had it. A refreshed one keeps when it was created, and
   * all that the registration does not say. `beforeRemoval` is waited for before push tokens leave their user for it.
   * `signedOutAt` is when the user signed out everywhere, which `held` tells.
   */
  register(
    wanted: Registration,
    beforeRemoval?: BeforeRemoval,
    signedOutAt?: EpochMs,
  ): Promise<{ readonly pushToken: PushToken; readonly created: boolean }>;
  list(userId: string): Promise<PushToken[]>;
  /** When `userId` signed out before they registered the token of this key, if they hold it, by a strongly consistent read. */
  held(userId: string, key: string): Promise<{ readonly signedOutAt?: EpochMs } | undefined>;
  /** Removes a device, unless it has been registered again since it was read; for a month it is known why. */
  removeIfUnchanged(pushToken: PushToken, reason: string): Promise<boolean>;
  /** Writes what a push taught us, unless the push token was registered again since it was read. */
  note(
    pushToken: PushToken,
    learned: Partial<Pick<PushToken, 'failing' | 'sandbox'>> & { readonly works?: true },
  ): Promise<void>;
}
