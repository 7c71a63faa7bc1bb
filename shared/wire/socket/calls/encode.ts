import { iso } from '#domain/time.ts';
import type { Notice } from '#ports/notice.ts';
import type { SocketEvent } from '../packets.ts';

/** The dialect `calls`: what a phone hears, in its words. */
export function encodeCalls(notice: Notice): SocketEvent {
  const { call, other } = notice;
  switch (notice.type) {
    case 'ring':
      return [
        'incomingCall',
        {
          from: other.id,
          signalData: { type: 'offer', sdp: notice.offer },
          callType: call.video ? 'video' : 'voice',
          callId: call.id,
          ...(other.name !== undefined && { fromName: other.name }),
          expiresAt: iso(notice.expiresAt),
        },
      ];
    case 'answer':
      return ['callAccepted', { type: 'answer', sdp: notice.answer }];
    case 'candidate':
      return ['iceCandidate', { from: other.id, candidate: notice.candidate }];
    case 'rejected':
      return ['callRejected'];
    case 'over':
      return ['callEnded'];
    case 'unreachable':
      return ['error', { message: 'User is offline', code: 'unreachable' }];
  }
}
