import * as z from 'zod';
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
  'call.ring': z.object({
    call_type: optionalOr(callType, 'default'),
    call_id: callId,
    members: optional(members),
    video: optional(z.boolean()),
    custom: optional(custom),
    settings_override: optional(settingsOverride),
    offer: optional(offer),
  }),
  'call.accept': onCall.extend({ answer: optional(answer), ring_id: optional(ringId) }),
  'call.reject': onCall.extend({ reason: optionalRejectReason, ring_id: optional(ringId) }),
  'call.cancel': onCall,
  'call.leave': onCall,
  'call.end': onCall,
  'call.ringing': onCall,
  'call.resume': onCall,
} as const;

const target = { target_user_id: optional(userId), seq: optional(seq) };

/** The frames of the signal function, by `type`. */
export const signalFrames = {
  'sdp.offer': onCall.extend({ sdp, ...target }),
  'sdp.answer': onCall.extend({ sdp, ...target }),
  'ice.candidate': ice.safeExtend({ ...onCall.shape, ...target }),
} as const;

/** `/ws?hardware_id=&session_id=` */
export const connectQuery = z.object({
  hardware_id: optionalParameter(hardwareId),
  session_id: optionalParameter(sessionId),
});
