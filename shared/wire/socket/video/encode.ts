import { iso } from '#domain/time.ts';
import type { IceServer } from '#ports/ice-servers.ts';
import type { Notice } from '#ports/notice.ts';
import type { SocketEvent } from '../packets.ts';

/** The dialect `video`: what a phone hears, in its words. */
export function encodeVideo(notice: Notice): SocketEvent {
  const { call, other } = notice;
  switch (notice.type) {
    case 'ring':
      return [
        'incoming_call',
        {
          fromUserId: other.id,
          ...(other.name !== undefined && { fromName: other.name }),
          offer: { type: 'offer', sdp: notice.offer },
          callType: call.video ? 'video' : 'voice',
          callId: call.id,
          expiresAt: iso(notice.expiresAt),
        },
      ];
    case 'answer':
      return ['call_answered', { fromUserId: other.id, answer: { type: 'answer', sdp: notice.answer } }];
    case 'candidate':
      return ['ice_candidate', { candidate: candidateOf(notice.candidate), fromUserId: other.id }];
    case 'rejected':
      return ['call_rejected', { fromUserId: other.id, reason: notice.reason }];
    case 'over':
      return ['call_ended', { fromUserId: other.id, reason: notice.reason }];
    case 'unreachable':
      return ['error', { message: 'User is offline', code: 'unreachable' }];
  }
}

/** Clients of this dialect read three fields of a candidate, and know the end of candidates by null alone. */
const candidateOf = (candidate: Extract<Notice, { type: 'candidate' }>['candidate']) =>
  candidate === null || candidate['candidate'] === '' || candidate['candidate'] === null ? null : candidate;

/** The servers for a client's peer connection, as a list. */
export const iceConfig = (servers: readonly IceServer[]): SocketEvent => ['ice_config', servers];
