import * as z from 'zod';
import { answer, offer, optional, optionalOr, userId } from '../../fields.ts';
import { callMedia, type PairCommand, pairCandidate } from '../pair-command.ts';

/** The events that clients of the dialect `calls` send, and what they mean. */
export const callsCommands = {
  callUser: z
    .object({ to: userId, signalData: offer(), callType: optionalOr(callMedia, 'voice') })
    .transform(({ to, signalData: { sdp }, callType }): PairCommand => {
      return { type: 'ring', to, offer: { sdp }, video: callType === 'video' };
    }),
  answerCall: z
    .object({ to: userId, signalData: answer() })
    .transform(({ to, signalData: { sdp } }): PairCommand => ({ type: 'answer', to, answer: { sdp } })),
  rejectCall: z.object({ to: userId }).transform(({ to }): PairCommand => ({ type: 'reject', to })),
  endCall: optionalOr(z.object({ to: optional(userId) }), {}).transform(({ to }): PairCommand => ({ type: 'end', to })),
  iceCandidate: z
    .object({ to: userId, candidate: pairCandidate })
    .transform(({ to, candidate: body }): PairCommand => ({ type: 'candidate', to, body })),
};
