import { setImmediate as yieldToIo } from 'node:timers/promises';
import { type Call, keepsBusy, memberOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import type { StateEvent } from '#domain/call/effects.ts';
import type { Clock } from '#domain/time.ts';
import type { BusyLockStore } from '#ports/busy-lock-store.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Signal } from '#ports/mailbox.ts';
import type { Queue, RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { actor, stateEventFrame } from '#wire/socket/native/encode.ts';
import { setEndTimer } from '../connections/end-timer.ts';
import { deliveryTrace, type SendDeps, sendToUser } from '../connections/send-to-user.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';

export interface AnnounceDeps extends SendDeps, WatchDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly busyLocks: BusyLockStore;
  readonly calls: CallStore;
  readonly traces: TraceStore;
}

/** What there is to say of a change besides the change itself. */
export interface Announcement {
  readonly change: Change;
  /** The call as it was written. */
  readonly call: Call;
  /** Who caused it, by id and name; absent where a timer did. */
  readonly by?: { readonly userId: string; readonly name?: string };
  /** What came with the ring, for those who are rung now. */
  readonly offer?: Signal | undefined;
  /** What led to the change, for the trace. */
  readonly trace?: readonly TraceEvent[];
}

/** Lets the world hear of a change that has been written: phones, connections, timers and the trace, side by side. */
export const announce =
  (deps: AnnounceDeps) =>
  async (news: Announcement): Promise<void> => {
    const caused = news.change.effects.events.map((event) => traced(event, deps.clock));
    const [, [told]] = await Promise.all([
      deps.ringJobs.send(ringJobs(news)),
      // Phones come first: what is begun beside it would take the processor from the request that rings them.
      yieldToIo().then(() => Promise.all([tellMembers(deps, news), setTimers(deps, news), engage(deps, news)])),
    ]);
    await deps.traces.write(news.call.cid, [...(news.trace ?? []), ...caused, ...told]);
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
export const ringJob = (call: Call, userId: string, offer: Signal | undefined): RingJob => ({
  type: 'ring',
  cid: call.cid,
  userId,
  ringId: ringIdOf(call, userId),
  ...(offer && { offer }),
});

async function setTimers(deps: AnnounceDeps, { change: { from, effects }, call }: Announcement): Promise<void> {
  const { timers, clock } = deps;
  if (call.status === 'active' && from.status !== 'active') await setEndTimer(deps, call);
  const rung = effects.rings[0];
  const at = rung === undefined ? undefined : memberOf(call, rung)?.ringExpiresAt;
  if (at !== undefined) await timers.send([{ type: 'deadline', cid: call.cid, at }], at - clock());
}

async function engage(deps: AnnounceDeps, { change: { effects }, call }: Announcement): Promise<void> {
  const { busyLocks } = deps;
  await Promise.all([
    ...effects.lockedBusy.map((userId) => busyLocks.take(userId, busyLockOf(call, deps.clock))),
    ...effects.unlockedBusy.map((userId) => busyLocks.release(userId, call.cid)),
  ]);
  if (effects.unlockedBusy.includes(call.createdBy.id)) await giveBack(deps, call);
}

const busyLockOf = ({ cid, endsAt }: Call, clock: Clock) => ({ cid, claimedAt: clock(), expiresAt: endsAt });

/** A caller who placed the call out of another one is in that one again, where it still goes on. */
async function giveBack({ busyLocks, calls, clock }: AnnounceDeps, call: Call): Promise<void> {
  const { callerBusyIn: callerEngagedBy, createdBy } = call;
  const other = callerEngagedBy === undefined ? undefined : await calls.find(callerEngagedBy);
  if (other && keepsBusy(other, createdBy.id, clock())) await busyLocks.claim(createdBy.id, busyLockOf(other, clock));
}

async function tellMembers(deps: AnnounceDeps, { change: step, call, by }: Announcement): Promise<TraceEvent[]> {
  const { events } = step.effects;
  const changed = new Set(
    Object.keys(call.members).filter((userId) => memberOf(step.from, userId) !== memberOf(step.to, userId)),
  );
  const told = await Promise.all(
    [...new Set(events.flatMap(({ to }) => to))].map(async (userId) => {
      const mine = events.filter(({ to }) => to.includes(userId));
      const frames = mine.map((event) =>
        stateEventFrame(
          event,
          call,
          { userId },
          {
            at: deps.clock(),
            actor: actorOf(event, by),
            changed: newsOf(event, changed),
          },
        ),
      );
      const delivered = await sendToUser(deps)(userId, call, frames);
      return delivered.flatMap(({ connection, told: how }) =>
        mine.map(({ type }) => deliveryTrace(connection, how, { type }, deps.clock)),
      );
    }),
  );
  return told.flat();
}

/** Of many who are added at once each is told of themselves alone. */
const newsOf = ({ type, about, to }: StateEvent, changed: ReadonlySet<string>): ReadonlySet<string> =>
  type === 'call.member_added' && about !== undefined && to.length === 1 ? new Set([about]) : changed;

const actorOf = (event: StateEvent, by: Announcement['by']) =>
  event.by === undefined || !by ? undefined : actor(event.by, by.userId === event.by ? by.name : undefined);

const traced = ({ type, about, by, reason }: StateEvent, clock: Clock): TraceEvent => {
  const userId = about ?? by;
  return {
    at: clock(),
    event: type,
    ...(userId !== undefined && { userId }),
    ...(reason !== undefined && { details: { reason } }),
  };
};
