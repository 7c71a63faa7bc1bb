import { randomUUID } from 'node:crypto';
import { type BusyPolicy, type Call, isHosted, isPair, keepsBusy, type Member, memberOf } from '#domain/call/call.ts';
import { movedBy } from '#domain/call/replay.ts';
import { isBlocked, ringsUnheard } from '#domain/call/unheard.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type Clock, type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { BusyLock, BusyLockRef, BusyLockStore } from '#ports/busy-lock-store.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type FindAbandonedDeps, findAbandoned } from './find-abandoned.ts';
import { type ReplaceCallDeps, replaceCall } from './replace-call.ts';
import { replay } from './replay.ts';

export interface ClaimMembersDeps extends FindAbandonedDeps, ReplaceCallDeps {
  readonly busyLocks: BusyLockStore;
  readonly calls: CallStore;
  readonly clock: Clock;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Whom a ring is about to reach. */
export interface Claim {
  readonly cid: string;
  /** The version of the call that is rung; 0 before there is one. */
  readonly version: number;
  /** Whether the call is being created. */
  readonly isNew: boolean;
  readonly caller: UserPrincipal;
  readonly callees: readonly string[];
  /**
   * Those of them who do not hear the ring: it does not keep them busy, and for it they are busy with nothing but another ring
   * of the same caller. The lock that takes the place of theirs is claimed as theirs would be.
   */
  readonly silent: ReadonlyMap<string, unknown>;
  /** Whether the call has just these two. */
  readonly pair: boolean;
  readonly busy: BusyPolicy;
  /** Whether a media provider carries it: to a call of the other kind it is another call, also between the same two. */
  readonly hosted: boolean;
  readonly endsAt: EpochMs;
  /** Whether the caller asked for that call later than for this one. @default they did not */
  readonly isLater?: ((call: Call) => Promise<boolean>) | undefined;
}

/** That the caller rings the same person by a call that they asked for later. */
export class Overtaken extends Error {
  readonly call: Call;

