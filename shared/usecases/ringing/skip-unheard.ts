import { type Call, type Member, memberOf } from '#domain/call/call.ts';
import { isBlocked } from '#domain/call/unheard.ts';
import type { Silence } from '#domain/protection/guard.ts';
import type { RingPlan } from '#domain/push-token/ring-plan.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import { canRing, type Reach } from '#ports/presence-store.ts';
import type { RingRef } from '#ports/push-log.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type ReportUnreachableDeps, reportUnreachable } from './report-unreachable.ts';
import { skippedHandsets } from './skipped-trace.ts';

export interface SkipUnheardDeps extends ReportUnreachableDeps {
  readonly mailbox: Mailbox;
}

/** A ring that its member does not hear. */
export interface UnheardRing {
  readonly call: Call;
  readonly ring: RingRef;
  readonly reach: Reach;
  readonly plan: RingPlan;
  readonly offer: Signal | undefined;
}

/** Whether the member does not hear this ring. */
export const isUnheard = (call: Call, userId: string): boolean => memberOf(call, userId)?.unheard !== undefined;

/**
 * Rings nobody, and says so in the trace. Whoever cannot be reached by anybody is unreachable for this caller, too: what
 * a caller hears must not depend on whether they are heard.
 */
export const skipUnheard = (deps: SkipUnheardDeps) => {
  const report = reportUnreachable(deps);
  return async ({ call, ring, reach, plan, offer }: UnheardRing): Promise<TraceEvent[]> => {
    const member = memberOf(call, ring.userId);
    // They may still answer by ringing back.
    if (offer) await deps.mailbox.keep(ring, offer, member?.ringExpiresAt);
    const skipped = skippedHandsets({ at: deps.clock(), ring, reason: silenceOf(member) }, plan.handsets);
    const isReachable = plan.handsets.length > 0 || reach.connections.some((connection) => canRing(connection, call));
    const unreachable = isReachable ? [] : await report(call, ring, 'no_devices');
    return [...skipped, ...unreachable];
  };
};

const silenceOf = (member: Member | undefined): Silence => (member && isBlocked(member) ? 'blocked' : 'do_not_disturb');
