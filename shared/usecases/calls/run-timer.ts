import {
  type Call,
  connectionsOf,
  isCaller,
  isHosted,
  isIn,
  type Member,
  memberOf,
  ringerOf,
} from '#domain/call/call.ts';
import { inState } from '#domain/call/change.ts';
import { movedBy } from '#domain/call/replay.ts';
import { type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { canRing, hears, type PresenceStore } from '#ports/presence-store.ts';
import type { TimerJob } from '#ports/queues.ts';
import { type CatchUpDeps, catchUp } from '../connections/catch-up.ts';
import type { TimerDeps } from '../timers/timers.ts';
import type { AnnounceDeps } from './announce.ts';
import { announceOutcome } from './announce-outcome.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { writeExpired } from './expire-rings.ts';
import { leaveCall, unlessMovedOn } from './leave-call.ts';
import { replay } from './replay.ts';

export interface RunTimerDeps extends ApplyCommandDeps, AnnounceDeps, TimerDeps, CatchUpDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  /** How long a member who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

/** A timer fires: late, twice or early, it only looks at the call and does what is due. */
export const runTimer = (deps: RunTimerDeps) => {
  const expired = writeExpired(deps);
  const again = replay(deps);
  const unsaid = unsaidAt(deps);
  const vanish = vanishMember(deps);
  const cancel = cancelFor(deps);
  const tellAgain = catchUp(deps);
  return async (job: TimerJob, redelivered: boolean): Promise<void> => {
    const early = job.at - deps.clock();
    if (early > 0) {
      await deps.timers.send([job], Math.max(early, SECOND_MS));
      return;
    }
    if (job.type === 'vanish') return vanish(job, redelivered);
    if (job.type === 'unreachable') return cancel(job);
    if (job.type === 'catch-up') return tellAgain(job);
    const found = await deps.calls.find(job.cid);
    if (!found) return;
    const { call, isAnnounced } = await expired(found);
    // Whoever wrote what was due, a command or this timer before, may have crashed before anybody heard.
    if (call && !isAnnounced) await again(call, await unsaid(call, job.at));
  };
};

/**
 * Whom that moment has moved: those whose ring ran out; at the end of the longest call that there may be, its caller. What was
 * over before has been announced, unless a callee whose ring would have run out now is still busy with it: their lock is
 * released as it is announced.
 */
const unsaidAt =
  ({ presence, clock }: RunTimerDeps) =>
  async (call: Call, at: EpochMs): Promise<string[]> => {
    if (at >= call.endsAt) return (call.endedAt ?? 0) >= call.endsAt ? [call.createdBy.id] : [];
    const missed = inState(call, 'missed').filter((userId) => memberOf(call, userId)?.ringExpiresAt === at);
    const isUnsaid = async (userId: string): Promise<boolean> =>
      (memberOf(call, userId)?.since ?? 0) >= at ||
      (await presence.pending(userId, clock())).busyLock?.cid === call.cid;
    const unsaid = await Promise.all(missed.map(isUnsaid));
    return missed.filter((_, i) => unsaid[i]);
  };

/** A member who is in the call and has no connection left has left it; a caller whom nobody has answered has hung up. */
const vanishMember = (deps: RunTimerDeps) => {
  const leave = leaveCall(deps);
  const again = replay(deps);
  return async ({ cid, userId }: Extract<TimerJob, { type: 'vanish' }>, redelivered: boolean): Promise<void> => {
    const [call, connections] = await Promise.all([deps.calls.find(cid), deps.presence.connections(userId)]);
    const member = call && memberOf(call, userId);
    if (!call || !member) return;
    if (redelivered && hasLeft(call, member)) return again(call, movedBy(call, userId));
    if (!mayVanish(call, member) || isStillOpening(deps, member)) return;
    const hearing = connections.filter((connection) => hears(connection, cid));
    if (connectionsOf(member, hearing).length > 0) return;
    await leave(call, userId);
  };
};

/** Nothing of a callee can ring: whoever rang them hangs up, unless somebody has come meanwhile. */
const cancelFor = (deps: RunTimerDeps) => {
  const apply = applyCommand(deps);
  const tell = announceOutcome(deps);
  return async ({ cid, userId, ringId, isUntold }: Extract<TimerJob, { type: 'unreachable' }>): Promise<void> => {
    const [call, connections] = await Promise.all([deps.calls.find(cid), deps.presence.connections(userId)]);
    const callee = call && memberOf(call, userId);
    if (!call || callee?.ringId !== ringId || connections.some((on) => canRing(on, call))) return;
    const { id } = ringerOf(call, callee);
    const by = { ...(!isUntold && memberOf(call, id)?.handset), userId: id };
    const cancelled = apply(call, { type: 'cancel', by: id });
    await cancelled.then((applied) => tell(applied, id, by)).catch(unlessMovedOn);
  };
};

/** Whether they answered by a push and may still be opening their first connection: a timer of its own looks after that. */
const isStillOpening = ({ clock, answerGraceMs }: RunTimerDeps, { since, state, handset }: Member): boolean =>
  state === 'accepted' && handset?.connectionId === undefined && clock() < later(since, answerGraceMs);

const hasLeft = (call: Call, { state }: Member): boolean => state === 'left' || call.status === 'ended';

const mayVanish = (call: Call, member: Member): boolean =>
  !isHosted(call) &&
  isIn(member) &&
  (call.status === 'active' || (call.status !== 'ended' && isCaller(call, member.userId)));
