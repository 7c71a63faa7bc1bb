import { setImmediate as yieldToIo } from 'node:timers/promises';
import { type Call, connectionsOf, isHosted, isIn, keepsBusy, memberOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import type { StateEvent } from '#domain/call/effects.ts';
import { toldOf, unheardBy } from '#domain/call/unheard.ts';
import { defined } from '#domain/defined.ts';
import { asPerson, type UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { BusyLock, BusyLockRef, BusyLockStore } from '#ports/busy-lock-store.ts';
import type { StateChanged } from '#ports/call-event.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Signal } from '#ports/mailbox.ts';
import type { Queue, RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { deliveryTrace, type SendToUserDeps, type Sent, sendToUser } from '../connections/send-to-user.ts';
import { setEndOfCall, setRingDeadline, type TimerDeps, watchForReturn } from '../timers/timers.ts';

export interface AnnounceDeps extends SendToUserDeps, TimerDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly busyLocks: BusyLockStore;
  readonly calls: CallStore;
  readonly traces: TraceStore;
}

/** Who causes a change, and from which handset. */
export type Actor = Pick<UserPrincipal, 'userId' | 'name' | 'image'> &
  Partial<Pick<UserPrincipal, 'hardwareId' | 'connectionId' | 'sessionId' | 'tokenFingerprint'>>;

/** What there is to say of a change besides the change itself. */
export interface Announcement {
  readonly change: Change;
  /** The call as it was written. */
  readonly call: Call;
  /** Who caused it; absent if a timer did. */
  readonly by?: Actor;
  /** What came with the ring, for those who are rung now. */
  readonly offer?: Signal | undefined;
  /** What led to the change, for the trace. */
  readonly trace?: readonly TraceEvent[];
}

/** Lets the world hear of a change that has been written: phones, connections, timers, busy locks and the trace. */
export const announce = (deps: AnnounceDeps) => {
  const tellMembers = sendEvents(deps);
  return async (news: Announcement): Promise<void> => {
    const at = deps.clock();
    const [, [told]] = await Promise.all([
      deps.ringJobs.send(ringJobs(news)),
      // Phones come first: whatever is begun beside it would take the processor from the request that rings them.
      yieldToIo().then(() => Promise.all([tellMembers(news), setTimers(deps, news), updateBusyLocks(deps, news)])),
    ]);
    const caused = news.change.effects.events.map((event) => traced(event, at));
    await deps.traces.write(news.call.cid, [...(news.trace ?? []), ...caused, ...told]);
  };
};

function ringJobs({ change: { effects }, call, offer }: Announcement): RingJob[] {
  const { cid } = call;
  return [
    ...effects.rings.map((userId) => ringJob(call, userId, offer)),
    ...effects.stops.map((stop): RingJob => ({ type: 'stop', cid, stop })),
    ...effects.notices.map((userId): RingJob => ({ type: 'notice', cid, userId, ringId: ringIdOf(call, userId) })),
  ];
}

const ringIdOf = (call: Call, userId: string): string => memberOf(call, userId)?.ringId ?? '';

/** The job that rings a member by their latest ring. */
export const ringJob = (call: Call, userId: string, offer?: Signal): RingJob => ({
  type: 'ring',
  cid: call.cid,
  userId,
  ringId: ringIdOf(call, userId),
  ...(offer && { offer }),
});

async function setTimers(deps: AnnounceDeps, { change: { from, effects }, call }: Announcement): Promise<void> {
  if (call.status === 'active' && from.status !== 'active') await setEndOfCall(deps, call);
  const rung = effects.rings[0];
  const at = rung === undefined ? undefined : memberOf(call, rung)?.ringExpiresAt;
  if (at !== undefined) await setRingDeadline(deps, call.cid, at);
}

/** Takes and releases the busy locks of the members whom a change has moved. */
export async function updateBusyLocks(
  deps: AnnounceDeps,
  { change: { from, effects }, call }: Pick<Announcement, 'change' | 'call'>,
): Promise<void> {
  const { busyLocks, clock } = deps;
  const held = (userId: string): BusyLockRef => ({ userId, ...defined({ unheardBy: unheardBy(from, userId) }) });
  // Whoever answers a ring that they did not hear is busy from then on.
  const unheard = effects.lockedBusy.map(held).filter((of) => of.unheardBy !== undefined);
  await Promise.all([
    ...effects.lockedBusy.map((userId) => busyLocks.take(userId, busyLockOn(call, clock()))),
    ...[...effects.unlockedBusy.map(held), ...unheard].map((of) => busyLocks.release(of, call)),
  ]);
  if (effects.unlockedBusy.includes(call.createdBy.id)) await giveBack(deps, call);
}

/** The busy lock of whoever is in a call. */
export const busyLockOn = ({ cid, version, endsAt }: Call, now: EpochMs): BusyLock => ({
  cid,
  version,
  claimedAt: now,
  expiresAt: endsAt,
});

/** A caller who placed the call out of another one is in that one again, if it still goes on. */
async function giveBack({ busyLocks, calls, clock }: AnnounceDeps, call: Call): Promise<void> {
  const { callerBusyIn, createdBy } = call;
  const other = callerBusyIn === undefined ? undefined : await calls.find(callerBusyIn);
  if (other && keepsBusy(other, createdBy.id, clock()))
    await busyLocks.claim({ userId: createdBy.id }, busyLockOn(other, clock()));
}

/** Sends each member the events that are for them. What comes back is how they reached each connection. */
const sendEvents = (deps: AnnounceDeps) => {
  const send = sendToUser(deps);
  return async ({ change, call, by }: Announcement): Promise<TraceEvent[]> => {
    const { events } = change.effects;
    const changed = new Set(
      Object.keys(call.members).filter((userId) => memberOf(change.from, userId) !== memberOf(change.to, userId)),
    );
    const heard = events.map((event) => ({ ...event, to: toldOf(call, event) }));
    const told = await Promise.all(
      [...new Set(heard.flatMap(({ to }) => to))].map(async (userId) => {
        const mine = heard.filter(({ to }) => to.includes(userId));
        const at = deps.clock();
        const sent = await send({
          userId,
          call,
          events: mine.map((event) => stateChanged(event, { at, call, changed, by })),
        });
        if (isAbsent(call, userId, sent)) await watchForReturn(deps, [call.cid], userId);
        return sent.flatMap((one) => mine.flatMap(({ type }) => deliveryTrace({ ...one, at: deps.clock(), type })));
      }),
    );
    return told.flat();
  };
};

/**
 * Whether a member of an active call has no connection of the handset that is in it any more. They may have rung and
 * disconnected before there was a call to watch.
 */
function isAbsent(call: Call, userId: string, sent: readonly Sent[]): boolean {
  const member = memberOf(call, userId);
  if (isHosted(call)) return false;
  if (call.status !== 'active' || !member || !isIn(member) || member.handset?.connectionId === undefined) return false;
  const connections = sent.map(({ connection }) => connection);
  return connectionsOf(member, connections).length === 0;
}

function stateChanged(
  event: StateEvent,
  { changed, by, ...rest }: Pick<StateChanged, 'at' | 'call' | 'changed'> & { readonly by: Actor | undefined },
): StateChanged {
  const { type, about, reason, to } = event;
  // Of many who are added at once each is told of themselves alone.
  const isOwnAddition = type === 'call.member_added' && about !== undefined && to.length === 1;
  return {
    type,
    ...rest,
    changed: isOwnAddition ? new Set([about]) : changed,
    ...actorOf(event, by),
    ...(about !== undefined && { about }),
    ...(reason !== undefined && { reason }),
  };
}

/** Who caused an event, and from which handset. */
function actorOf(event: StateEvent, by: Actor | undefined): Pick<StateChanged, 'by' | 'on'> {
  if (event.by === undefined || !by) return {};
  if (by.userId !== event.by) return { by: { id: event.by } };
  const { tokenFingerprint, hardwareId, connectionId, sessionId } = by;
  return {
    by: asPerson(by),
    ...(tokenFingerprint !== undefined && {
      on: { tokenFingerprint, ...defined({ hardwareId, connectionId, sessionId }) },
    }),
  };
}

const traced = ({ type, about, by, reason }: StateEvent, at: EpochMs): TraceEvent => {
  const userId = about ?? by;
  return {
    at,
    event: type,
    ...(userId !== undefined && { userId }),
    ...(reason !== undefined && { details: { reason } }),
  };
};
