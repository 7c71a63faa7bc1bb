import { randomUUID } from 'node:crypto';
import { type Call, isHosted, isIn, isPair, isRinging, memberOf } from '#domain/call/call.ts';
import { inState } from '#domain/call/change.ts';
import { type CallCommand, ringable } from '#domain/call/decide.ts';
import { knowsOf, thoseWhoKnow } from '#domain/call/unheard.ts';
import { asPerson, handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type Admission, type AdmitRingDeps, admitRing } from '../protection/admit-ring.ts';
import { assertMayRing, type MayRingDeps } from '../protection/may-ring.ts';
import { type DeliverSignalDeps, deliverSignal } from '../signalling/deliver-signal.ts';
import { type Offer, offerSignal } from '../signalling/offer-signal.ts';
import { setRingDeadline } from '../timers/timers.ts';
import { type AnnounceDeps, announce, busyLockOn, ringJob } from './announce.ts';
import { type Applied, type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { type ClaimMembersDeps, claimMembers, releaseClaims } from './claim-members.ts';
import { expireRings } from './expire-rings.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';
import { replay } from './replay.ts';

export interface RingCallDeps
  extends LoadCallDeps,
    ApplyCommandDeps,
    AnnounceDeps,
    ClaimMembersDeps,
    DeliverSignalDeps,
    AdmitRingDeps,
    MayRingDeps {
  readonly calls: CallStore;
  readonly history: HistoryStore;
}

export interface RingCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** Names this ring, so that a retry rings nobody twice. */
  readonly ringId?: string | undefined;
  /** Whom to ring, even if they were rung before. @default all who are still invited */
  readonly members?: readonly string[] | undefined;
  /** How long to ring, in ms. @default as the call says */
  readonly ringMs?: number | undefined;
  readonly offer?: Offer | undefined;
  /** The handset that a request names, if its token does not. */
  readonly hardwareId?: string | undefined;
  /** That the ring was let through already. */
  readonly admission?: Admission | undefined;
}

type Ring = Extract<CallCommand, { type: 'ring' }>;

/** Rings members of a call that exists: claims them, then writes the ring and announces it. */
export const ringCall = (deps: RingCallDeps) => {
  const load = loadCall(deps);
  const expired = expireRings(deps);
  const claim = claimMembers(deps);
  const release = releaseClaims(deps);
  const apply = applyCommand(deps);
  const tell = announce(deps);
  const again = ringAgain(deps);
  const deliver = deliverSignal(deps);
  const admit = admitRing(deps);

  /** An offer that came with a ring which rings nobody: the call goes on with it. */
  const relayOffer = async (call: Call, user: UserPrincipal, { sdp }: Offer): Promise<void> => {
    const sender = memberOf(call, user.userId);
    if (sender && isIn(sender)) await deliver({ call, from: user, type: 'sdp.offer', body: { sdp } });
  };

  /** Claims the callees and writes their ring, if it is one. */
  const write = async (
    found: Call,
    callees: readonly string[],
    command: Omit<Ring, 'claimed' | 'busy'> & Required<Pick<Ring, 'silent'>>,
    by: UserPrincipal,
  ) => {
    const { cid, version, busy, endsAt } = found;
    const { silent } = command;
    const claimed =
      callees.length === 0
        ? { busy: [], fresh: [] }
        : await claim({
            cid,
            version,
            isNew: false,
            caller: by,
            callees,
            silent,
            pair: isPair(found),
            hosted: isHosted(found),
            busy,
            endsAt,
          });
    const applied = await apply(found, { ...command, claimed: callees, busy: claimed.busy }).catch(
      async (error: unknown) => {
        // Whoever was claimed for a ring that is not to be must not stay busy.
        await release(cid, claimed.fresh);
        throw error;
      },
    );
    if (applied.kind === 'changed' && applied.change.from.version !== version) await claimAnew(applied, silent, by);
    return { applied, fresh: claimed.fresh };
  };

  /**
   * The call has moved on between claim and write. What moved it may still release whom it had a use for before: whoever rings
   * now is claimed for the call as it was written.
   */
  const claimAnew = async (
    { call, change }: Extract<Applied, { kind: 'changed' }>,
    silent: Required<Ring>['silent'],
    { userId: unheardBy }: UserPrincipal,
  ): Promise<void> => {
    const refOf = (userId: string) => (silent.has(userId) ? { userId, unheardBy } : { userId });
    const lock = busyLockOn(call, deps.clock());
    await Promise.all([unheardBy, ...change.effects.rings].map((userId) => deps.busyLocks.claim(refOf(userId), lock)));
  };

  return async (wanted: RingCall): Promise<Call> => {
    const { cid, user, ringId = randomUUID(), members, ringMs, hardwareId, offer: description } = wanted;
    const { userId } = user;
    const requestedAt = deps.clock();
    assertMayRing(deps, user);
    const stored = await load(cid, user, 'ring');
    // Whose ring has run out may be rung again, whether or not a timer has run: its lock is released before it is claimed.
    const found = (await expired(stored)) ?? stored;
    const isOver = found.status === 'ended' || found.ringIds.includes(ringId);
    const ringables = isOver ? [] : ringable(found, userId, members);
    const { silent, withdraw, ...admitted } = wanted.admission ?? (await admit(user, found, ringables));
    const callees = ringables.filter((callee) => admitted.callees.includes(callee));
    const command = {
      type: 'ring' as const,
      by: userId,
      on: handsetOf(user, hardwareId),
      ringer: asPerson(user),
      ringId,
      silent,
      ...(members && { members }),
      ...(ringMs !== undefined && { ringMs }),
    };
    const { applied, fresh } = await write(found, callees, command, user).catch(async (error: unknown) => {
      await withdraw();
      throw error;
    });
    const { call } = applied;
    const requested: TraceEvent = { at: requestedAt, event: 'ring.requested', userId, details: { ring_id: ringId } };
    const offer = offerSignal(deps.clock(), user, description);
    if (applied.kind === 'changed') {
      const { change } = applied;
      const learn = thoseWhoKnow(call, change.effects.rings).filter((callee) => !knowsOf(change.from, callee));
      await Promise.all([
        tell({ ...applied, by: user, offer, trace: [requested] }),
        learn.length > 0 && deps.history.add(call, learn),
      ]);
    } else await Promise.all([withdraw(), again(call), description && relayOffer(call, user, description)]);
    await release(cid, fresh, call);
    return call;
  };
};

/** Sends out again what rings: if an earlier try has done so, the record of its pushes makes this one do nothing. */
const ringAgain = (deps: RingCallDeps) => {
  const again = replay(deps);
  return async (call: Call): Promise<void> => {
    const now = deps.clock();
    const ringing = Object.values(call.members).filter((member) => isRinging(member, now));
    const deadlines = new Set(ringing.flatMap(({ ringExpiresAt }) => ringExpiresAt ?? []));
    await Promise.all([
      again(call, inState(call, 'busy')),
      deps.ringJobs.send(ringing.map(({ userId }) => ringJob(call, userId))),
      ...[...deadlines].map((at) => setRingDeadline(deps, call.cid, at)),
    ]);
  };
};
