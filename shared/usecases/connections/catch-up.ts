import { type Call, connectionsOf, isIn, isRinging, type Member, memberOf } from '#domain/call/call.ts';
import { endReasonOf } from '#domain/call/end-of-ring.ts';
import { asOf } from '#domain/call/expire.ts';
import { isHeardRinging, knowsOf } from '#domain/call/unheard.ts';
import { defined } from '#domain/defined.ts';
import { type EpochMs, later } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { CallStore } from '#ports/call-store.ts';
import { isLost, isUnsure } from '#ports/peer-link.ts';
import { type Connection, cidsOf, hears, MAX_RECENT, type PresenceStore, RECENT_MS } from '#ports/presence-store.ts';
import type { CatchUpJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { setCatchUp } from '../timers/timers.ts';
import { type EventsOfDeps, eventsOf, type Waiting, waitingOf } from './hello-events.ts';
import { deliveryTrace, postToConnection, type SendToUserDeps, sendToConnections } from './send-to-user.ts';

export interface CatchUpDeps extends SendToUserDeps, EventsOfDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly traces: TraceStore;
}

/**
 * Tells a connection that could not be posted to where a call stands now, much as one that opens is told: what it missed may
 * be out of date. It gets signals again that it may have had. If the call is over, its phone is told of what else rings: it
 * may not have been before.
 */
export const catchUp = (deps: CatchUpDeps) => {
  const post = postToConnection(deps);
  const ring = ringByOthers(deps);
  return async (job: CatchUpJob): Promise<void> => {
    const { cid, userId, connectionId, attempt } = job;
    const { calls, presence, traces, clock } = deps;
    const [stored, connections] = await Promise.all([calls.find(cid), presence.connections(userId)]);
    const connection = connections.find(({ id }) => id === connectionId);
    const call = stored && asOf(stored, clock());
    const member = call && memberOf(call, userId);
    if (!connection || !call || !member || !hears(connection, cid) || !knowsOf(call, userId)) return;
    const waiting = waitingFor(call, member, connection, connections);
    const events = await missedEvents(deps, member, waiting);
    const delivery = await post(connection, events);
    if (isUnsure(delivery)) await setCatchUp(deps, { cid, userId, connectionId, attempt: attempt + 1 });
    if (!isLost(delivery) && isOver(waiting, member, clock())) await ring(connection, connections);
    const at = clock();
    await traces.write(
      cid,
      events.flatMap(({ type }) => (type === 'signal' ? [] : deliveryTrace({ connection, delivery, at, type }))),
    );
  };
};

/** What the call is to a connection of a member, who has all of `connections`. */
function waitingFor(call: Call, member: Member, on: Connection, connections: readonly Connection[]): Waiting {
  const hearing = connections.filter((one) => hears(one, call.cid));
  return waitingOf(call, member, on, isIn(member) ? connectionsOf(member, hearing) : []);
}

/** Whether the call is over for a connection: it has ended, or its user has answered by another handset or is not in it any more. */
const isOver = ({ call, isHandset }: Waiting, member: Member, now: EpochMs): boolean =>
  call.status === 'ended' || !(isHandset || isRinging(member, now));

/** What a connection that was open has missed of a call, whatever else its user does. */
async function missedEvents(deps: CatchUpDeps, { userId }: Member, waiting: Waiting): Promise<CallEvent[]> {
  const { call } = waiting;
  const events = await eventsOf(deps, { userId }, waiting, false);
  if (call.status !== 'ended' || events.some(({ type }) => type === 'call.ended')) return events;
  const reason = endReasonOf(call);
  return [...events, { type: 'call.ended', reason, at: deps.clock(), call, changed: new Set([userId]) }];
}

/** Tells a phone of all calls that ring its user, over each of `connections` that is one of it. */
const ringByOthers = (deps: CatchUpDeps) => {
  const send = sendToConnections(deps);
  return async ({ id, userId, hardwareId }: Connection, connections: readonly Connection[]): Promise<void> => {
    const { presence, calls, traces, clock } = deps;
    const isOfPhone = (on: Connection): boolean =>
      on.id === id || (hardwareId !== undefined && on.hardwareId === hardwareId);
    const phone = connections.filter(isOfPhone);
    const pending = await presence.pending(userId, later(clock(), -RECENT_MS));
    for (const call of await calls.findAll(cidsOf(pending, MAX_RECENT))) {
      const member = memberOf(call, userId);
      if (!member || !isHeardRinging(member, clock())) continue;
      const events = await eventsOf(deps, member, { call, isHandset: false, isResumable: false }, false);
      const sent = await send(
        { userId, call, events },
        phone.filter((on) => hears(on, call.cid)),
      );
      const about = { at: clock(), type: 'call.ring', ...defined({ ring_id: member.ringId }) };
      await traces.write(
        call.cid,
        sent.flatMap((one) => deliveryTrace({ ...one, ...about })),
      );
    }
  };
};
