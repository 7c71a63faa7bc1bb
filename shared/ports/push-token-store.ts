import type { PushToken, Registration } from '#domain/push-token/token.ts';

/** Push tokens. One token belongs to one user. */
export interface PushTokenStore {
  /**
   * Registers or refreshes a device, taking its token from whoever had it. A refreshed one keeps when it was created, and
   * all that the registration does not say.
   */
  register(wanted: Registration): Promise<{ readonly pushToken: PushToken; readonly created: boolean }>;
  list(userId: string): Promise<PushToken[]>;
  /** Removes a device, unless it has been registered again since it was read. */
  remove(pushToken: PushToken): Promise<void>;
  /** Removes the device where it has not been registered again since `device` was read; for a month it is known why. */
  removeIfUnchanged(pushToken: PushToken, reason: string): Promise<boolean>;
  /** Writes what a push taught us, unless the push token was registered again since it was read. */
  note(
    pushToken: PushToken,
    learned: Partial<Pick<PushToken, 'failing' | 'sandbox'>> & { readonly works?: true },
  ): Promise<void>;
}
