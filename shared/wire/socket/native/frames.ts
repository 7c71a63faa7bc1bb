import * as z from 'zod';
import { once } from '#domain/once.ts';
import {
  answer,
  callCid,
  callId,
  callType,
  custom,
  hardwareId,
  ice,
  members,
  offer,
  optional,
  optionalOr,
  optionalParameter,
  optionalRejectReason,
  ringId,
  sdp,
  seq,
  sessionId,
  settingsOverride,
  userId,
} from '../../fields.ts';

/** The id that the answer to a command repeats. */
export const frameId = z.union([z.string().max(128), z.number()]);

/** The fields of every frame that a client sends. */
export const envelope = z.object({ type: z.string(), id: optional(frameId) });

const onCall = z.object({ call_cid: callCid });

/** The frames of the command function, by `type`. */
export const commandFrames = {
  'call.ring': once(() =>
    z.object({
      call_type: optionalOr(callType, 'default'),
      call_id: callId,
      members: optional(members()),
      video: optional(z.boolean()),
      custom: optional(custom()),
      settings_override: optional(settingsOverride()),
      offer: optional(offer()),
    }),
  ),
  'call.accept': once(() => onCall.extend({ answer: optional(answer()), ring_id: optional(ringId) })),
  'call.reject': once(() => onCall.extend({ reason: optionalRejectReason(), ring_id: optional(ringId) })),
  'call.cancel': once(() => onCall),
  'call.leave': once(() => onCall),
  'call.end': once(() => onCall),
  'call.ringing': once(() => onCall),
  'call.resume': once(() => onCall),
} as const;

const target = { target_user_id: optional(userId), seq: optional(seq) };

/** The frames of the signal function, by `type`. */
export const signalFrames = {
  'sdp.offer': once(() => onCall.extend({ sdp, ...target })),
  'sdp.answer': once(() => onCall.extend({ sdp, ...target })),
  'ice.candidate': once(() => ice().safeExtend({ ...onCall.shape, ...target })),
} as const;

/** `/ws?hardware_id=&session_id=` */
export const connectQuery = z.object({
  hardware_id: optionalParameter(hardwareId),
  session_id: optionalParameter(sessionId),
});
