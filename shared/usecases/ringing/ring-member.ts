import { type Call, memberOf } from '#domain/call/call.ts';
import { ringPlan } from '#domain/push-token/ring-plan.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Connection, PresenceStore, Reach } from '#ports/presence-store.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { deliveryTrace, hears, sendToConnection } from '../connections/send-to-user.ts';
import { type RingPushDeps, ringPush } from '../push/make-push.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { allOf } from './all-of.ts';
import { isStillRinging } from './is-still-ringing.ts';
import { type PushRingDeps, pushRing } from './push-ring.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { type ReportUnreachableDeps, reportUnreachable, unreachableReason } from './report-unreachable.ts';
import { type Skip, skippedTrace } from './skipped-trace.ts';

export interface RingMemberDeps
  extends ReportUnreachableDeps,
    RingPushDeps,
    PushRingDeps,
    RingingByAlertDeps,
    RecordTogetherDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly mailbox: Mailbox;
  readonly pushLog: PushLog;
  readonly traces: TraceStore;
}

/** Another invocation has this ring's pushes. If it crashes, the message that comes back finds its lease expired. */
export class RingIsLeased extends Error {}

/** No invocation of the ring function lives longer. */
const LEASE_MS = 6 * SECOND_MS;

/** What a crashed invocation leaves of a push, and the state of a token that was registered later. */
const UNANSWERED: ReadonlySet<PushState | undefined> = new Set(['sending', undefined]);

/** Rings one member: `call.ring` to their live connections and a push to each handset, side by side. */
export const ringMember = (deps: RingMemberDeps) => {
  const push = pushAll(deps);
  const makePush = ringPush(deps);
  const report = reportUnreachable(deps);

  /** The pushes that ring these tokens, by the token's key: they are made while their claim is under way. */
  const makePushes = async (call: Call, pushTokens: readonly PushToken[]): Promise<Pushes> =>
    new Map(
      await Promise.all(pushTokens.map(async (pushToken) => [pushToken.key, await makePush(call, pushToken)] as const)),
    );

  return async (ring: Extract<RingJob, { type: 'ring' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, offer } = ring;
    const { calls, presence, traces, mailbox, clock } = deps;
    const [call, reach, byAlert] = await Promise.all([calls.find(cid), presence.reach(userId), ringingByAlert(deps)]);
    const plan = ringPlan(reach.pushTokens, byAlert);
    const skipped = (reason: Skip, pushToken?: PushToken) => skippedTrace({ at: clock(), ring, reason, pushToken });
    const unringable = plan.skip.map(({ pushToken, reason }) => skipped(reason, pushToken));
    if (!call || !isStillRinging(call, ring, clock())) {
      const late = plan.push.map((pushToken) => skipped('ring_is_over', pushToken));
      await traces.write(cid, [...(late.length > 0 ? late : [skipped('ring_is_over')]), ...unringable]);
      return;
    }
    const [claim, pushes] = await allOf([
      claimPushes(deps, ring, plan.push),
      makePushes(call, plan.push),
      // Before any phone can wake: the offer waits in the mailbox for whatever connects from now on.
      offer && mailbox.keep(ring, { ...offer, at: rungAt(call, userId) }, memberOf(call, userId)?.ringExpiresAt),
    ]);
    if (!claim) return;
    deps.meter.record({ type: 'member_rung', cid });
    const listening = (await connectionsFor(deps, ring, reach)).filter((connection) => hears(connection, cid));
    // Both are waited for even if one fails: what is in flight when the function returns is frozen with it.
    const [told, pushed] = await allOf([
      tellListening(deps, call, { ring, offer, listening }),
      // If somebody had this message before, they may have crashed after a push had left: that phone may ring.
      push({ call, ring, claim, pushes, before: redelivered ? 'unknown' : 'sending' }),
    ]);
    const keys = plan.push.map(({ key }) => key);
    const reached = told.some(({ event }) => event === 'event.delivered');
    const reason = reached ? undefined : unreachableReason(keys, { ...claim.pushes, ...pushed.pushes });
    const unreachable = reason ? await report(call, ring, reason) : [];
    await traces.write(cid, [...told, ...unringable, ...pushed.trace, ...unreachable]);
  };
};

