import { type Call, memberOf } from '#domain/call.ts';
import type { Change } from '#domain/draft.ts';
import type { StateEvent } from '#domain/effects.ts';
import type { Clock } from '#domain/time.ts';
import type { EngagementStore } from '#ports/engagement-store.ts';
import type { Queue, RingJob } from '#ports/queues.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { actor, stateEventFrame } from '#wire/events.ts';
import { setEndTimer } from './end-timer.ts';
import { type TellDeps, tellUser, toldTrace } from './tell.ts';
import { type WatchDeps, watchForReturn } from './watch-for-return.ts';

export interface AnnounceDeps extends TellDeps, WatchDeps {
  readonly ringJobs: Queue<RingJob>;
  readonly engagements: EngagementStore;
  readonly traces: TraceStore;
}

/** What there is to say of a change besides the change itself. */
export interface Announcement {
  readonly change: Change;
  /** The call as it was written. */
  readonly call: Call;
  /** Who caused it, by id and name; absent where a timer did. */
  readonly by?: { readonly userId: string; readonly name?: string };
  /** Whether an offer waits for those who are rung now. */
  readonly offer?: boolean;
  /** What led to the change, for the trace. */
  readonly trace?: readonly TraceEvent[];
}

/** Lets the world hear of a change that has been written: phones, connections, timers and the trace, side by side. */
export const announce =
  (deps: AnnounceDeps) =>
  async (news: Announcement): Promise<void> => {
    const [told] = await Promise.all([
      tellMembers(deps, news),
      deps.ringJobs.send(ringJobs(news)),
      setTimers(deps, news),
      engage(deps, news),
    ]);
    await deps.traces.write(news.call.cid, [
      ...(news.trace ?? []),
      ...news.change.effects.events.map((e) => traced(e, deps.clock)),
      ...told,
    ]);
  };

function ringJobs({ change: { effects }, call, offer = false }: Announcement): RingJob[] {
  const { cid } = call;
  return [
    ...effects.rings.map((userId) => ringJob(call, userId, offer)),
    ...effects.stops.map((stop): RingJob => ({ type: 'stop', cid, stop })),
    ...effects.notices.map((userId): RingJob => ({ type: 'notice', cid, userId })),
  ];
}

/** The job that rings a member by their latest ring. */
export const ringJob = (call: Call, userId: string, offer: boolean): RingJob => ({
  type: 'ring',
  cid: call.cid,
  userId,
  ringId: memberOf(call, userId)?.ringId ?? '',
  offer,
});

async function setTimers(deps: AnnounceDeps, { change: { from, effects }, call }: Announcement): Promise<void> {
  const { timers, clock } = deps;
  if (call.status === 'active' && from.status !== 'active') await setEndTimer(deps, call);
  const rung = effects.rings[0];
  const at = rung === undefined ? undefined : memberOf(call, rung)?.ringExpiresAt;
  if (at !== undefined) await timers.send([{ type: 'deadline', cid: call.cid, at }], at - clock());
}

async function engage(
  { engagements, clock }: AnnounceDeps,
  { change: { effects }, call }: Announcement,
): Promise<void> {
  const engagement = { cid: call.cid, claimedAt: clock(), expiresAt: call.endsAt };
  await Promise.all([
    ...effects.engaged.map((userId) => engagements.take(userId, engagement)),
    ...effects.released.map((userId) => engagements.release(userId, call.cid)),
  ]);
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
      const delivered = await tellUser(deps)(userId, call.cid, frames);
      if (delivered.some(({ told }) => told === 'gone')) await watchForReturn(deps, call, userId);
      return delivered.flatMap(({ connection, told: how }) =>
        mine.map(({ type }) => toldTrace(connection, how, { type }, deps.clock)),
      );
    }),
  );
  return told.flat();
}

/** Of many who are added at once each has an event of their own: it carries them alone. */
const newsOf = ({ type, about }: StateEvent, changed: ReadonlySet<string>): ReadonlySet<string> =>
  type === 'call.member_added' && about !== undefined ? new Set([about]) : changed;

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
