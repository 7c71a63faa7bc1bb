import { type Call, isRinging, memberOf } from '#domain/call/call.ts';
import { ringPlan } from '#domain/push-token/ring-plan.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Connection } from '#ports/presence-store.ts';
import type { PushRecord, PushState, RingRef } from '#ports/push-log.ts';
import type { Push } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { ringFrame, signalFrame } from '#wire/socket/native/encode.ts';
import { deliveryTrace, hears, type SendDeps, sendToConnection } from '../connections/send-to-user.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';
import { type RingingByAlertDeps, ringingByAlert } from '../push/ringing-by-alert.ts';
import { ringPush } from '../push/send-push.ts';
import { allOf } from './all-of.ts';
import { type PushRingDeps, pushRing } from './push-ring.ts';
import { type RecordTogetherDeps, recordTogether } from './record-together.ts';
import { reportUnreachable, unreachableReason } from './report-unreachable.ts';
import { skipped } from './skipped.ts';

export interface RingMemberDeps extends SendDeps, PushRingDeps, RingingByAlertDeps, WatchDeps, RecordTogetherDeps {
  readonly mailbox: Mailbox;
}

/** Another invocation has this ring's pushes; if it crashes, the message that comes back finds its lease run out. */
export class RingIsLeased extends Error {}

/** An invocation of the ring function lives no longer. */
const LEASE_MS = 6 * SECOND_MS;

/** What a crashed invocation leaves of a push, and what there is of a device that came later. */
const UNANSWERED: ReadonlySet<PushState | undefined> = new Set(['sending', undefined]);

/** Rings one member: `call.ring` to their live connections, a push to each handset, side by side. */
export const ringMember =
  (deps: RingMemberDeps) =>
  async (ring: Extract<RingJob, { type: 'ring' }>, redelivered: boolean): Promise<void> => {
    const { cid, userId, offer } = ring;
    const { calls, presence, traces, mailbox } = deps;
    const [call, reach, byAlert] = await Promise.all([calls.find(cid), presence.reach(userId), ringingByAlert(deps)]);
    const plan = ringPlan(reach.pushTokens, byAlert);
    const unringable = plan.skip.map(({ pushToken, reason }) => skipped(deps, ring, reason, pushToken));
    if (!call || !rings(call, ring, deps)) {
      const late = plan.push.map((pushToken) => skipped(deps, ring, 'ring_is_over', pushToken));
      await traces.write(cid, [...(late.length > 0 ? late : [skipped(deps, ring, 'ring_is_over')]), ...unringable]);
      return;
    }
    const [record, toSend] = await allOf([
      claimed(deps, ring, plan.push),
      pushesOf(deps, call, plan.push),
      // Before any phone can wake: it waits there for whoever connects from now on.
      offer && mailbox.keep(cid, userId, { ...offer, at: rungAt(call, userId) }),
    ]);
    if (!record) return;
    deps.meter.record({ type: 'member_rung', cid });
    const listening = reach.connections.filter((connection) => hears(connection, cid));
    // Both are waited for, also when one breaks: what is left in flight when the function returns, freezes.
    const [told, pushed] = await allOf([
      tellListening(deps, call, ring, listening, offer),
      // Whoever had this message before may have crashed after a push had left: that phone may ring.
      pushAll(deps, call, ring, { ...record, toSend, before: redelivered ? 'unknown' : 'sending' }),
    ]);
    const keys = plan.push.map(({ key }) => key);
    const reached = told.some(({ event }) => event === 'event.delivered');
    const silent = reached ? undefined : unreachableReason(keys, { ...record.pushes, ...pushed.pushTokens });
    const unreachable = silent ? await reportUnreachable(deps, call, ring, silent) : [];
    await traces.write(cid, [...told, ...unringable, ...pushed.trace, ...unreachable]);
  };

/** What is known of a ring's pushes, and to which devices there is one left to send. */
interface Claimed extends PushRecord {
  readonly due: readonly PushToken[];
}

/** Claims the pushes of a ring; nothing comes back where it is the same message once more, and all of them are sent. */
async function claimed(
  { pushLog, clock }: RingMemberDeps,
  ring: RingRef,
  pushTokens: readonly PushToken[],
): Promise<Claimed | undefined> {
  const now = clock();
  const keys = pushTokens.map(({ key }) => key);
  const { leased, ...record } = await pushLog.claim(ring, keys, now, later(now, LEASE_MS));
  const due = pushTokens.filter(({ key }) => UNANSWERED.has(record.pushes[key]));
  if (!leased) return { ...record, due };
  if (due.length > 0) throw new RingIsLeased(`another invocation is pushing ${ring.cid} to ${ring.userId}`);
  return undefined;
}

