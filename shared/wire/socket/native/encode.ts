import type * as z from 'zod';
import { memberOf, type Person, splitCid } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { CallEvent, Connected, SignalRelayed, StateChanged } from '#ports/call-event.ts';
import { callInEvent, type Viewer } from '../../views.ts';
import type { events } from './events.ts';

/** An event as native clients get it. */
type Frame<Type extends keyof typeof events> = z.infer<(typeof events)[Type]>;

/** The native dialect: one frame of JSON an event, as the user of the connection may see it. */
export const encodeNative = (event: CallEvent, viewer: { readonly userId: string }): readonly string[] => [
  JSON.stringify(frameOf(event, viewer)),
];

function frameOf(event: CallEvent, viewer: { readonly userId: string }): object {
  switch (event.type) {
    case 'user.connected':
      return connectedFrame(event);
    case 'connection.replaced':
      return { type: event.type, created_at: iso(event.at) } satisfies Frame<'connection.replaced'>;
    case 'call.ring':
      return ringFrame(event, viewer.userId);
    case 'call.active':
      return {
        ...onCall(event.type, event.call.cid, event.at),
        resumable: event.resumable,
        ...callInEvent(event.call, viewer, event.changed),
      } satisfies Frame<'call.active'>;
    case 'call.ringing':
      return onCall(event.type, event.cid, event.at, event.by) satisfies Frame<'call.ringing'>;
    case 'call.unreachable':
      return {
        ...onCall(event.type, event.cid, event.at),
        user_id: event.userId,
        reason: event.reason,
      } satisfies Frame<'call.unreachable'>;
    case 'signal':
      return signalFrame(event);
    case 'call.accepted':
    case 'call.rejected':
    case 'call.cancelled':
    case 'call.missed':
    case 'call.member_added':
    case 'call.member_left':
    case 'call.ended':
      return stateFrame(event, viewer);
  }
}

const onCall = <Type extends string>(type: Type, cid: string, at: EpochMs, user?: Person) => {
  const { type: call_type, id: call_id } = splitCid(cid);
  return { type, created_at: iso(at), call_cid: cid, call_id, call_type, ...(user && { user }) };
};

const connectedFrame = ({
  type,
  at,
  connectionId,
  user,
  iceServers,
  callToken,
}: Connected): Frame<'user.connected'> => ({
  type,
  created_at: iso(at),
  connection_id: connectionId,
  user: { ...user, online: true },
  ice_servers: iceServers,
  server_time: iso(at),
  ...(callToken !== undefined && { call_token: callToken }),
});

/** `call.ring`: this user's phone is to ring until `expires_at`. */
function ringFrame({ at, call }: StateChanged, userId: string): Frame<'call.ring'> {
  const { ringId = '', ringExpiresAt = at, rungBy = call.createdBy } = memberOf(call, userId) ?? {};
  return {
    ...onCall('call.ring', call.cid, at, rungBy),
    video: call.video,
    expires_at: iso(ringExpiresAt),
    ring_id: ringId,
    ...callInEvent(call, { userId }, new Set([rungBy.id, userId])),
  };
}

/** What a state event says besides the call. */
const SAYS = {
  'call.ring': () => ({}),
  'call.accepted': ({ about }: StateChanged) => ({ answered_by: { user_id: about } }),
  'call.rejected': ({ reason }: StateChanged) => ({ reason }),
  'call.cancelled': ({ reason }: StateChanged) => defined({ reason }),
  'call.missed': () => ({}),
  'call.member_added': ({ about }: StateChanged) => ({ user_id: about }),
  'call.member_left': ({ about }: StateChanged) => ({ user_id: about }),
  'call.ended': ({ reason }: StateChanged) => ({ reason }),
} satisfies Record<StateChanged['type'], (event: StateChanged) => object>;

const stateFrame = (event: StateChanged, viewer: Viewer): object => ({
  ...onCall(event.type, event.call.cid, event.at, event.by),
  ...SAYS[event.type](event),
  ...callInEvent(event.call, viewer, event.changed),
});

/** SDP or candidates, as they were sent. */
const signalFrame = ({ cid, signal }: SignalRelayed): object => ({
  ...onCall(signal.type, cid, signal.at, {
    id: signal.from,
    ...(signal.fromName !== undefined && { name: signal.fromName }),
  }),
  ...signal.body,
  ...(signal.seq !== undefined && { seq: signal.seq }),
  from_user_id: signal.from,
});
