import type { Call } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { type Sides, sidesOf } from '#domain/call/sides.ts';
import { defined } from '#domain/defined.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { handsetOf, type Shown, type ShownOn, shownTo } from '#domain/shown.ts';
import { type Clock, type EpochMs, epochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { ShownCalls } from '#ports/shown-calls.ts';

export interface PairCallsDeps {
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  readonly clock: Clock;
}

/** A user who acts over a connection, and whose client names calls by who is in them. */
export type Caller = UserPrincipal & { readonly connectionId: string };

/** Calls that were created earlier hold the user's busy lock, or are over. */
const RECENT_MS = 6 * MINUTE_MS;
const MAX_RECENT = 20;

/** The recent calls of a user with one other person, as they stand now, newest first. */
export const pairCalls =
  ({ presence, calls, clock }: PairCallsDeps) =>
  async ({ userId, cid: scope }: UserPrincipal): Promise<readonly Sides[]> => {
    const { busyLock, recentCids } = await presence.pending(userId, later(clock(), -RECENT_MS));
    const cids = [busyLock?.cid, ...recentCids.slice(0, MAX_RECENT)].filter((cid) => cid !== undefined);
    const wanted = scope === undefined ? [...new Set(cids)] : [scope];
    const found = await calls.findAll(wanted);
    const now = clock();
    return found
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .flatMap((call) => sidesOf(asOf(call, now), userId) ?? []);
  };

/** Whether a call goes on, ringing or talking. */
export const isLive = ({ status }: Call): boolean => status === 'ringing' || status === 'active';

export interface PhoneRecordDeps {
  readonly shownCalls: ShownCalls;
}

/** The connection that somebody acts over, as the record of their phone knows it. */
const shownOn = ({ userId, connectionId, hardwareId, sessionId }: Caller): ShownOn => ({
  id: connectionId,
  userId,
  // It acts, so it is open: whatever the phone was told, it was told before.
  connectedAt: epochMs(0),
  ...defined({ hardwareId, sessionId }),
});

/** What the phone of a user shows. */
export const shownBy = async ({ shownCalls }: PhoneRecordDeps, user: Caller): Promise<Shown> => {
  const on = shownOn(user);
  return shownTo(await shownCalls.find(on), on);
};

const MAX_TRIES = 8;

/** Changes what is known of the phone of a user. */
export const noteOnPhone = async (
  deps: PhoneRecordDeps,
  user: Caller,
  known: Partial<Pick<Shown, 'began' | 'hungUpAt'>>,
): Promise<void> => {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (await deps.shownCalls.save({ ...(await shownBy(deps, user)), ...known })) return;
  }
  throw new Error(`the record of ${handsetOf(shownOn(user))} keeps changing`);
};

/** Whether the phone has hung up since `at` without finding a call. */
export const hasHungUpSince = async (deps: PhoneRecordDeps, user: Caller, at: EpochMs): Promise<boolean> => {
  const { hungUpAt } = await shownBy(deps, user);
  return hungUpAt !== undefined && hungUpAt >= at;
};