/** The connections that are told of a ring. One that opened before the offer was kept may not have found it: it is among these. */
const connectionsFor = async (
  { presence }: RingMemberDeps,
  { userId, offer }: Extract<RingJob, { type: 'ring' }>,
  reach: Reach,
): Promise<readonly Connection[]> => (offer ? presence.connections(userId) : reach.connections);

/** What is known of a ring's pushes, and the tokens to which one is still to be sent. */
interface ClaimedPushes extends PushRecord {
  readonly due: readonly PushToken[];
}

type Pushes = ReadonlyMap<string, Push | undefined>;

/** Claims the pushes of a ring. Nothing comes back if this is the same message again and all of them were sent. */
async function claimPushes(
  { pushLog, clock }: RingMemberDeps,
  ring: RingRef,
  pushTokens: readonly PushToken[],
): Promise<ClaimedPushes | undefined> {
  const now = clock();
  const keys = pushTokens.map(({ key }) => key);
  const { leased, ...record } = await pushLog.claim(ring, { keys, now, leaseUntil: later(now, LEASE_MS) });
  const due = pushTokens.filter(({ key }) => UNANSWERED.has(record.pushes[key]));
  if (!leased) return { ...record, due };
  if (due.length > 0) throw new RingIsLeased(`another invocation is pushing ${ring.cid} to ${ring.userId}`);
  return undefined;
}

/** When the member was rung. A retried ring keeps its offer under the same moment, so it is kept once. */
const rungAt = (call: Call, userId: string): EpochMs => memberOf(call, userId)?.since ?? call.createdAt;

/** The pushes of one ring that are to be sent. */
interface PushBatch {
  readonly call: Call;
  readonly ring: RingRef;
  readonly claim: ClaimedPushes;
  readonly pushes: Pushes;
  /** How far they may have come before. */
  readonly before: PushState;
}

/** Pushes to all tokens that are due, side by side, unless the ring ended before anything was pushed for it. */
const pushAll = (deps: RingMemberDeps) => {
  const push = pushRing(deps);
  return async ({ call, ring, claim: { due, stop }, pushes, before }: PushBatch) => {
    if (stop) {
      const at = deps.clock();
      return {
        pushes: {},
        trace: due.map((pushToken) => skippedTrace({ at, ring, reason: 'ring_is_over', pushToken })),
      };
    }
    const record = recordTogether(deps, ring, due.length);
    const pushed = await allOf(
      due.map(async (pushToken) => {
        const attempt = { call, ring, pushToken, push: pushes.get(pushToken.key), attempt: 1, before, record };
        return { key: pushToken.key, ...(await push(attempt)) };
      }),
    );
    return {
      pushes: Object.fromEntries(pushed.map(({ key, state }) => [key, state])),
      trace: pushed.flatMap(({ trace }) => trace),
    };
  };
};

async function tellListening(
  deps: RingMemberDeps,
  call: Call,
  { ring, offer, listening }: { ring: RingRef; offer: Signal | undefined; listening: readonly Connection[] },
): Promise<TraceEvent[]> {
  const { cid, userId, ringId } = ring;
  const events: CallEvent[] = [
    { type: 'call.ring', at: deps.clock(), call, changed: new Set([userId]) },
    ...(offer ? [{ type: 'signal' as const, cid, signal: offer }] : []),
  ];
  return Promise.all(
    listening.map(async (connection) => {
      const delivery = await sendToConnection(deps)(connection, events);
      return deliveryTrace({ connection, delivery, at: deps.clock(), type: 'call.ring', ring_id: ringId });
    }),
  );
}
