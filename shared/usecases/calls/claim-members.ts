import { type BusyPolicy, type Call, keepsBusy, memberOf } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import { type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { BusyLock, BusyLockStore } from '#ports/busy-lock-store.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type FindAbandonedDeps, findAbandoned } from './find-abandoned.ts';

export interface ClaimMembersDeps extends FindAbandonedDeps {
  readonly busyLocks: BusyLockStore;
  readonly calls: CallStore;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Whom a ring is about to reach. */
export interface Claim {
  readonly cid: string;
  readonly callerId: string;
  readonly callees: readonly string[];
  /** Whether the call has just these two. */
  readonly pair: boolean;
  readonly busy: BusyPolicy;
  readonly endsAt: EpochMs;
}

/** Who turned out to be in another call, who was claimed just now, and the call that has the caller already. */
export interface Claimed {
  readonly busy: readonly string[];
  readonly fresh: readonly string[];
  readonly callerEngagedBy?: string;
}

/** A claim whose call is not written by then was made by a crashed request. */
const IN_FLIGHT_MS = 3 * SECOND_MS;
const LOOK_AGAIN_MS = 40;

/**
 * Claims the callees, and the caller, for a call before it is written. In a two-person call in ascending order of user
 * ids: of two that ring each other at the same instant one finds the other's claim, and is refused with `glare`.
 */
export const claimMembers =
  (deps: ClaimMembersDeps) =>
  async (claim: Claim): Promise<Claimed> => {
    const { busyLocks } = deps;
    const fresh: string[] = [];
    const busy: string[] = [];
    let callerEngagedBy: string | undefined;
    const engaged = async (userId: string, by: Call): Promise<void> => {
      if (claim.pair && isMutual(by, claim)) throw new ServiceError('glare', 'this user is ringing you', { call: by });
      if (userId === claim.callerId) {
        callerEngagedBy = by.cid;
      } else if (claim.busy === 'reject') {
        busy.push(userId);
        // It must not cost the ring: whoever rings them next looks again.
        await findAbandoned(deps, by, userId).catch(() => undefined);
      }
    };
    const claimOne = async (userId: string): Promise<void> => {
      const found = await claimUser(deps, userId, claim);
      if (found === 'claimed') fresh.push(userId);
      if (typeof found !== 'string') await engaged(userId, found);
    };
    const all = [claim.callerId, ...claim.callees].toSorted();
    try {
      if (claim.pair) for (const userId of all) await claimOne(userId);
      else await Promise.all(all.map(claimOne));
      return { busy, fresh, ...(callerEngagedBy !== undefined && { callerEngagedBy }) };
    } catch (error) {
      await Promise.all(fresh.map((userId) => busyLocks.release(userId, claim.cid)));
      throw error;
    }
  };

/** Whether `other` is one of our callees ringing us. */
const isMutual = (other: Call, { callerId, callees }: Claim): boolean =>
  other.status === 'ringing' &&
  Object.keys(other.members).length === 2 &&
  callees.includes(other.createdBy.id) &&
  memberOf(other, callerId)?.state === 'ringing';

/** Claims one user: what came of it, or the live call that has them. */
async function claimUser(
  deps: ClaimMembersDeps,
  userId: string,
  { cid, endsAt }: Claim,
): Promise<'claimed' | 'held' | Call> {
  let over: BusyLock | undefined;
  for (;;) {
    const found = await deps.busyLocks.claim(userId, { cid, claimedAt: deps.clock(), expiresAt: endsAt }, over);
    if (typeof found === 'string') return found;
    const call = await confirm(deps, userId, found);
    if (call) return call;
    over = found;
  }
}

/** The call that really engages the user, or nothing where it is over, or was never written. */
async function confirm(
  { calls, clock, wait }: ClaimMembersDeps,
  userId: string,
  { cid, claimedAt }: BusyLock,
): Promise<Call | undefined> {
  for (;;) {
    const call = await calls.find(cid);
    if (call && keepsBusy(call, userId, clock())) return call;
    if (call?.status === 'ended' || clock() - claimedAt > IN_FLIGHT_MS) return undefined;
    await wait(LOOK_AGAIN_MS);
  }
}
