import { type Call, isRinging, memberOf } from '#domain/call/call.ts';
import type { PushToken, Removal } from '#domain/push-token/token.ts';
import { type Clock, type EpochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { cidsOf, type PresenceStore } from '#ports/presence-store.ts';
import type { Queue, RingJob } from '#ports/queues.ts';

export interface StopRemovedDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly ringJobs: Queue<RingJob>;
  readonly clock: Clock;
}

/** Longer than any ring lasts: a call that is older keeps its callee busy. */
const LONGEST_RING_MS = 4 * MINUTE_MS;

/** Has a user's phones silenced that ring by push tokens which are about to leave that user. Called before they leave: a crash in between silences a phone too early, and never leaves one ringing. */
export const stopRemoved =
  ({ calls, presence, ringJobs, clock }: StopRemovedDeps) =>
  async (leaving: readonly PushToken[], reason: Removal): Promise<void> => {
    const [first] = leaving;
    if (!first) return;
    const { userId } = first;
    const now = clock();
    const found = await calls.findAll(cidsOf(await presence.pending(userId, later(now, -LONGEST_RING_MS))));
    const jobs = found
      .flatMap((call) => ringOf(call, userId, now))
      .flatMap((ring) =>
        leaving.map((pushToken): RingJob => ({ type: 'stop-removed', ...ring, pushToken, reason, attempt: 1 })),
      );
    if (jobs.length > 0) await ringJobs.send(jobs);
  };

/** The ring of a call that is on for a user. */
function ringOf(call: Call, userId: string, now: EpochMs): { cid: string; ringId: string }[] {
  const member = memberOf(call, userId);
  if (!member || call.status === 'ended' || member.ringId === undefined || !isRinging(member, now)) return [];
  return [{ cid: call.cid, ringId: member.ringId }];
}
