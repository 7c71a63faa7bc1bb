import { isUndisturbed, type Preferences } from '#domain/protection/guard.ts';
import type { Clock } from '#domain/time.ts';
import type { GuardStore } from '#ports/guard-store.ts';

export interface ReadPreferencesDeps {
  readonly guards: GuardStore;
  readonly clock: Clock;
}

/** What a user has chosen, as it counts now. */
export const readPreferences =
  ({ guards, clock }: ReadPreferencesDeps) =>
  async (userId: string): Promise<Preferences> => {
    const chosen = await guards.preferences(userId);
    return isUndisturbed(chosen, clock()) ? chosen : {};
  };
