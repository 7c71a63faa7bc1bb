import type { Call } from '#domain/call/call.ts';
import { isOn, noticePlan } from '#domain/push-token/ring-plan.ts';
import { handsetKey, type PushToken, takesStop } from '#domain/push-token/token.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { Queue, RingJob } from '#ports/queues.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type RingPushDeps, ringPush } from '../push/make-push.ts';
import { type AttemptRingDeps, attemptRing, MAY_RING, type RingAttempt } from './attempt-ring.ts';
import { hardwareIdsOf, nextToken, onSameHandset } from './next-token.ts';
import { plannedRemovalStop, plannedStop, sendPlanned } from './planned-push.ts';
import type { RecordPush } from './record-together.ts';
import { skippedTrace } from './skipped-trace.ts';

export interface RingHandsetDeps extends AttemptRingDeps, RingPushDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly pushLog: PushLog;
}

/** A push token that is to be pushed to now. */
export interface Turn {
  readonly pushToken: PushToken;
  /** Absent if the ring is over. */
  readonly push: Push | undefined;
  /** From 1. */
  readonly attempt: number;
  /** Whether somebody who crashed may have sent it already. */
  readonly mayHaveLeft: boolean;
}

/** A handset that is to ring, and what is known before it is pushed to. */
export interface HandsetRing {
  readonly call: Call;
  readonly ring: RingRef;
  /** The tokens that ring it, in the order in which they are tried. */
  readonly tokens: readonly PushToken[];
  /** All tokens of its user. */
  readonly registered: readonly PushToken[];
  readonly turn: Turn;
  readonly before: PushRecord;
  /** Records the last answer. */
  readonly record: RecordPush;
}

/** How far the pushes to the tokens of a handset are that were pushed to. The record is there if it was written. */
export interface RungHandset {
  readonly pushes: PushRecord['pushes'];
  readonly record?: PushRecord;
  readonly trace: readonly TraceEvent[];
}

/**
 * Rings one handset by one of its push tokens; if that one proves dead or is refused for good, by its next one, at once.
 * Records each answer, and silences a ring that ended meanwhile.
 */
export const ringHandset = (deps: RingHandsetDeps) => {
  const { pushLog, clock } = deps;
  const makePush = ringPush(deps);
  const attemptAt = attemptRing(deps);
  const send = sendPlanned(deps);

  return async function ringBy(handset: HandsetRing): Promise<RungHandset> {
    const { call, ring, turn, before } = handset;
    const { pushToken, push, attempt, mayHaveLeft } = turn;
    const { key } = pushToken;
    if (!push) return { pushes: {}, trace: untried(handset, before, 'ring_is_over', key) };
    const tried = { call, ring, pushToken, push, attempt, mayHaveLeft, before: before.pushes[key] };
    const { state, isSpent, isRetried, trace: told } = await attemptAt(tried);
    const pushed = { [key]: state };
    const pushes = { ...before.pushes, ...pushed };
    const next = isSpent ? nextAfter(handset, { ...before, pushes }, key) : undefined;
    // The next token is claimed before it is pushed to: after a crash in between it is pushed to all the same.
    const record = next
      ? await pushLog.record(ring, { [key]: state, [next.key]: 'sending' }, hardwareIdsOf([next]))
      : await handset.record(key, state);
    const trace = [...told, ...(await settle(handset, tried, state, record))];
    if (next && !record.stop) {
      const nextTurn = { pushToken: next, push: await makePush(call, next), attempt: 1, mayHaveLeft: false };
      const rung = await ringBy({ ...handset, turn: nextTurn, before: record });
      return { ...rung, pushes: { ...pushed, ...rung.pushes }, trace: [...trace, ...rung.trace] };
    }
    const left = isRetried ? [] : untried(handset, { pushes }, record.stop ? 'ring_is_over' : 'same_handset');
    return { pushes: pushed, record, trace: [...trace, ...left] };
  };

  /** Makes good what a stop that came meanwhile could not do for this phone. */
  async function settle(
    handset: HandsetRing,
    tried: RingAttempt,
    state: PushState,
    record: PushRecord,
  ): Promise<readonly TraceEvent[]> {
    if (MAY_RING.has(state)) return silenceLate(tried, record);
    if (tried.before === 'sending') await notifyLate(handset, { ...tried, isDead: state === 'dead' }, record);
    return [];
  }

  /** The token that rings the handset if the one at `spent` does not. */
  function nextAfter({ tokens }: HandsetRing, record: PushRecord, spent: string): PushToken | undefined {
    const token = tokens.find(({ key }) => key === spent);
    // What a crash left undecided of this token is decided now: it may cost one push too many.
    const pushes = { ...record.pushes, [spent]: 'refused' as const };
    return token && nextToken({ tokens, handset: handsetKey(token), record: { ...record, pushes }, alone: false });
  }

  /** What the trace says of the tokens that were not pushed to, and of the one at `also`. */
  function untried(
    { ring, tokens }: HandsetRing,
    { pushes }: Pick<PushRecord, 'pushes'>,
    reason: 'ring_is_over' | 'same_handset',
    also?: string,
  ): TraceEvent[] {
    return tokens
      .filter(({ key }) => key === also || pushes[key] === undefined)
      .map((pushToken) => skippedTrace({ at: clock(), ring, reason, pushToken }));
  }

  /** A push that was taken after the stop went out, or after its token was removed, is followed by a stop of its own. */
  async function silenceLate(
    { call, ring: { ringId }, pushToken }: RingAttempt,
    { stop, removed }: PushRecord,
  ): Promise<readonly TraceEvent[]> {
    if (!takesStop(pushToken)) return [];
    // Which way it left is in the trace already.
    if (removed.includes(pushToken.key))
      return send([plannedRemovalStop({ call, ringId, pushToken }, 'removed', clock())], 1);
    if (!stop || (stop.except && isOn(pushToken, stop.except))) return [];
    return send([plannedStop({ call, ringId, pushToken }, { type: stop.type, notify: stop.notify }, clock())], 1);
  }

  /** The stop took this phone for one that rings, whose stop is the missed-call notice: it gets a notice of its own. */
  async function notifyLate(
    { ring: { cid, userId, ringId }, registered }: HandsetRing,
    { pushToken, isDead }: { readonly pushToken: PushToken; readonly isDead: boolean },
    { stop }: PushRecord,
  ): Promise<void> {
    if (!stop?.notify || !takesStop(pushToken)) return;
    const able = onSameHandset(registered, pushToken).filter(({ key }) => !isDead || key !== pushToken.key);
    const [notified] = noticePlan(able, new Set());
    if (!notified) return;
    await deps.ringJobs.send([{ type: 'retry-notice', cid, userId, ringId, pushTokenKey: notified.key, attempt: 1 }]);
  }
};
