import * as z from 'zod';
import { answer, offer, optional, optionalOr, userId } from '../../fields.ts';
import { callMedia, type PairCommand, pairCandidate } from '../pair-command.ts';

/** The login of this dialect: its one argument is the user's id. */
export const join = userId;

/** The events that clients of the dialect `video` send once they have joined, and what they mean. */
export const videoCommands = {
  call_user: z
    .object({ toUserId: userId, offer: offer(), callType: optionalOr(callMedia, 'video') })
    .transform(({ toUserId: to, offer: { sdp }, callType }): PairCommand => {
      return { type: 'ring', to, offer: { sdp }, video: callType === 'video' };
    }),
  answer_call: z
    .object({ toUserId: userId, answer: answer() })
    .transform(({ toUserId: to, answer: { sdp } }): PairCommand => ({ type: 'answer', to, answer: { sdp } })),
  reject_call: z.object({ toUserId: userId }).transform(({ toUserId: to }): PairCommand => ({ type: 'reject', to })),
  end_call: optionalOr(z.object({ toUserId: optional(userId) }), {}).transform(
    ({ toUserId: to }): PairCommand => ({ type: 'end', to }),
  ),
  ice_candidate: z
    .object({ toUserId: userId, candidate: pairCandidate })
    .transform(({ toUserId: to, candidate: body }): PairCommand => ({ type: 'candidate', to, body })),
};
