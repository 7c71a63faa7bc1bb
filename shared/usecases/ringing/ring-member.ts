import { type Call, memberOf } from '#domain/call/call.ts';
import { type HandsetTokens, ringPlan } from '#domain/push-token/ring-plan.ts';
import { handsetKey, type PushToken } from '#domain/push-token/token.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Delivery } from '#ports/peer-link.ts';
import { type Connection, hears, type PresenceStore } from '#ports/presence-store.ts';
import type { PushLog, PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { allOf } from '../connections/all-of.ts';
import { deliveryTrace, sendToConnection } from '../connections/send-to-user.ts';
import { type RingPushDeps, ringPush } from '../push/make-push.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { isStillRinging } from './is-still-ringing.ts';
import { hardwareIdsOf, nextToken } from './next-token.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { type ReportUnreachableDeps, reportUnreachable, unreachableReason } from './report-unreachable.ts';
import { type RingHandsetDeps, ringHandset } from './ring-handset.ts';
import { isUnheard, skipUnheard } from './skip-unheard.ts';
import { skippedHandsets, skippedTrace } from './skipped-trace.ts';

export interface RingMemberDeps
  extends ReportUnreachableDeps,
    RingPushDeps,
    RingHandsetDeps,
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

/** Rings one member: `call.ring` to their live connections and a push to each handset, side by side. */
export const ringMember = (deps: RingMemberDeps) => {
  const push = pushAll(deps);
  const makePush = ringPush(deps);
  const report = reportUnreachable(deps);
  const skip = skipUnheard(deps);

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
    const { handsets, skip: unfit } = plan;
    const at = clock();
    const unringable = unfit.map(({ pushToken, reason }) => skippedTrace({ at, ring, reason, pushToken }));
    if (!call || !isStillRinging(call, ring, at))
      return traces.write(cid, [...skippedHandsets({ at, ring, reason: 'ring_is_over' }, handsets), ...unringable]);
    if (isUnheard(call, userId))
      return traces.write(cid, [...(await skip({ call, ring, reach, plan, offer })), ...unringable]);
    const [claim, pushes] = await allOf([
      claimPushes(deps, ring, handsets),
      makePushes(
        call,
        handsets.map(([first]) => first),
      ),
      // Before any phone can wake: the offer waits in the mailbox for whatever connects from now on.
      offer && mailbox.keep(ring, offer, memberOf(call, userId)?.ringExpiresAt),
    ]);
    if (!claim) return;
    deps.meter.record({ type: 'member_rung', cid });
    // A connection that opened before the offer was kept may not have found it: it is among these.
    const connections = offer ? await presence.connections(userId) : reach.connections;
    const listening = connections.filter((connection) => hears(connection, cid));
    // Both are waited for even if one fails: what is in flight when the function returns is frozen with it.
    const [told, pushed] = await allOf([
      tellListening(deps, call, { ring, offer, listening }),
      push({ call, ring, claim, pushes, registered: reach.pushTokens, redelivered }),
    ]);
    const states = statesOf(handsets, { ...claim.record.pushes, ...pushed.pushes });
    const reason = told.isReached ? undefined : unreachableReason(states);
    const unreachable = reason ? await report(call, ring, reason) : [];
    await traces.write(cid, [...told.trace, ...unringable, ...pushed.trace, ...unreachable]);
  };
};

/** A handset that is to be rung now, by this one of its tokens. */
interface Due {
  readonly tokens: HandsetTokens;
  readonly pushToken: PushToken;
}

/** What is known of a ring's pushes, and the handsets to which one is still to be sent. */
interface ClaimedPushes {
  readonly record: PushRecord;
  readonly due: readonly Due[];
}

type Pushes = ReadonlyMap<string, Push | undefined>;

