import type { PushToken } from '#domain/push-token/token.ts';

/** Push tokens. One token belongs to one user. */
export interface PushTokenStore {
  /** Registers or refreshes a push token and takes it from the user who had it. A refreshed one keeps its creation time. */
  register(pushToken: PushToken): Promise<{ readonly pushToken: PushToken; readonly created: boolean }>;
  list(userId: string): Promise<PushToken[]>;
  /** Removes every entry of `userId` with this token. */
  remove(userId: string, token: string): Promise<void>;
  /** Removes the push token unless it was registered again since `pushToken` was read. The reason is kept for a month. */
  removeIfUnchanged(pushToken: PushToken, reason: string): Promise<boolean>;
  /** Writes what a push taught us, unless the push token was registered again since it was read. */
  note(
    pushToken: PushToken,
    learned: Partial<Pick<PushToken, 'failing' | 'sandbox'>> & { readonly works?: true },
  ): Promise<void>;
}