/** A ring that is asked for once more in the same words finds its offer kept under the same moment. */
const rungAt = (call: Call, userId: string): EpochMs => memberOf(call, userId)?.since ?? call.createdAt;

type Pushes = ReadonlyMap<string, Push | undefined>;

/** The pushes that ring these devices, by the device's key: they are made while their claim is under way. */
async function pushesOf(deps: RingMemberDeps, call: Call, pushTokens: readonly PushToken[]): Promise<Pushes> {
  return new Map(
    await Promise.all(
      pushTokens.map(async (pushToken) => [pushToken.key, await ringPush(deps, call, pushToken)] as const),
    ),
  );
}

/** Makes another attempt at one device, if its member still rings. */
export const retryPush =
  (deps: RingMemberDeps) =>
  async (job: Extract<RingJob, { type: 'retry' }>, redelivered: boolean): Promise<void> => {
    const { calls, presence, traces, pushLog } = deps;
    const { cid, userId, pushTokenKey, attempt } = job;
    const [call, reach] = await Promise.all([calls.find(cid), presence.reach(userId)]);
    const pushToken = reach.pushTokens.find(({ key }) => key === pushTokenKey);
    if (!call || !pushToken || !rings(call, job, deps)) {
      await traces.write(cid, [skipped(deps, job, pushToken ? 'ring_is_over' : 'no_longer_registered', pushToken)]);
      return;
    }
    const before = await pushLog.claimAttempt(job, pushTokenKey, attempt, redelivered);
    if (!before) return;
    const { record, trace } = await pushRing(deps, call, job, pushToken, {
      push: await ringPush(deps, call, pushToken),
      attempt,
      before: before.pushes[pushTokenKey],
      note: recordTogether(deps, job, 1),
    });
    const listens = reach.connections.some((connection) => hears(connection, cid));
    const silent = record && !listens ? unreachableReason(Object.keys(record.pushes), record.pushes) : undefined;
    await traces.write(cid, [...trace, ...(silent ? await reportUnreachable(deps, call, job, silent) : [])]);
  };

const rings = (call: Call, { userId, ringId }: RingRef, { clock }: RingMemberDeps): boolean => {
  const member = memberOf(call, userId);
  return member !== undefined && member.ringId === ringId && isRinging(member, clock()) && call.status !== 'ended';
};

/** How far each device is that was pushed, and what the trace says of it. */
interface Pushed {
  readonly pushTokens: PushRecord['pushes'];
  readonly trace: readonly TraceEvent[];
}

/** Pushes to all devices that are due, side by side, unless the ring ended before anything was pushed for it. */
async function pushAll(
  deps: RingMemberDeps,
  call: Call,
  ring: RingRef,
  { due, stop, toSend, before }: Claimed & { readonly toSend: Pushes; readonly before: PushState },
): Promise<Pushed> {
  if (stop) return { pushTokens: {}, trace: due.map((pushToken) => skipped(deps, ring, 'ring_is_over', pushToken)) };
  const note = recordTogether(deps, ring, due.length);
  const pushed = await allOf(
    due.map(async (pushToken) => {
      const push = toSend.get(pushToken.key);
      return { pushToken, ...(await pushRing(deps, call, ring, pushToken, { push, attempt: 1, before, note })) };
    }),
  );
  return {
    pushTokens: Object.fromEntries(pushed.map(({ pushToken, state }) => [pushToken.key, state])),
    trace: pushed.flatMap(({ trace }) => trace),
  };
}

async function tellListening(
  deps: RingMemberDeps,
  call: Call,
  { userId, ringId }: RingRef,
  connections: readonly Connection[],
  offer: Signal | undefined,
): Promise<TraceEvent[]> {
  const { clock } = deps;
  const frames = [ringFrame(call, userId, clock()), ...(offer ? [signalFrame(call.cid, offer)] : [])];
  return Promise.all(
    connections.map(async (connection) => {
      const told = await sendToConnection(deps)(connection, frames);
      return deliveryTrace(connection, told, { type: 'call.ring', ring_id: ringId }, clock);
    }),
  );
}