/** Claims the pushes of a ring. Nothing comes back if this is the same message again and all of them were sent. */
async function claimPushes(
  { pushLog, clock }: RingMemberDeps,
  ring: RingRef,
  handsets: readonly HandsetTokens[],
): Promise<ClaimedPushes | undefined> {
  const now = clock();
  const first = handsets.map(([pushToken]) => pushToken);
  const { leased, ...record } = await pushLog.claim(ring, {
    keys: first.map(({ key }) => key),
    hardwareIds: hardwareIdsOf(first),
    now,
    leaseUntil: later(now, LEASE_MS),
  });
  const due = handsets.flatMap((tokens) => {
    const pushToken = nextToken({ tokens, handset: handsetKey(tokens[0]), record, alone: true });
    return pushToken ? [{ tokens, pushToken }] : [];
  });
  if (!leased) return { record, due };
  if (due.length > 0) throw new RingIsLeased(`another invocation is pushing ${ring.cid} to ${ring.userId}`);
  return undefined;
}

/**
 * How far the push is to each token that rings, and to each one that was removed since it was pushed to: one of those
 * that is `sending` was found dead by somebody who crashed.
 */
function statesOf(
  handsets: readonly HandsetTokens[],
  pushes: PushRecord['pushes'],
): readonly (PushState | undefined)[] {
  const keys = new Set(handsets.flat().map(({ key }) => key));
  const removed = Object.entries(pushes).filter(([key]) => !keys.has(key));
  return [
    ...[...keys].map((key) => pushes[key]),
    ...removed.map(([, state]) => (state === 'sending' ? ('dead' as const) : state)),
  ];
}

/** The pushes of one ring that are to be sent. */
interface PushBatch {
  readonly call: Call;
  readonly ring: RingRef;
  readonly claim: ClaimedPushes;
  readonly pushes: Pushes;
  readonly registered: readonly PushToken[];
  readonly redelivered: boolean;
}

/** Rings all handsets that are due, side by side, unless the ring ended before anything was pushed for it. */
const pushAll = (deps: RingMemberDeps) => {
  const ringOne = ringHandset(deps);
  const makePush = ringPush(deps);
  return async ({ call, ring, claim: { record: before, due }, pushes, registered, redelivered }: PushBatch) => {
    if (before.stop) {
      const at = deps.clock();
      const late = due.flatMap(({ tokens }) => tokens);
      return {
        pushes: {},
        trace: late.map((pushToken) => skippedTrace({ at, ring, reason: 'ring_is_over', pushToken })),
      };
    }
    const record = recordTogether(deps, ring, due.length);
    const rung = await allOf(
      due.map(async ({ tokens, pushToken }) => {
        const { key } = pushToken;
        const push = pushes.has(key) ? pushes.get(key) : await makePush(call, pushToken);
        // If somebody had this message before, they may have crashed after a push had left: that phone may ring.
        const mayHaveLeft = redelivered && before.pushes[key] === 'sending';
        const turn = { pushToken, push, attempt: 1, mayHaveLeft };
        return ringOne({ call, ring, tokens, registered, turn, before, record });
      }),
    );
    return {
      pushes: Object.fromEntries(rung.flatMap((one) => Object.entries(one.pushes))),
      trace: rung.flatMap(({ trace }) => trace),
    };
  };
};

const REACHED: ReadonlySet<Delivery> = new Set(['sent', 'more', 'underway', 'held']);

async function tellListening(
  deps: RingMemberDeps,
  call: Call,
  { ring, offer, listening }: { ring: RingRef; offer: Signal | undefined; listening: readonly Connection[] },
): Promise<{ readonly isReached: boolean; readonly trace: TraceEvent[] }> {
  const { cid, userId, ringId } = ring;
  const events: CallEvent[] = [
    { type: 'call.ring', at: deps.clock(), call, changed: new Set([userId]) },
    ...(offer ? [{ type: 'signal' as const, cid, call, signal: offer }] : []),
  ];
  const send = sendToConnection(deps);
  const told = await Promise.all(
    listening.map(async (connection) => {
      const delivery = await send(connection, cid, events);
      return { connection, delivery, at: deps.clock(), type: 'call.ring', ring_id: ringId };
    }),
  );
  return {
    isReached: told.some(({ delivery }) => REACHED.has(delivery)),
    trace: told.flatMap(deliveryTrace),
  };
}
