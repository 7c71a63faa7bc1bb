import { type Call, channelOf, isHosted, memberOf } from '#domain/call/call.ts';
import { endReasonOf } from '#domain/call/end-of-ring.ts';
import { iso } from '#domain/time.ts';
import { type CallActive, type CallEvent, type StateChanged, saysEnd } from '#ports/call-event.ts';
import type { Peer } from '#ports/peer-link.ts';
import type { SocketEvent } from '../packets.ts';

/** The dialect `sessions`: what becomes of hosted calls. It has no word for a call whose descriptions are relayed. */
export function encodeSessions(event: CallEvent, peer: Peer): readonly SocketEvent[] {
  switch (event.type) {
    case 'call.ring':
      return isHosted(event.call) ? invitation(event, peer) : [];
    case 'call.accepted':
      return isHosted(event.call) ? answered(event, peer) : [];
    case 'call.ended':
    case 'call.rejected':
    case 'call.cancelled':
    case 'call.missed':
      return isHosted(event.call) ? ended(event, peer) : [];
    case 'call.active':
      return isHosted(event.call) ? goesOn(event, peer) : [];
    case 'user.connected':
    case 'connection.replaced':
    case 'call.ringing':
    case 'call.unreachable':
    case 'call.member_added':
    case 'call.member_left':
    case 'signal':
      return [];
  }
}

function invitation({ at, call }: StateChanged, { userId }: Peer): readonly SocketEvent[] {
  const { ringExpiresAt = at, rungBy: { id, name } = call.createdBy } = memberOf(call, userId) ?? {};
  const said = {
    sessionId: call.id,
    channelName: channelOf(call),
    initiatorId: id,
    ...(name !== undefined && { initiatorName: name }),
    callType: call.video ? 'VIDEO' : 'AUDIO',
    expiresAt: iso(ringExpiresAt),
  };
  return [['call_invitation', said]];
}

/** Told to whoever rang, and to the callee's other phones: the one that answered knows. */
const answered = ({ call, about = '' }: StateChanged, peer: Peer): readonly SocketEvent[] =>
  answerBy(about, call, peer);

/** Who could not be told of the answer, or has only opened since, hears of it with the call that goes on. */
const goesOn = ({ call }: CallActive, peer: Peer): readonly SocketEvent[] =>
  Object.values(call.members).flatMap(({ userId, state }) =>
    state === 'accepted' ? answerBy(userId, call, peer) : [],
  );

const answerBy = (userId: string, call: Call, peer: Peer): readonly SocketEvent[] =>
  userId === peer.userId && isOnAnsweringPhone(call, peer) ? [] : [['call_answered', { sessionId: call.id, userId }]];

/** Whoever answered without saying by which phone may have done so by any: rather one too many is told than one rings on. */
function isOnAnsweringPhone(call: Call, { id, userId, hardwareId }: Peer): boolean {
  const handset = memberOf(call, userId)?.handset;
  if (handset?.hardwareId !== undefined) return handset.hardwareId === hardwareId;
  return handset?.connectionId === id;
}

/**
 * The end comes once: while a call goes on its own event follows whatever led to it, and whoever connects later hears only
 * of that. A callee who was busy never heard of the call.
 */
function ended(event: StateChanged, { userId }: Peer): readonly SocketEvent[] {
  const { type, call, reason } = event;
  if (!saysEnd(event) || memberOf(call, userId)?.state === 'busy') return [];
  return [['call_ended', { sessionId: call.id, reason: type === 'call.ended' ? reason : endReasonOf(call) }]];
}