  constructor(call: Call) {
    super(`overtaken by ${call.cid}`);
    this.call = call;
  }
}

/** A busy lock and the name of a claim of it. */
interface NamedClaim extends BusyLockRef {
  readonly claimedBy: string;
}

/** Who turned out to be in another call, what was claimed just now, and the call that has the caller already. */
export interface Claimed {
  readonly busy: readonly string[];
  readonly fresh: readonly NamedClaim[];
  readonly callerBusyIn?: string;
}

/** A claim whose call is not written by then was made by a crashed request. */
const IN_FLIGHT_MS = 3 * SECOND_MS;
const LOOK_AGAIN_MS = 40;

/**
 * Claims the callees and the caller for a call before it is written. In a two-person call this goes in ascending order of
 * user ids: of two users who ring each other at the same instant, one finds the other's claim and is refused with `glare`.
 */
export const claimMembers = (deps: ClaimMembersDeps) => {
  const claimOne = claimUser(deps);
  const lookForAbandoned = findAbandoned(deps);
  const release = releaseClaims(deps);
  return async (claim: Claim): Promise<Claimed> => {
    const claimedBy = randomUUID();
    const fresh: NamedClaim[] = [];
    const busy: string[] = [];
    let callerBusyIn: string | undefined;
    const found = async (userId: string, other: Call): Promise<void> => {
      if (isMutual(other, claim)) {
        throw new ServiceError('glare', 'this user is ringing you', { call: other });
      }
      if (userId === claim.caller.userId) {
        callerBusyIn = other.cid;
      } else if (claim.busy === 'reject') {
        busy.push(userId);
        // It must not cost the ring: whoever rings them next looks again.
        await lookForAbandoned(other, userId).catch(() => undefined);
      }
    };
    const claimAndNote = async (userId: string): Promise<void> => {
      const of = { userId, claimedBy, ...(claim.silent.has(userId) && { unheardBy: claim.caller.userId }) };
      const outcome = await claimOne(of, claim);
      if (outcome === 'claimed') fresh.push(of);
      if (typeof outcome !== 'string') await found(userId, outcome);
    };
    const all = [claim.caller.userId, ...claim.callees].toSorted();
    try {
      if (claim.pair) for (const userId of all) await claimAndNote(userId);
      else await Promise.all(all.map(claimAndNote));
      return { busy, fresh, ...(callerBusyIn !== undefined && { callerBusyIn }) };
    } catch (error) {
      await release(claim.cid, fresh);
      throw error;
    }
  };
};

/** Whether both calls are between the same two people, and of one kind. */
const isSamePair = (other: Call, { pair, hosted, caller, callees }: Claim): boolean =>
  pair &&
  isPair(other) &&
  isHosted(other) === hosted &&
  [caller.userId, ...callees].every((userId) => memberOf(other, userId));

/** Whether the callee is ringing us at this moment. */
const isMutual = (other: Call, claim: Claim): boolean => {
  const rung = ringIn(other, claim);
  return rung !== undefined && !isBlocked(rung);
};

/** Whoever rings now, if the callee is ringing them at this moment. */
function ringIn(other: Call, claim: Claim): Member | undefined {
  const member = isSamePair(other, claim) && other.status === 'ringing' && memberOf(other, claim.caller.userId);
  return member && member.state === 'ringing' ? member : undefined;
}

/**
 * Whether the call goes on, and leaves the user busy or refuses the claim: it is not with the caller alone, or rings the
 * caller, or came after the call that a late retry asks for again.
 */
async function keeps({ calls }: ClaimMembersDeps, call: Call, claim: Claim): Promise<boolean> {
  if (call.status === 'ended') return false;
  // If the caller does not hear that ring, since they have blocked the callee, the callee is busy with it.
  if (ringIn(call, claim) || !isSamePair(call, claim)) return true;
  return claim.isNew && (await calls.find(claim.cid)) !== undefined;
}

/** Has a call make way for the one that the same two people ring each other by. */
export const makeWay = (deps: ReplaceCallDeps) => {
  const replace = replaceCall(deps);
  const again = replay(deps);
  return async (call: Call, { caller, isLater }: Pick<Claim, 'caller' | 'isLater'>): Promise<void> => {
    if (call.status !== 'ended' && (await isLater?.(call))) throw new Overtaken(call);
    // Ringing again instead of hanging up: nobody is busy for the person whom they talk to.
    if (call.status !== 'ended') await replace(call, caller);
    // Whoever ended it may have crashed before everybody heard. It must not cost this ring.
    else if (call.endedBy !== undefined) await again(call, movedBy(call, call.endedBy)).catch(() => undefined);
  };
};

/** Claims one busy lock. What comes back is what came of it, or the live call that has it. */
const claimUser = (deps: ClaimMembersDeps) => {
  const pass = makeWay(deps);
  return async (of: NamedClaim, claim: Claim): Promise<'claimed' | 'held' | Call> => {
    const { cid, version, endsAt: expiresAt } = claim;
    const { claimedBy } = of;
    let over: BusyLock | undefined;
    for (;;) {
      const lock = { cid, version, claimedBy, claimedAt: deps.clock(), expiresAt };
      const outcome = await deps.busyLocks.claim(of, lock, over);
      if (typeof outcome === 'string') return outcome;
      const call = await confirm(deps, of, outcome);
      if (call && (await keeps(deps, call, claim))) return call;
      if (call) await pass(call, claim);
      over = outcome;
    }
  };
};

/** Whether the call has use for the lock. */
const needs = (call: Call, { userId, unheardBy }: BusyLockRef, now: EpochMs): boolean =>
  unheardBy === undefined ? keepsBusy(call, userId, now) : ringsUnheard(call, userId, { by: unheardBy, now });

/** The call that has the lock, live or ended; nothing if it was never written, or has no use for the lock any more. */
async function confirm(
  { calls, clock, wait }: ClaimMembersDeps,
  of: BusyLockRef,
  { cid, claimedAt }: BusyLock,
): Promise<Call | undefined> {
  for (;;) {
    const call = await calls.find(cid);
    if (call && needs(call, of, clock())) return call;
    if (call?.status === 'ended') return call;
    // It was answered and is about to release its locks.
    if (call?.status === 'active' && isHosted(call)) return undefined;
    if (clock() - claimedAt > IN_FLIGHT_MS) return undefined;
    await wait(LOOK_AGAIN_MS);
  }
}

export interface ReleaseClaimsDeps {
  readonly busyLocks: BusyLockStore;
  readonly calls: CallStore;
  readonly clock: Clock;
}

/**
 * Gives up those of `claims` for which the call has no use after all: `known` is how it stood last, and what failed may have
 * been written. If another ring by the same call has found one of them held, it stays: it counts on it, and may be unwritten.
 */
export const releaseClaims =
  ({ busyLocks, calls, clock }: ReleaseClaimsDeps) =>
  async (cid: string, claims: readonly NamedClaim[], known?: Call): Promise<void> => {
    const isIdleIn = (call: Call | undefined) => (of: BusyLockRef) => !call || !needs(call, of, clock());
    const idle = claims.filter(isIdleIn(known));
    if (idle.length === 0) return;
    const call = await calls.find(cid);
    await Promise.all(idle.filter(isIdleIn(call)).map((of) => busyLocks.giveUp(of, of.claimedBy)));
  };
