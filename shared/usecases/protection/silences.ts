import { type Silence, silenceOf } from '#domain/protection/guard.ts';
import type { Clock } from '#domain/time.ts';
import type { GuardStore } from '#ports/guard-store.ts';

export interface SilencesDeps {
  readonly guards: GuardStore;
  readonly clock: Clock;
}

/** Those of `userIds` who do not hear a ring of `caller` now, and why. */
export const silences =
  ({ guards, clock }: SilencesDeps) =>
  async (caller: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Silence>> => {
    const found = new Map<string, Silence>();
    if (userIds.length === 0) return found;
    for (const [userId, guard] of await guards.against(caller, userIds)) {
      const silence = silenceOf(guard, clock());
      if (silence) found.set(userId, silence);
    }
    return found;
  };
