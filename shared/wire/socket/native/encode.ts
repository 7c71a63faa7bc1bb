import type * as z from 'zod';
import { type Call, memberOf, type Person, splitCid } from '#domain/call/call.ts';
import type { StateEvent } from '#domain/call/effects.ts';
import { defined } from '#domain/defined.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { Signal } from '#ports/mailbox.ts';
import { callInEvent, type Viewer } from '../../views.ts';
import type { events } from './events.ts';

/** An event as clients get it. */
type EventOf<Type extends keyof typeof events> = z.infer<(typeof events)[Type]>;

const onCall = <Type extends string>(type: Type, cid: string, at: EpochMs, user?: Person) => {
  const { type: call_type, id: call_id } = splitCid(cid);
  return { type, created_at: iso(at), call_cid: cid, call_id, call_type, ...defined({ user }) };
};

/** What an event of each type adds to the call. */
const SAYS = {
  'call.ring': () => ({}),
  'call.accepted': ({ about }: StateEvent) => ({ answered_by: { user_id: about } }),
  'call.rejected': ({ reason }: StateEvent) => ({ reason }),
  'call.cancelled': () => ({}),
  'call.missed': () => ({}),
  'call.member_added': ({ about }: StateEvent) => ({ user_id: about }),
  'call.member_left': ({ about }: StateEvent) => ({ user_id: about }),
  'call.ended': ({ reason }: StateEvent) => ({ reason }),
} satisfies Record<StateEvent['type'], (event: StateEvent) => object>;

/** A state event as `viewer` gets it. `changed` holds the members that it is about. */
export const stateEventFrame = (
  event: Omit<StateEvent, 'to'>,
  call: Call,
  viewer: Viewer,
  { at, actor, changed }: { at: EpochMs; actor?: Person | undefined; changed: ReadonlySet<string> },
): object => ({
  ...onCall(event.type, call.cid, at, actor),
  ...SAYS[event.type]({ ...event, to: [] }),
  ...callInEvent(call, viewer, changed),
});

/** `call.ring`: this user's phone should ring until `expires_at`. */
export function ringFrame(call: Call, userId: string, at: EpochMs): EventOf<'call.ring'> {
  const { ringId = '', ringExpiresAt = at, rungBy = call.createdBy } = memberOf(call, userId) ?? {};
  return {
    ...onCall('call.ring', call.cid, at, rungBy),
    video: call.video,
    expires_at: iso(ringExpiresAt),
    ring_id: ringId,
    ...callInEvent(call, { userId }, new Set([call.createdBy.id, userId])),
  };
}

/** `call.ringing`: a phone of `user` is ringing. */
export const ringingFrame = (cid: string, at: EpochMs, user: Person): EventOf<'call.ringing'> =>
  onCall('call.ringing', cid, at, user);

/** Why no phone of a callee can ring. */
export type UnreachableReason = EventOf<'call.unreachable'>['reason'];

/** `call.unreachable`: no phone of this callee can ring at the moment. */
export const unreachableFrame = (
  cid: string,
  at: EpochMs,
  userId: string,
  reason: UnreachableReason,
): EventOf<'call.unreachable'> => ({
  ...onCall('call.unreachable', cid, at),
  user_id: userId,
  reason,
});

/** SDP or candidates, as they were sent. */
export const signalFrame = (cid: string, signal: Signal): object => ({
  ...onCall(signal.type, cid, signal.at, actor(signal.from, signal.fromName)),
  ...signal.body,
  ...defined({ seq: signal.seq }),
  from_user_id: signal.from,
});

/** Who did something: their id, and their name if it is known. */
export const actor = (id: string, name?: string): Person => ({ id, ...defined({ name }) });
