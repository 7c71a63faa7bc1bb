import { type Call, isIn, isSameHandset } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { type Sides, sidesOf } from '#domain/call/sides.ts';
import { defined } from '#domain/defined.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { type Began, type HungUp, type Shown, type ShownOn, wasTold } from '#domain/shown.ts';
import { type Clock, type EpochMs, epochMs, later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { cidsOf, MAX_RECENT, type PresenceStore, RECENT_MS } from '#ports/presence-store.ts';
import { changeShown, type PhoneRecordDeps, shownOn } from '../one-call/change-shown.ts';

export interface PairCallsDeps {
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  readonly clock: Clock;
}

/** A user who acts over a connection, and whose client names calls by who is in them. */
export type ConnectedUser = UserPrincipal & { readonly connectionId: string };

/** The recent calls of a user with one other person, as they stand now, newest first. */
export const pairCalls =
  ({ presence, calls, clock }: PairCallsDeps) =>
  async ({ userId, cid: scope }: UserPrincipal): Promise<readonly Sides[]> => {
    const pending = await presence.pending(userId, later(clock(), -RECENT_MS));
    const found = await calls.findAll(scope === undefined ? cidsOf(pending, MAX_RECENT) : [scope]);
    const now = clock();
    return found
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .flatMap((call) => sidesOf(asOf(call, now), userId) ?? []);
  };

/** Whether a call goes on, ringing or talking. */
export const isLive = ({ status }: Call): boolean => status === 'ringing' || status === 'active';

/** The connection that somebody acts over, as the record of their phone knows it. */
const phoneOf = ({ userId, connectionId, hardwareId, sessionId }: ConnectedUser): ShownOn => ({
  id: connectionId,
  userId,
  // It acts, so it is open: whatever the phone was told, it was told before.
  connectedAt: epochMs(0),
  ...defined({ hardwareId, sessionId }),
});

/** What the phone of a user shows. */
export const shownBy = (deps: PhoneRecordDeps, user: ConnectedUser): Promise<Shown> => shownOn(deps, phoneOf(user));

/**
 * Notes that the phone of a user begins a call. Frames run side by side: what it asked for last counts. What comes back is
 * what it had begun before.
 */
export async function noteBegun(deps: PhoneRecordDeps, user: ConnectedUser, began: Began): Promise<Began | undefined> {
  const before = await changeShown(deps, phoneOf(user), (shown) =>
    shown.began && shown.began.at > began.at ? undefined : { ...shown, began },
  );
  return before?.began;
}

/** The phone of a user has not begun that call after all: it is in the one before. */
export async function takeBackBegun(
  deps: PhoneRecordDeps,
  user: ConnectedUser,
  cid: string,
  before: Began | undefined,
): Promise<void> {
  await changeShown(deps, phoneOf(user), ({ began, ...shown }) =>
    began?.cid === cid ? { ...shown, ...(before && { began: before }) } : undefined,
  );
}

/** Notes that the phone of a user hangs up, unless it has hung up later. What comes back is what it showed before. */
export async function noteHungUp(
  deps: PhoneRecordDeps,
  user: ConnectedUser,
  hungUp: HungUp,
): Promise<Shown | undefined> {
  return changeShown(deps, phoneOf(user), (shown) => ({
    ...shown,
    hungUp: shown.hungUp && shown.hungUp.at > hungUp.at ? shown.hungUp : hungUp,
  }));
}

/** Whether the phone has hung up the call `cid` with `to`, which it began at `at`. It may do so before the call is there. */
export const hasHungUp = async (
  deps: PhoneRecordDeps & PairCallsDeps,
  user: ConnectedUser,
  { cid, to, at }: { readonly cid: string; readonly to: string; readonly at: EpochMs },
): Promise<boolean> => {
  const shown = await shownBy(deps, user);
  const { hungUp } = shown;
  if (hungUp === undefined || hungUp.at < at || (hungUp.to ?? to) !== to) return false;
  if (hungUp.at > at) return true;
  const others = (await pairCalls(deps)(user)).filter(({ call }) => call.cid !== cid);
  return !isOfEarlier(others, user, shown, hungUp);
};

/**
 * Whether a hang-up is of a call that had begun before, also one that is over by now. Clocks go by milliseconds: of a hang-up
 * and a call that begins in the same one, the hang-up came first if there was a call that it meant.
 */
export const isOfEarlier = (pairs: readonly Sides[], user: ConnectedUser, shown: Shown, { to, at }: HungUp): boolean =>
  pairs.some(
    (sides) =>
      isMeant(sides, user, shown, to) &&
      ((isStillIn(sides, shown) && beganAt(sides, shown) < at) || wentOnAt(sides.call, at)),
  );

/** Whether a hang-up means that call: it is the one with `to`, or else one of this phone. */
export const isMeant = (sides: Sides, user: ConnectedUser, shown: Shown, to: string | undefined): boolean =>
  to === undefined ? isHere(sides, user, shown) : sides.other.userId === to;

/** Whether the phone of the user has begun that call, or is in it. */
export const isHere = ({ call, member }: Sides, user: ConnectedUser, { began }: Shown): boolean =>
  began?.cid === call.cid || (member.handset !== undefined && isSameHandset(member.handset, handsetOf(user)));

/** Whether the user is in a call that goes on, as far as their phone knows. */
export const isStillIn = ({ call, member }: Sides, shown: Shown): boolean =>
  isLive(call) && isIn(member) && !wasTold(shown, call.cid, 'over');

/** When a call began for a phone: when its user asked for it, if they did that there. */
export const beganAt = ({ call, member }: Sides, { began }: Shown): number =>
  began?.cid === call.cid ? began.at : Math.max(call.createdAt, member.since);

/** Whether a call that is over went on at that time. */
const wentOnAt = ({ createdAt, endedAt }: Call, at: EpochMs): boolean =>
  createdAt < at && endedAt !== undefined && endedAt >= at;
