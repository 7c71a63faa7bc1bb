import { randomUUID } from 'node:crypto';
import { setImmediate as yieldToIo } from 'node:timers/promises';
import { assertInScope, mayAct } from '#domain/call/access.ts';
import { type BusyPolicy, type Call, isCaller, memberOf } from '#domain/call/call.ts';
import { type Change, calleesOf, draftOf, toChange } from '#domain/call/change.ts';
import { decide } from '#domain/call/decide.ts';
import { TOLD_FOR_MS } from '#domain/call/end-of-ring.ts';
import { MAX_MEMBERS, type NewCall, newCall } from '#domain/call/new-call.ts';
import { invalid, ServiceError } from '#domain/errors.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import { type Offer, offerSignal } from '../signalling/offer-signal.ts';
import { announce } from './announce.ts';
import { claimMembers } from './claim-members.ts';
import { expireRings } from './expire-rings.ts';
import { type RingCallDeps, releaseIdle, ringCall } from './ring-call.ts';

export interface CreateCallDeps extends RingCallDeps {
  readonly history: HistoryStore;
  readonly rules: { readonly busy: BusyPolicy; readonly maxDurationMs: number };
}

export interface CreateCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** Absent where the call is expected to exist. */
  readonly members?: NewCall['members'];
  readonly ring: boolean;
  readonly video: boolean;
  readonly custom: Readonly<Record<string, unknown>>;
  /** How long it rings, in ms, where the client says so. */
  readonly ringMs?: number;
  readonly busy?: BusyPolicy;
  readonly hardwareId?: string;
  readonly offer?: Offer;
}

const DEFAULT_RING_MS = 45_000;

/** Gets a call or creates it, and rings it where that is asked for. */
export const createCall = (deps: CreateCallDeps) => {
  const create = writeNewCall(deps);
  const ring = ringCall(deps);
  const current = expireRings(deps);
  return async (wanted: CreateCall): Promise<{ call: Call; created: boolean }> => {
    const { cid, user, offer, ringMs } = wanted;
    assertInScope(user, cid);
    const { members = [] } = wanted;
    const fault = faultOf(user, members);
    // Of a call that exists they are ignored, whatever they are.
    const existing = fault ? await deps.calls.find(cid) : await create(wanted, members);
    if (!existing) throw fault;
    if ('created' in existing) return existing;
    const call = (await current(existing)) ?? existing;
    assertUsable(call, wanted);
    // Whoever wrote it may have crashed before it was in anybody's history.
    if (isFresh(deps, call, user)) await deps.history.add(call, Object.keys(call.members));
    return {
      call: wanted.ring
        ? await ring({ cid, user, ...(offer && { offer }), ...(ringMs !== undefined && { ringMs }) })
        : call,
      created: false,
    };
  };
};

const isFresh = ({ clock }: CreateCallDeps, call: Call, user: UserPrincipal): boolean =>
  isCaller(call, user.userId) && clock() - call.createdAt <= TOLD_FOR_MS;

/** Why no call can be made of these members. */
function faultOf(user: UserPrincipal, members: NewCall['members']): ServiceError | undefined {
  if (members.length === 0) return invalid('members', 'is required to create a call');
  const ids = new Set([user.userId, ...members.map(({ userId }) => userId)]);
  if (ids.size < 2) return invalid('members', 'must name somebody besides the caller');
  if (ids.size <= MAX_MEMBERS) return undefined;
  return new ServiceError('too_many_members', `a call has at most ${MAX_MEMBERS} members`);
}

function assertUsable(call: Call, { user, ring }: CreateCall): void {
  if (!memberOf(call, user.userId))
    throw new ServiceError('not_a_member', `${user.userId} is not a member of ${call.cid}`);
  if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
  if (!mayAct(user, ring ? 'ring' : 'read', call))
    throw new ServiceError('not_allowed', 'this token does not allow that');
}

/** Writes the call, already ringing where it is to ring; where the cid is taken, nothing is left behind and the call that has it comes back. */
const writeNewCall = (deps: CreateCallDeps) => {
  const claim = claimMembers(deps);
  const tell = announce(deps);
  return async (wanted: CreateCall, members: NewCall['members']): Promise<Call | { call: Call; created: true }> => {
    const { user, ring } = wanted;
    const fresh = freshCall(deps, wanted, members);
    const callees = calleesOf(fresh);
    const pair = callees.length === 1;
    const claimed = ring
      ? await claim({ cid: fresh.cid, callerId: user.userId, callees, pair, busy: fresh.busy, endsAt: fresh.endsAt })
      : { busy: [], fresh: [], callerEngagedBy: undefined };
    const { callerEngagedBy } = claimed;
    const placed = callerEngagedBy === undefined ? fresh : { ...fresh, callerEngagedBy };
    const change = firstChange(placed, user, ring, claimed.busy);
    const written = await deps.calls.create(change.to);
    if (written.kind === 'exists') {
      await releaseIdle(deps, written.call, claimed.fresh);
      return written.call;
    }
    await Promise.all([
      tell({ change, call: change.to, by: user, offer: offerSignal(deps, user, wanted.offer) }),
      // The ring goes first.
      yieldToIo().then(() => deps.history.add(change.to, Object.keys(change.to.members))),
    ]);
    return { call: change.to, created: true };
  };
};

function freshCall({ rules, clock }: CreateCallDeps, wanted: CreateCall, members: NewCall['members']): Call {
  const { cid, user, video, custom, ringMs = DEFAULT_RING_MS, busy = rules.busy, hardwareId } = wanted;
  const caller = { id: user.userId, ...(user.name !== undefined && { name: user.name }) };
  const callerOn = handsetOf(user, hardwareId);
  return newCall(
    { cid, caller, callerOn, members, video, custom, ringMs, busy, maxDurationMs: rules.maxDurationMs },
    clock(),
  );
}

/** The first version of a call: created, or created and ringing at once. */
function firstChange(call: Call, user: UserPrincipal, ring: boolean, busy: readonly string[]): Change {
  const decision = ring && decide(call, { type: 'ring', by: user.userId, ringId: randomUUID(), busy }, call.createdAt);
  const change = decision && decision.kind === 'changed' ? decision.change : toChange(draftOf(call, call.createdAt));
  return { ...change, to: { ...change.to, version: call.version } };
}
