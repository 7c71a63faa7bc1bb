import * as z from 'zod';
import { REJECT_REASONS } from '#domain/call/call.ts';
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
  sdp,
  seq,
  settingsOverride,
  userId,
} from '../../fields.ts';

/** The id that the answer to a command repeats. */
export const frameId = z.union([z.string().max(128), z.number()]);

/** The fields of every frame that a client sends. */
export const envelope = z.object({ type: z.string(), id: frameId.optional() });

const onCall = z.object({ call_cid: callCid });

/** The frames of the command function, by `type`. */
export const commandFrames = {
  'call.ring': z.object({
    call_type: callType.default('default'),
    call_id: callId,
    members: members.optional(),
    video: z.boolean().optional(),
    custom: custom.optional(),
    settings_override: settingsOverride.optional(),
    offer: offer.optional(),
  }),
  'call.accept': onCall.extend({ answer: answer.optional() }),
  'call.reject': onCall.extend({ reason: z.enum(REJECT_REASONS).default('decline') }),
  'call.cancel': onCall,
  'call.leave': onCall,
  'call.end': onCall,
  'call.ringing': onCall,
} as const;

const target = { target_user_id: userId.optional(), seq: seq.optional() };

/** The frames of the signal function, by `type`. */
export const signalFrames = {
  'sdp.offer': onCall.extend({ sdp, ...target }),
  'sdp.answer': onCall.extend({ sdp, ...target }),
  'ice.candidate': ice.safeExtend({ ...onCall.shape, ...target }),
} as const;

/** `/ws?hardware_id=` */
export const connectQuery = z.object({ hardware_id: hardwareId.optional() });
